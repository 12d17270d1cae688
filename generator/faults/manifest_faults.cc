// Damage to the documents that lead to an image: manifest.json, index.json, manifests, and those
// that nobody needs.

#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/oci_documents.h"
#include "generator/archives/sha256.h"
#include "generator/error.h"
#include "generator/faults/parts.h"
#include "generator/faults/rows.h"
#include "generator/faults/texts.h"

namespace watertight::generator {
namespace {

constexpr const char* kZeroDigest =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";

constexpr char kManifestJson[] = "manifest.json";
constexpr char kIndexJson[] = "index.json";
constexpr char kLayout[] = "oci-layout";
constexpr char kRepositories[] = "repositories";

template <const char* kName, DamageText kDamage>
void Damage(const FaultInput& input, Archive& archive) {
  Rewrite(archive, kName, kDamage(input, MemberOf(archive, kName).content.ToString()));
}

using ChangeJson = void (*)(Json& document);

template <const char* kName, ChangeJson kChange>
void Change(const FaultInput& /*input*/, Archive& archive) {
  RewriteJson(archive, kName, kChange);
}

template <DamageText kDamage>
void DamageManifest(const FaultInput& input, Archive& archive) {
  const TarEntry manifest = ManifestOf(archive);
  Rewrite(archive, manifest.name, kDamage(input, manifest.content.ToString()));
}

template <ChangeJson kChange>
void ChangeManifest(const FaultInput& /*input*/, Archive& archive) {
  RewriteJson(archive, std::string(ManifestOf(archive).name), kChange);
}

// The first item of a list that is a member, or of the document.
void SetInFirst(Json& list, const char* key, Json value) {
  std::vector<Json> items = list.items();
  items.at(0).Set(key, std::move(value));
  list = Json::Array(std::move(items));
}

Json MemberOrFail(const Json& document, const char* key) {
  const Json* const member = document.Find(key);
  if (member == nullptr) throw Error(std::string("the document has no ") + key);
  return *member;
}

std::string Empty(const FaultInput& /*input*/, const std::string& /*text*/) { return "[]"; }

std::string ConfigKeyTwice(const FaultInput& /*input*/, const std::string& text) {
  return WithMember(text, R"("Config":"config.json")");
}

void LayersAreText(Json& document) { SetInFirst(document, "Layers", "layer.tar"); }

void ConfigNowhere(Json& document) { SetInFirst(document, "Config", "none.json"); }

void ConfigLeadsOut(Json& document) { SetInFirst(document, "Config", "../../../etc/passwd"); }

void LayersShort(Json& document) {
  std::vector<Json> layers = document.items().at(0).Find("Layers")->items();
  layers.pop_back();
  SetInFirst(document, "Layers", Json::Array(std::move(layers)));
}

void LayerNowhere(Json& document) {
  std::vector<Json> layers = document.items().at(0).Find("Layers")->items();
  layers.back() = "none/layer.tar";
  SetInFirst(document, "Layers", Json::Array(std::move(layers)));
}

void NoManifests(Json& document) { document.Set("manifests", Json::Array()); }

void SetInFirstManifest(Json& document, const char* key, Json value) {
  Json manifests = MemberOrFail(document, "manifests");
  SetInFirst(manifests, key, std::move(value));
  document.Set("manifests", std::move(manifests));
}

void ManifestSizeWrong(Json& document) { SetInFirstManifest(document, "size", 7); }

void ManifestNowhere(Json& document) { SetInFirstManifest(document, "digest", kZeroDigest); }

void OtherPlatformAbsent(Json& document) {
  Json manifests = MemberOrFail(document, "manifests");
  Json other = Descriptor("application/vnd.oci.image.manifest.v1+json", kZeroDigest, 500);
  other.Set("platform", Json::Object({{"architecture", "s390x"}, {"os", "linux"}}));
  document.Set("manifests", manifests.Append(std::move(other)));
}

// A blob cannot state its own digest, so it has a wrong one: an index that leads to itself.
void Cycle(const FaultInput&, Archive& archive) {
  const Json itself = Descriptor(kIndexMediaType, kZeroDigest, 200);
  TarEntry blob = ManifestOf(archive);
  blob.name = BlobPath(kZeroDigest);
  blob.content = Rope(Write(IndexJson({itself}), kGoCompact));
  archive.entries.push_back(std::move(blob));
  Rewrite(archive, kIndexJson, Write(IndexJson({itself}), kGoCompact));
}

void SetInTopLayer(Json& document, const char* key, Json value) {
  std::vector<Json> layers = MemberOrFail(document, "layers").items();
  layers.back().Set(key, std::move(value));
  document.Set("layers", Json::Array(std::move(layers)));
}

void TopLayerNowhere(Json& document) { SetInTopLayer(document, "digest", kZeroDigest); }

void TopLayerSizeWrong(Json& document) { SetInTopLayer(document, "size", 7); }

void TopLayerOfOtherType(Json& document) {
  SetInTopLayer(document, "mediaType", "application/vnd.oci.image.layer.v1.tar+zstd");
}

void ManifestLayersShort(Json& document) {
  std::vector<Json> layers = MemberOrFail(document, "layers").items();
  layers.pop_back();
  document.Set("layers", Json::Array(std::move(layers)));
}

void ConfigSizeWrong(Json& document) {
  Json config = MemberOrFail(document, "config");
  config.Set("size", 7);
  document.Set("config", std::move(config));
}

void ConfigIsText(Json& document) { document.Set("config", "config.json"); }

// The statement that an attestation's manifest names.
void WithoutStatement(const FaultInput&, Archive& archive) {
  const std::size_t erased = std::erase_if(archive.entries, [](const TarEntry& entry) {
    return entry.content.Part(0, 200).ToString().find("https://in-toto.io/Statement/") !=
           std::string::npos;
  });
  if (erased == 0) throw Error("the archive has no attestation");
}

void OtherLayoutVersion(Json& document) { document.Set("imageLayoutVersion", "9.9.9"); }

std::vector<Fault> OfManifestJson() {
  return {
      {.name = "manifest-json-invalid",
       .about = "manifest.json lacks its last bracket",
       .verdict = Verdict::kRefused,
       .archive = Damage<kManifestJson, CutShort>},
      {.name = "manifest-json-empty",
       .about = "manifest.json lists no image",
       .verdict = Verdict::kRefused,
       .archive = Damage<kManifestJson, Empty>},
      {.name = "manifest-json-deep",
       .about = "manifest.json is nested so deep that a parser that recurses ends",
       .verdict = Verdict::kRefused,
       .parameters = {kDepth},
       .archive = Damage<kManifestJson, NestedDeep>},
      {.name = "manifest-json-layers-text",
       .about = "Layers is a text instead of a list",
       .verdict = Verdict::kRefused,
       .archive = Change<kManifestJson, LayersAreText>},
      {.name = "manifest-json-config-nowhere",
       .about = "Config names what is not there",
       .verdict = Verdict::kRefused,
       .archive = Change<kManifestJson, ConfigNowhere>},
      {.name = "manifest-json-config-leads-out",
       .about = "Config names a file outside of the archive",
       .verdict = Verdict::kRefused,
       .archive = Change<kManifestJson, ConfigLeadsOut>},
      {.name = "manifest-json-layers-short",
       .about = "there is a layer less than there are diff_ids",
       .verdict = Verdict::kRefused,
       .archive = Change<kManifestJson, LayersShort>},
      {.name = "manifest-json-layer-nowhere",
       .about = "Layers names what is not there",
       .verdict = Verdict::kRefused,
       .archive = Change<kManifestJson, LayerNowhere>},
      {.name = "manifest-json-not-utf8",
       .about = "a text of manifest.json is Latin-1",
       .verdict = Verdict::kNoted,
       .notes = {"invalid-utf8-json"},
       .archive = Damage<kManifestJson, NotUtf8>},
      {.name = "manifest-json-key-twice",
       .about = "manifest.json has the key Config twice: readers differ in which one counts",
       .verdict = Verdict::kNoted,
       .notes = {"duplicate-json-key"},
       .archive = Damage<kManifestJson, ConfigKeyTwice>},
  };
}

std::vector<Fault> OfIndexes() {
  return {
      {.name = "index-invalid",
       .about = "index.json, which alone leads to the image, lacks its last brace",
       .verdict = Verdict::kRefused,
       .archive = Damage<kIndexJson, CutShort>},
      {.name = "index-beside-invalid",
       .about = "index.json lacks its last brace, while manifest.json leads to the image too",
       .verdict = Verdict::kNoted,
       .notes = {"unreadable-document"},
       .archive = Damage<kIndexJson, CutShort>},
      {.name = "index-empty",
       .about = "index.json lists no manifest",
       .verdict = Verdict::kRefused,
       .archive = Change<kIndexJson, NoManifests>},
      {.name = "index-manifest-nowhere",
       .about = "index.json names a manifest that is not there, and no other",
       .verdict = Verdict::kRefused,
       .archive = Change<kIndexJson, ManifestNowhere>},
      {.name = "index-manifest-size-wrong",
       .about = "index.json states another size than the manifest has",
       .verdict = Verdict::kRefused,
       .archive = Change<kIndexJson, ManifestSizeWrong>},
      {.name = "index-other-platform-absent",
       .about = "index.json also names another platform's manifest, which is not there",
       .verdict = Verdict::kNoted,
       .notes = {"absent-manifest"},
       .archive = Change<kIndexJson, OtherPlatformAbsent>},
      {.name = "index-cyclic",
       .about = "an index leads to itself, by a digest that is not its own",
       .verdict = Verdict::kRefused,
       .archive = Cycle},
  };
}

std::vector<Fault> OfManifests() {
  return {
      {.name = "manifest-invalid-json",
       .about = "the OCI manifest lacks its last brace",
       .verdict = Verdict::kRefused,
       .archive = DamageManifest<CutShort>},
      {.name = "manifest-config-text",
       .about = "config is a text instead of a descriptor",
       .verdict = Verdict::kRefused,
       .archive = ChangeManifest<ConfigIsText>},
      {.name = "manifest-config-size-wrong",
       .about = "the manifest states another size than the configuration has",
       .verdict = Verdict::kRefused,
       .archive = ChangeManifest<ConfigSizeWrong>},
      {.name = "manifest-layer-nowhere",
       .about = "the manifest names a layer that is not there",
       .verdict = Verdict::kRefused,
       .archive = ChangeManifest<TopLayerNowhere>},
      {.name = "manifest-layer-size-wrong",
       .about = "the manifest states another size than the layer has",
       .verdict = Verdict::kRefused,
       .archive = ChangeManifest<TopLayerSizeWrong>},
      {.name = "manifest-layers-short",
       .about = "the manifest has a layer less than there are diff_ids",
       .verdict = Verdict::kRefused,
       .archive = ChangeManifest<ManifestLayersShort>},
      {.name = "manifest-layer-type-wrong",
       .about = "the manifest calls a layer zstd that is gzip; the layer's first bytes tell",
       .verdict = Verdict::kUnseen,
       .archive = ChangeManifest<TopLayerOfOtherType>},
      {.name = "attestation-missing",
       .about = "a manifest names an attestation that is not there",
       .verdict = Verdict::kNoted,
       .notes = {"missing-attestation"},
       .archive = WithoutStatement},
  };
}

std::vector<Fault> OfOthers() {
  return {
      {.name = "layout-version-unknown",
       .about = "oci-layout states a version that does not exist yet",
       .verdict = Verdict::kUnseen,
       .archive = Change<kLayout, OtherLayoutVersion>},
      {.name = "repositories-invalid",
       .about = "repositories lacks its last brace; nobody reads it",
       .verdict = Verdict::kUnseen,
       .archive = Damage<kRepositories, CutShort>},
  };
}

}  // namespace

std::vector<Fault> ManifestFaults() {
  std::vector<Fault> all;
  for (const auto& rows : {OfManifestJson(), OfIndexes(), OfManifests(), OfOthers()}) {
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace watertight::generator
