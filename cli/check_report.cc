#include "cli/check_report.h"

#include <cmath>
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
          {"status", result.passed ? "passed" : "failed"},
          {"message", result.passed ? result.detail : result.message},
          {"seconds", std::round(result.seconds * 1e6) / 1e6}};
}

void AddNotes(const Image& image, const std::vector<Note>& notes, OrderedJson* json) {
  for (OrderedJson& note : NotesJson(notes)) {
    OrderedJson named = {{"image", image.reference()}};
    named.update(note);
    json->push_back(std::move(named));
  }
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

}  // namespace

void WriteCheckText(const CheckedImage& checked, Output& out) {
  out.Write(HeadOf(checked.image, out) + "\n\n");
  for (const CheckResult& result : checked.results) {
    const std::string verdict =
        result.passed ? out.Coloured(kGood, "ok") + "  " : out.Coloured(kBad, "FAIL");
    std::string line = "  " + verdict + "  " + PadRight(result.name, 12);
    if (!result.detail.empty()) line += "  " + result.detail;
    line.erase(line.find_last_not_of(' ') + 1);
    out.Write(line + "\n");
  }
  for (const std::string& remark : Remarks(checked.image)) out.Write("  note  " + remark + "\n");
  for (const CheckResult& result : checked.results) {
    if (result.passed) continue;
    out.Write("\n" + out.Coloured(kHeading, result.name) + "\n" + Indented(result.message) + "\n");
  }
  out.Write("\n");
}

void WriteCheckSummary(const std::vector<CheckedImage>& all, Output& out) {
  std::size_t count = 0;
  std::size_t failed = 0;
  double seconds = 0;
  for (const CheckedImage& checked : all) {
    for (const CheckResult& result : checked.results) {
      ++count;
      if (!result.passed) ++failed;
      seconds += result.seconds;
    }
  }
  std::string line = failed == 0 ? Counted(count, "check") + " passed"
                                 : Thousands(failed) + " of " + Counted(count, "check") + " failed";
  if (all.size() > 1) line += " in " + Counted(all.size(), "image");
  if (out.is_terminal()) {
    char time[32];
    std::snprintf(time, sizeof time, " in %.2f s", seconds);
    line += time;
  }
  out.Write(line + "\n");
}

void WriteCheckJson(const std::vector<CheckedImage>& all, Output& out) {
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
  out.Write(json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n");
}

}  // namespace watertight::cli
