#include "cli/check_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/finding_json.h"
#include "cli/layer_changes.h"
#include "cli/notes.h"
#include "cli/output.h"
#include "cli/redaction.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr const char* kHeading = "1";
constexpr const char* kGood = "32";
constexpr const char* kBad = "1;31";

OrderedJson TestJson(const Image& image, const CheckResult& result) {
  return {{"image", image.reference()},
          {"name", result.name},
          {"status", ToString(result.status)},
          {"message", result.status == CheckStatus::kPassed ? result.detail : result.message},
          {"seconds", std::round(result.seconds * 1e6) / 1e6}};
}

void AddNotes(const Image& image, const std::vector<Note>& notes, OrderedJson* json) {
  for (OrderedJson& note : NotesJson(notes)) {
    OrderedJson named = {{"image", image.reference()}};
    named.update(note);
    json->push_back(std::move(named));
  }
}

// Four columns.
std::string VerdictOf(CheckStatus status, const Output& out) {
  switch (status) {
    case CheckStatus::kPassed:
      return out.Coloured(kGood, "ok") + "  ";
    case CheckStatus::kFailed:
      return out.Coloured(kBad, "FAIL");
    case CheckStatus::kSkipped:
      return "skip";
  }
  return "";
}

std::string Indented(const std::string& text) {
  std::string indented = "  ";
  for (const char c : text) {
    indented += c;
    if (c == '\n') indented += "  ";
  }
  return indented;
}

std::string HeadOf(const Image& image, const Output& out) {
  std::string line = out.Coloured(kHeading, Printable(image.reference()));
  for (const std::string& tag : image.tags()) line += "   " + Printable(tag);
  const std::string platform = image.config().Platform();
  if (!platform.empty()) line += "   " + Printable(platform);
  line += "   " + Counted(image.layers().size(), "layer");
  try {
    return line + ", " + HumanSize(image.size());
  } catch (const Error&) {
    return line;  // a check tells of the layer that cannot be read
  }
}

// What no check of the default policy judges, and a person should know.
std::vector<std::string> Remarks(const Image& image) {
  std::vector<std::string> remarks;
  if (!image.unreadable_layers().empty()) return remarks;  // a check tells of them
  if (const std::size_t notes = image.notes().size(); notes > 0) {
    remarks.push_back(Counted(notes, "odd thing") + (notes == 1 ? " was" : " were") +
                      " met: watertight inspect");
  }
  const std::size_t hidden = HiddenFiles(image).size();
  if (hidden > 0) {
    remarks.push_back(HumanSize(image.wasted()) + " in " + Counted(hidden, "file") +
                      (hidden == 1 ? " is" : " are") +
                      " stored but not visible: watertight inspect");
  }
  return remarks;
}

// Of all images, in the order of Policy::options.
struct PolicyUse {
  std::vector<std::size_t> of_rules;
  std::vector<std::size_t> of_allowed;
};

void Add(const std::vector<std::size_t>& counts, std::vector<std::size_t>* all) {
  for (std::size_t i = 0; i < counts.size(); ++i) (*all)[i] += counts[i];
}

PolicyUse UseOf(const Policy& policy, const std::vector<CheckedImage>& all) {
  PolicyUse use;
  use.of_rules.resize(policy.options.rules().size());
  use.of_allowed.resize(policy.options.allowed().size());
  for (const CheckedImage& checked : all) {
    for (const CheckResult& result : checked.results) {
      Add(result.of_rules, &use.of_rules);
      Add(result.of_allowed, &use.of_allowed);
    }
  }
  return use;
}

// How many findings the entry allows; null when it has expired.
const std::size_t* CountOf(const Policy& policy, const PolicyUse& use, std::size_t entry) {
  if (!policy.allow[entry].expired.empty()) return nullptr;
  const auto expired =
      std::count_if(policy.allow.begin(), policy.allow.begin() + static_cast<std::ptrdiff_t>(entry),
                    [](const PolicyAllow& one) { return !one.expired.empty(); });
  return &use.of_allowed[entry - static_cast<std::size_t>(expired)];
}

OrderedJson PolicyJson(const Policy& policy, const PolicyUse& use) {
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

void WriteCheckText(const CheckedImage& checked, Output& out) {
  out.Write(HeadOf(checked.image, out) + "\n\n");
  std::size_t width = 12;
  for (const CheckResult& result : checked.results) width = std::max(width, result.name.size());
  for (const CheckResult& result : checked.results) {
    std::string line = "  " + VerdictOf(result.status, out) + "  " + PadRight(result.name, width);
    if (!result.detail.empty()) line += "  " + result.detail;
    line.erase(line.find_last_not_of(' ') + 1);
    out.Write(line + "\n");
  }
  for (const std::string& remark : Remarks(checked.image)) out.Write("  note  " + remark + "\n");
  for (const CheckResult& result : checked.results) {
    if (result.status != CheckStatus::kFailed) continue;
    out.Write("\n" + out.Coloured(kHeading, result.name) + "\n" + Indented(result.message) + "\n");
  }
  out.Write("\n");
}

void WritePolicyText(const Policy& policy, const std::vector<CheckedImage>& all, Output& out) {
  const PolicyUse use = UseOf(policy, all);
  std::string text;
  for (std::size_t i = 0; i < policy.allow.size(); ++i) {
    const PolicyAllow& allow = policy.allow[i];
    const std::size_t* const count = CountOf(policy, use, i);
    if (count != nullptr && *count > 0) continue;
    const std::string why = count == nullptr
                                ? "expired on " + allow.expired + ", and allows nothing any more"
                                : "allows nothing that was found";
    text += YamlError(policy.file, allow.place, "this entry " + why).what() + std::string("\n");
  }
  if (!text.empty()) out.Write(text + "\n");
}

void WriteCheckSummary(const std::vector<CheckedImage>& all, Output& out) {
  std::size_t count = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  double seconds = 0;
  for (const CheckedImage& checked : all) {
    for (const CheckResult& result : checked.results) {
      ++count;
      if (result.status == CheckStatus::kFailed) ++failed;
      if (result.status == CheckStatus::kSkipped) ++skipped;
      seconds += result.seconds;
    }
  }
  std::string line = failed == 0 ? Counted(count - skipped, "check") + " passed"
                                 : Thousands(failed) + " of " + Counted(count, "check") + " failed";
  if (skipped > 0) line += ", " + Thousands(skipped) + " skipped";
  if (all.size() > 1) line += " in " + Counted(all.size(), "image");
  if (out.is_terminal()) {
    char time[32];
    std::snprintf(time, sizeof time, " in %.2f s", seconds);
    line += time;
  }
  out.Write(line + "\n");
}

void WriteCheckJson(const std::vector<CheckedImage>& all, const Policy& policy, Output& out) {
  OrderedJson json = {{"schema", "watertight.check/1"}};
  json["tests"] = OrderedJson::array();
  json["findings"] = OrderedJson::array();
  json["notes"] = OrderedJson::array();
  for (const CheckedImage& checked : all) {
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
  if (!policy.file.empty()) json["policy"] = PolicyJson(policy, UseOf(policy, all));
  out.Write(json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n");
}

}  // namespace watertight::cli
