// watertight.check/1: docs/commands/check.md.

#include <cmath>
#include <string>
#include <vector>

#include "cli/check_work.h"
#include "cli/finding_json.h"
#include "cli/notes.h"
#include "cli/reports/baseline.h"
#include "cli/reports/policy_use.h"
#include "cli/reports/report.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

OrderedJson TestJson(const Image& image, const CheckResult& result) {
  OrderedJson json = {
      {"image", image.reference()},
      {"name", result.name},
      {"status", ToString(result.status)},
      {"message", result.status == CheckStatus::kPassed ? result.detail : result.message},
      {"seconds", std::round(result.seconds * 1e6) / 1e6}};
  const bool alone = result.status == CheckStatus::kFailed && CountErrors(result.findings) == 0;
  if (alone) json["fingerprint"] = ClaimFingerprint(result);
  return json;
}

void AddNotes(const Image& image, const std::vector<Note>& notes, OrderedJson* json) {
  for (OrderedJson& note : NotesJson(notes)) {
    OrderedJson named = {{"image", image.reference()}};
    named.update(note);
    json->push_back(std::move(named));
  }
}

OrderedJson PolicyJson(const CheckReport& report) {
  const Policy& policy = report.policy;
  const PolicyUse use = UseOf(policy, report.images);
  OrderedJson json = {{"file", ToUtf8(policy.file)}};
  json["rules"] = OrderedJson::array();
  for (std::size_t i = 0; i < policy.options.rules().size(); ++i) {
    json["rules"].push_back({{"id", policy.options.rules()[i].id}, {"findings", use.of_rules[i]}});
  }
  json["allow"] = OrderedJson::array();
  for (std::size_t i = 0; i < policy.allow.size(); ++i) {
    const PolicyAllow& allow = policy.allow[i];
    const std::size_t* const count = CountOf(policy, use, i);
    json["allow"].push_back({{"line", allow.place.line},
                             {"column", allow.place.column},
                             {"reason", ToUtf8(allow.finding.reason)},
                             {"expired", count == nullptr},
                             {"findings", count == nullptr ? 0 : *count}});
  }
  return json;
}

}  // namespace

std::string CheckJson(const CheckReport& report) {
  OrderedJson json = {{"schema", "watertight.check/1"}};
  json["tests"] = OrderedJson::array();
  json["findings"] = OrderedJson::array();
  json["notes"] = OrderedJson::array();
  for (const CheckedImage& checked : report.images) {
    for (const CheckResult& result : checked.results) {
      json["tests"].push_back(TestJson(checked.image, result));
      for (const CheckFinding& finding : result.findings) {
        json["findings"].push_back(FindingJson(checked.image, finding));
      }
    }
    AddNotes(checked.image, checked.image.notes(), &json["notes"]);
    for (const CheckResult& result : checked.results) {
      AddNotes(checked.image, result.notes, &json["notes"]);
    }
  }
  if (!report.policy.file.empty()) json["policy"] = PolicyJson(report);
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace watertight::cli
