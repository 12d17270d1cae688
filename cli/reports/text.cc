#include "cli/reports/report.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/scan/finding_text.h"

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

std::string HeadOf(const ImageFacts& image, const Output& out) {
  std::string line = out.Coloured(kHeading, Printable(image.reference));
  for (const std::string& tag : image.tags) line += "   " + Printable(tag);
  if (!image.platform.empty()) line += "   " + Printable(image.platform);
  line += "   " + Counted(image.diff_ids.size(), "layer");
  return image.size ? line + ", " + HumanSize(*image.size) : line;
}

constexpr std::ptrdiff_t kShownBelowError = 3;
constexpr std::size_t kWidestBelowError = 160;

std::string BelowErrorLine(const Finding& finding, const std::string& about) {
  const std::string what = about.empty() ? finding.rule : Printable(about);
  return Cut(PadRight(ToString(finding.level), 7) + "  " + PlaceText(finding) + ": " + what,
             kWidestBelowError);
}

// What a passed check found at a lower level: the first few, warnings before notes. One whose place
// is the value is counted alone, since nothing failed that would have to be looked at.
void WriteBelowError(const CheckResult& result, Output& out) {
  std::vector<const CheckFinding*> below;
  for (const CheckFinding& found : result.findings) {
    const bool counts = found.finding.level != Level::kError && found.finding.allowed.empty();
    if (counts) below.push_back(&found);
  }
  std::stable_sort(below.begin(), below.end(), [](const CheckFinding* a, const CheckFinding* b) {
    return a->finding.level < b->finding.level;
  });
  std::ptrdiff_t shown = 0;
  for (const CheckFinding* found : below) {
    if (shown == kShownBelowError) break;
    if (found->finding.carrier == Carrier::kPath) continue;
    out.Write("        " + BelowErrorLine(found->finding, found->about) + "\n");
    ++shown;
  }
  const auto more = static_cast<std::size_t>(std::ssize(below) - shown);
  if (shown == 0 || more == 0) return;
  out.Write("        and " + Thousands(more) + " more; --format json lists all\n");
}

void WriteImage(const CheckedImage& checked, Output& out) {
  out.Write(HeadOf(checked.facts, out) + "\n\n");
  std::size_t width = 12;
  for (const CheckResult& result : checked.results) width = std::max(width, result.name.size());
  for (const CheckResult& result : checked.results) {
    std::string line = "  " + VerdictOf(result.status, out) + "  " + PadRight(result.name, width);
    if (!result.detail.empty()) line += "  " + result.detail;
    line.erase(line.find_last_not_of(' ') + 1);
    out.Write(line + "\n");
    if (result.status == CheckStatus::kPassed) WriteBelowError(result, out);
  }
  for (const std::string& remark : checked.facts.remarks) out.Write("  note  " + remark + "\n");
  for (const CheckResult& result : checked.results) {
    if (result.status != CheckStatus::kFailed) continue;
    out.Write("\n" + out.Coloured(kHeading, result.name) + "\n" + Indented(result.message) + "\n");
  }
  out.Write("\n");
}

// What of the policy is out of use.
void WritePolicy(const PolicyUse& policy, Output& out) {
  std::string text;
  const auto add = [&text](const std::string& file, const YamlPlace& place,
                           const std::string& why) {
    text += YamlError(file, place, "this entry " + why).what() + std::string("\n");
  };
  for (const EntryUse& entry : policy.entries) {
    if (entry.images == 0) add(entry.file, entry.place, "is for none of the images");
  }
  for (const AllowUse& allow : policy.allow) {
    if (allow.findings > 0 || !allow.is_used) continue;
    const std::string why = allow.expired.empty()
                                ? "allows nothing that was found"
                                : "expired on " + allow.expired + ", and allows nothing any more";
    add(allow.file, allow.place, why);
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
  if (report.is_whole) WritePolicy(report.policy, out);
  WriteSummary(report.images, out);
}

}  // namespace watertight::cli
