// Damage to the members of an archive: what is missing, what is there twice, what lies.

#include <algorithm>
#include <utility>

#include "generator/archives/entries.h"
#include "generator/error.h"
#include "generator/faults/parts.h"
#include "generator/faults/rows.h"

namespace watertight::generator {
namespace {

void Erase(Archive& archive, const std::string& name) {
  MemberOf(archive, name);  // it is there
  std::erase_if(archive.entries, [&](const TarEntry& entry) { return entry.name == name; });
}

void WithoutConfig(const FaultInput&, Archive& archive) {
  Erase(archive, archive.images.at(0).config_path);
}

void WithoutLayer(const FaultInput&, Archive& archive) { Erase(archive, TopLayerOf(archive).name); }

void WithoutManifest(const FaultInput&, Archive& archive) {
  Erase(archive, ManifestOf(archive).name);
}

void WithoutIndex(const FaultInput&, Archive& archive) { Erase(archive, "index.json"); }

void WithoutDocuments(const FaultInput&, Archive& archive) {
  Erase(archive, "manifest.json");
  std::erase_if(archive.entries, [](const TarEntry& entry) { return entry.name == "index.json"; });
}

void Repeat(Archive& archive, TarEntry entry) { archive.entries.push_back(std::move(entry)); }

// The second has other tags, so which one counts is seen.
void TwoManifests(const FaultInput&, Archive& archive) {
  TarEntry second = MemberOf(archive, "manifest.json");
  Json document = ParseJson(second.content.ToString(), "manifest.json");
  std::vector<Json> images = document.items();
  images.at(0).Set("RepoTags", StringList({"other:second"}));
  second.content = Rope(Write(Json::Array(std::move(images)), kGoCompact));
  Repeat(archive, std::move(second));
}

void TwoLayers(const FaultInput&, Archive& archive) { Repeat(archive, TopLayerOf(archive)); }

TarEntry Intruder(const Archive& archive, std::string name) {
  TarEntry entry = archive.entries.back();
  entry.name = std::move(name);
  entry.content = Rope("* * * * * root true\n");
  return entry;
}

void EscapingMember(const FaultInput&, Archive& archive) {
  Repeat(archive, Intruder(archive, "../../etc/cron.d/x"));
}

void AbsoluteMember(const FaultInput&, Archive& archive) {
  Repeat(archive, Intruder(archive, "/etc/cron.d/x"));
}

void BecomeLink(TarEntry& entry, const std::string& target) {
  entry.type = '2';
  entry.link = target;
  entry.content = Rope();
}

void LayerLeadsOut(const FaultInput&, Archive& archive) {
  BecomeLink(TopLayerOf(archive), "../../../../../../etc/passwd");
}

void LayerLoops(const FaultInput&, Archive& archive) {
  TarEntry& layer = TopLayerOf(archive);
  BecomeLink(layer, layer.name.substr(layer.name.rfind('/') + 1));
}

void LayerIsDirectory(const FaultInput&, Archive& archive) {
  TarEntry& layer = TopLayerOf(archive);
  layer.type = '5';
  layer.content = Rope();
}

void WrongChecksum(const FaultInput&, Archive& archive) {
  constexpr std::size_t kChecksum = 148;
  TopLayerOf(archive).patches.push_back({kChecksum, "0000000"});
}

// The reader takes the next header for content.
void SizeTooLarge(const FaultInput& input, Archive& archive) {
  TarEntry& layer = TopLayerOf(archive);
  layer.claimed_size = layer.content.size() + input.Number("bytes");
}

// The reader takes content for the next header.
void SizeTooSmall(const FaultInput&, Archive& archive) {
  TarEntry& layer = TopLayerOf(archive);
  layer.claimed_size = 512;
}

}  // namespace

std::vector<Fault> MemberFaults() {
  return {
      {.name = "member-config-missing",
       .about = "the configuration is not there",
       .verdict = Verdict::kRefused,
       .archive = WithoutConfig},
      {.name = "member-layer-missing",
       .about = "the uppermost layer is not there",
       .verdict = Verdict::kRefused,
       .archive = WithoutLayer},
      {.name = "member-manifest-missing",
       .about = "the OCI manifest is not there",
       .verdict = Verdict::kRefused,
       .archive = WithoutManifest},
      {.name = "member-index-missing",
       .about = "index.json is not there",
       .verdict = Verdict::kRefused,
       .archive = WithoutIndex},
      {.name = "member-documents-missing",
       .about = "neither manifest.json nor index.json is there",
       .verdict = Verdict::kRefused,
       .archive = WithoutDocuments},
      {.name = "member-manifest-json-twice",
       .about = "manifest.json stands there twice, with other tags",
       .verdict = Verdict::kNoted,
       .notes = {"duplicate-member"},
       .archive = TwoManifests},
      {.name = "member-layer-twice",
       .about = "a layer stands there twice, with the same bytes",
       .verdict = Verdict::kNoted,
       .notes = {"duplicate-member"},
       .archive = TwoLayers},
      {.name = "member-name-escapes",
       .about = "a member is called ../../etc/cron.d/x",
       .verdict = Verdict::kNoted,
       .notes = {"ambiguous-path"},
       .archive = EscapingMember},
      {.name = "member-name-absolute",
       .about = "a member is called /etc/cron.d/x; all readers cut the slash",
       .verdict = Verdict::kUnseen,
       .archive = AbsoluteMember},
      {.name = "member-layer-leads-out",
       .about = "a layer is a symbolic link that leads out of the archive",
       .verdict = Verdict::kRefused,
       .archive = LayerLeadsOut},
      {.name = "member-layer-loops",
       .about = "a layer is a symbolic link to itself",
       .verdict = Verdict::kRefused,
       .archive = LayerLoops},
      {.name = "member-layer-directory",
       .about = "a layer is a directory",
       .verdict = Verdict::kRefused,
       .archive = LayerIsDirectory},
      {.name = "member-checksum-wrong",
       .about = "the checksum of a member's header is wrong",
       .verdict = Verdict::kRefused,
       .archive = WrongChecksum},
      {.name = "member-size-too-large",
       .about = "a member's header claims more bytes than there are",
       .verdict = Verdict::kRefused,
       .parameters = {{"bytes", "that are claimed beyond", 512, 1000000, 1000000}},
       .archive = SizeTooLarge},
      {.name = "member-size-too-small",
       .about = "a member's header claims fewer bytes than there are",
       .verdict = Verdict::kRefused,
       .archive = SizeTooSmall},
  };
}

}  // namespace watertight::generator
