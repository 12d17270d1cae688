// watertight.check/1: docs/commands/check.md.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cli/check_work.h"
#include "cli/finding_json.h"
#include "cli/notes.h"
#include "cli/reports/baseline.h"
#include "cli/reports/report.h"
#include "cli/reports/shard.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

// The same image was checked for several platforms.
bool IsRepeated(const CheckReport& report, const ImageFacts& image) {
  return std::any_of(report.images.begin(), report.images.end(), [&](const CheckedImage& other) {
    return other.facts.reference == image.reference && other.facts.platform != image.platform;
  });
}

OrderedJson TestJson(const ImageFacts& image, const CheckResult& result) {
  OrderedJson json = {
      {"image", image.reference},
      {"name", result.name},
      {"status", ToString(result.status)},
      {"message", result.status == CheckStatus::kPassed ? result.detail : result.message},
      {"seconds", std::round(result.seconds * 1e6) / 1e6}};
  const bool alone = result.status == CheckStatus::kFailed && CountErrors(result.findings) == 0;
  if (alone) json["fingerprint"] = CheckFingerprint(result);
  for (const FailedClaim& claim : result.claims) {
    OrderedJson one = {{"expected", claim.text}, {"fingerprint", ClaimFingerprint(result, claim)}};
    if (!claim.allowed.empty()) one["allowed"] = claim.allowed;
    json["claims"].push_back(std::move(one));
  }
  return json;
}

void AddNotes(const std::string& image, const std::vector<Note>& notes, OrderedJson* json) {
  for (OrderedJson& note : NotesJson(notes)) {
    OrderedJson named = {{"image", image}};
    named.update(note);
    json->push_back(std::move(named));
  }
}

OrderedJson PolicyJson(const PolicyUse& policy) {
  OrderedJson json = {{"file", ToUtf8(policy.file)}};
  json["rules"] = OrderedJson::array();
  for (const RuleUse& rule : policy.rules) {
    json["rules"].push_back({{"id", rule.id}, {"findings", rule.findings}});
  }
  json["allow"] = OrderedJson::array();
  for (const AllowUse& allow : policy.allow) {
    json["allow"].push_back({{"file", ToUtf8(allow.file)},
                             {"line", allow.place.line},
                             {"column", allow.place.column},
                             {"reason", ToUtf8(allow.reason)},
                             {"expired", !allow.expired.empty()},
                             {"findings", allow.findings}});
  }
  json["images"] = OrderedJson::array();
  for (const EntryUse& entry : policy.entries) {
    json["images"].push_back({{"file", ToUtf8(entry.file)},
                              {"line", entry.place.line},
                              {"column", entry.place.column},
                              {"images", entry.images}});
  }
  return json;
}

}  // namespace

std::string CheckJson(const CheckReport& report) {
  OrderedJson json = {{"schema", "watertight.check/1"}};
  json["tests"] = OrderedJson::array();
  json["findings"] = OrderedJson::array();
  json["notes"] = OrderedJson::array();
  json["unopened"] = OrderedJson::array();
  for (const UnopenedImage& image : report.unopened) {
    json["unopened"].push_back({{"image", image.reference}, {"message", image.error}});
  }
  for (const CheckedImage& checked : report.images) {
    const ImageFacts& image = checked.facts;
    const bool repeated = IsRepeated(report, image);
    for (const CheckResult& result : checked.results) {
      json["tests"].push_back(TestJson(image, result));
      if (repeated) json["tests"].back()["platform"] = ToUtf8(image.platform);
      for (const CheckFinding& finding : result.findings) {
        json["findings"].push_back(FindingJson(image.reference, image.diff_ids, finding));
      }
    }
    AddNotes(image.reference, image.notes, &json["notes"]);
    for (const CheckResult& result : checked.results) {
      AddNotes(image.reference, result.notes, &json["notes"]);
    }
  }
  if (!report.policy.file.empty()) json["policy"] = PolicyJson(report.policy);
  if (report.shard) json["shard"] = ShardJson(report);
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace watertight::cli
