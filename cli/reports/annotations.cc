// Workflow commands of GitHub Actions: https://docs.github.com/actions, "workflow commands".

#include <string>

#include "cli/reports/report.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

std::string Escaped(const std::string& text, bool property) {
  std::string escaped;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special) {
      constexpr const char* kDigits = "0123456789ABCDEF";
      escaped += {'%', kDigits[c >> 4], kDigits[c & 0xf]};
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Line(const std::string& title, const std::string& text) {
  return "::error title=" + Escaped(title, true) + "::" + Escaped(text, false) + "\n";
}

}  // namespace

std::string CheckAnnotations(const CheckReport& report) {
  std::string lines;
  for (const CheckedImage& checked : report.images) {
    const std::string image = Printable(checked.facts.reference);
    for (const CheckResult& result : checked.results) {
      if (result.status != CheckStatus::kFailed) continue;
      lines += Line(image + " " + result.name, result.detail.empty() ? "fails" : result.detail);
    }
  }
  for (const UnopenedImage& image : report.unopened) {
    lines += Line(Printable(image.reference) + " cannot be opened", image.error);
  }
  return lines;
}

}  // namespace watertight::cli
