#include "cli/reports/report.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/layer_changes.h"
#include "cli/notes.h"
#include "cli/output.h"
#include "cli/reports/policy_use.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr const char* kHeading = "1";
constexpr const char* kGood = "32";
constexpr const char* kBad = "1;31";

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

void WriteImage(const CheckedImage& checked, Output& out) {
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

// What of the policy is out of use.
void WritePolicy(const CheckReport& report, Output& out) {
  const Policy& policy = report.policy;
  const PolicyUse use = UseOf(policy, report.images);
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

// The last line: how many checks failed.
void WriteSummary(const std::vector<CheckedImage>& all, Output& out) {
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

}  // namespace

void WriteCheckText(const CheckReport& report, Output& out) {
  for (const CheckedImage& checked : report.images) WriteImage(checked, out);
  // Some checks alone cannot tell what the policy has in vain.
  if (report.is_whole) WritePolicy(report, out);
  WriteSummary(report.images, out);
}

}  // namespace watertight::cli
