// Damage to an image's configuration. All that refers to it states what it is now, so nothing but
// the document itself is wrong.

#include <utility>

#include "generator/archives/entries.h"
#include "generator/faults/parts.h"
#include "generator/faults/rows.h"
#include "generator/faults/texts.h"

namespace watertight::generator {
namespace {

template <DamageText kDamage>
void Damage(const FaultInput& input, Archive& archive) {
  const std::string path = archive.images.at(0).config_path;
  Rewrite(archive, path, kDamage(input, MemberOf(archive, path).content.ToString()));
}

using ChangeJson = void (*)(Json& document);

template <ChangeJson kChange>
void Change(const FaultInput& /*input*/, Archive& archive) {
  RewriteJson(archive, std::string(archive.images.at(0).config_path), kChange);
}

std::string ConfigTwice(const FaultInput& /*input*/, const std::string& text) {
  return WithMember(text, R"("config":{"User":"nobody"})");
}

std::string OnlyList(const FaultInput& /*input*/, const std::string& /*text*/) { return "[]"; }

void HistoryIsNumber(Json& document) { document.Set("history", 5); }

void EnvIsObject(Json& document) {
  Json config = *document.Find("config");
  config.Set("Env", Json::Object({{"PATH", "/bin"}}));
  document.Set("config", std::move(config));
}

void WithoutRootfs(Json& document) { document.Remove("rootfs"); }

constexpr const char* kZeroDigest =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";

void SetDiffIds(Json& document, std::vector<Json> ids) {
  Json rootfs = *document.Find("rootfs");
  rootfs.Set("diff_ids", Json::Array(std::move(ids)));
  document.Set("rootfs", std::move(rootfs));
}

std::vector<Json> DiffIds(const Json& document) {
  return document.Find("rootfs")->Find("diff_ids")->items();
}

void DiffIdsShort(Json& document) {
  std::vector<Json> ids = DiffIds(document);
  ids.pop_back();
  SetDiffIds(document, std::move(ids));
}

void DiffIdsLong(Json& document) {
  std::vector<Json> ids = DiffIds(document);
  ids.emplace_back(kZeroDigest);
  SetDiffIds(document, std::move(ids));
}

void DiffIdWrong(Json& document) {
  std::vector<Json> ids = DiffIds(document);
  ids.back() = kZeroDigest;
  SetDiffIds(document, std::move(ids));
}

void HistoryAbsent(Json& document) { document.Remove("history"); }

Json StepsOf(const Json& document) { return *document.Find("history"); }

void HistoryLong(Json& document) {
  Json history = StepsOf(document);
  history.Append(Json::Object({{"created_by", "RUN one step too many"}}));
  document.Set("history", std::move(history));
}

void AllStepsEmpty(Json& document) {
  Json history = Json::Array();
  const Json old = StepsOf(document);
  for (Json step : old.items()) history.Append(step.Set("empty_layer", true));
  document.Set("history", std::move(history));
}

// The last step that claims a layer is gone.
void HistoryShort(Json& document) {
  std::vector<Json> steps = StepsOf(document).items();
  for (std::size_t i = steps.size(); i-- > 0;) {
    if (steps[i].Find("empty_layer") != nullptr) continue;
    steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  document.Set("history", Json::Array(std::move(steps)));
}

void OtherArchitecture(Json& document) { document.Set("architecture", "s390x"); }

void CreatedYesterday(Json& document) { document.Set("created", "yesterday"); }

}  // namespace

std::vector<Fault> ConfigFaults() {
  return {
      {.name = "config-invalid-json",
       .about = "the configuration lacks its last brace",
       .verdict = Verdict::kRefused,
       .archive = Damage<CutShort>},
      {.name = "config-list",
       .about = "the configuration is a list",
       .verdict = Verdict::kRefused,
       .archive = Damage<OnlyList>},
      {.name = "config-deep",
       .about = "the configuration is nested so deep that a parser that recurses ends",
       .verdict = Verdict::kRefused,
       .parameters = {kDepth},
       .archive = Damage<NestedDeep>},
      {.name = "config-huge-number",
       .about = "the configuration holds a number that no type can have",
       .verdict = Verdict::kRefused,
       .archive = Damage<WithHugeNumber>},
      {.name = "config-not-utf8",
       .about = "a text of the configuration is Latin-1",
       .verdict = Verdict::kNoted,
       .notes = {"invalid-utf8-json"},
       .archive = Damage<NotUtf8>},
      {.name = "config-key-twice",
       .about = "the configuration has the key config twice: readers differ in which one counts",
       .verdict = Verdict::kNoted,
       .notes = {"duplicate-json-key"},
       .archive = Damage<ConfigTwice>},
      {.name = "config-history-number",
       .about = "the history is a number",
       .verdict = Verdict::kRefused,
       .archive = Change<HistoryIsNumber>},
      {.name = "config-env-object",
       .about = "Env is an object instead of a list",
       .verdict = Verdict::kRefused,
       .archive = Change<EnvIsObject>},
      {.name = "config-rootfs-missing",
       .about = "the configuration has no rootfs, and the image has layers",
       .verdict = Verdict::kRefused,
       .archive = Change<WithoutRootfs>},
      {.name = "config-diff-ids-short",
       .about = "there is a diff_id less than there are layers",
       .verdict = Verdict::kRefused,
       .archive = Change<DiffIdsShort>},
      {.name = "config-diff-ids-long",
       .about = "there is a diff_id more than there are layers",
       .verdict = Verdict::kRefused,
       .archive = Change<DiffIdsLong>},
      {.name = "config-diff-id-wrong",
       .about = "the uppermost layer's diff_id is another's",
       .verdict = Verdict::kRefused,
       .archive = Change<DiffIdWrong>},
      {.name = "config-history-absent",
       .about = "the configuration has no history",
       .verdict = Verdict::kNoted,
       .notes = {"history-absent"},
       .archive = Change<HistoryAbsent>},
      {.name = "config-history-long",
       .about = "a step more claims a layer than there are layers",
       .verdict = Verdict::kNoted,
       .notes = {"history-mismatch"},
       .archive = Change<HistoryLong>},
      {.name = "config-history-short",
       .about = "a step less claims a layer than there are layers",
       .verdict = Verdict::kNoted,
       .notes = {"history-mismatch"},
       .archive = Change<HistoryShort>},
      {.name = "config-history-empty-steps",
       .about = "no step claims a layer, and the image has layers",
       .verdict = Verdict::kNoted,
       .notes = {"history-mismatch"},
       .archive = Change<AllStepsEmpty>},
      {.name = "config-architecture-wrong",
       .about = "the architecture is another than that of the files; only they tell",
       .verdict = Verdict::kUnseen,
       .archive = Change<OtherArchitecture>},
      {.name = "config-created-no-time",
       .about = "the time of creation is no time; nobody computes with it",
       .verdict = Verdict::kUnseen,
       .archive = Change<CreatedYesterday>},
  };
}

}  // namespace watertight::generator
