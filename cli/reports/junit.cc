// JUnit's XML, as CI systems read it: a suite for each image, a case for each check.

#include <cstdio>
#include <string>

#include "cli/reports/report.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

// UTF-8 of what XML 1.0 has a way to write: neither U+FFFE nor U+FFFF.
std::string XmlText(const std::string& text) {
  std::string utf8 = ToUtf8(text);
  for (const char* none : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    for (std::size_t at = utf8.find(none); at != std::string::npos; at = utf8.find(none, at)) {
      utf8.replace(at, 3, "\xef\xbf\xbd");
    }
  }
  return utf8;
}

// For attributes and texts. Most control characters are not XML either.
std::string Escaped(const std::string& text, bool in_text = false) {
  std::string xml;
  for (const char c : XmlText(text)) {
    switch (c) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '"':
        xml += "&quot;";
        break;
      case '\n':
        xml += in_text ? "\n" : "&#10;";
        break;
      case '\t':
        xml += "&#9;";
        break;
      default:
        xml += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
  }
  return xml;
}

std::string Seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", seconds);
  return text;
}

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  double seconds = 0;

  void Add(const Counts& more) {
    tests += more.tests;
    failures += more.failures;
    errors += more.errors;
    skipped += more.skipped;
    seconds += more.seconds;
  }
  std::string Attributes() const {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
           "\" errors=\"" + std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) +
           "\" time=\"" + Seconds(seconds) + "\"";
  }
};

std::string Case(const std::string& image, const std::string& name, double seconds,
                 const std::string& inside) {
  const std::string begin = "    <testcase name=\"" + Escaped(name) + "\" classname=\"" +
                            Escaped(image) + "\" time=\"" + Seconds(seconds) + "\"";
  return begin + (inside.empty() ? "/>\n" : ">\n      " + inside + "\n    </testcase>\n");
}

// message: of one line, for lists; the text is whole.
std::string Outcome(const char* element, const std::string& message, const std::string& text) {
  return std::string("<") + element + " message=\"" + Escaped(message) + "\">" +
         Escaped(text, true) + "</" + element + ">";
}

std::string CaseOf(const std::string& image, const CheckResult& result, Counts* counts) {
  ++counts->tests;
  counts->seconds += result.seconds;
  std::string inside;
  if (result.status == CheckStatus::kFailed) {
    ++counts->failures;
    inside = Outcome("failure", result.detail, result.message);
  } else if (result.status == CheckStatus::kSkipped) {
    ++counts->skipped;
    inside = "<skipped message=\"" + Escaped(result.message) + "\"/>";
  }
  return Case(image, result.name, result.seconds, inside);
}

std::string Suite(const std::string& image, const Counts& counts, const std::string& cases) {
  return "  <testsuite name=\"" + Escaped(image) + "\"" + counts.Attributes() + ">\n" + cases +
         "  </testsuite>\n";
}

}  // namespace

std::string CheckJunit(const CheckReport& report) {
  std::string suites;
  Counts all;
  for (const CheckedImage& checked : report.images) {
    const std::string& name = checked.facts.reference;
    Counts counts;
    std::string cases;
    for (const CheckResult& result : checked.results) cases += CaseOf(name, result, &counts);
    suites += Suite(name, counts, cases);
    all.Add(counts);
  }
  for (const UnopenedImage& image : report.unopened) {
    const Counts counts{1, 0, 1, 0, 0};
    suites += Suite(image.reference, counts,
                    Case(image.reference, "opens", 0, Outcome("error", image.error, image.error)));
    all.Add(counts);
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"watertight check\"" +
         all.Attributes() + ">\n" + suites + "</testsuites>\n";
}

}  // namespace watertight::cli
