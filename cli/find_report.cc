#include "cli/find_report.h"

#include <algorithm>
#include <map>
#include <string>

#include "cli/checks.h"
#include "cli/finding_json.h"
#include "cli/notes.h"
#include "cli/output.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/scan/fate.h"
#include "framework/scan/finding_text.h"
#include "framework/scan/recovery.h"

namespace watertight::cli {
namespace {

constexpr const char* kHeading = "1";
constexpr std::size_t kCommandsShown = 5;

std::string LayerText(const Image& image, const Finding& finding) {
  if (!finding.layer) return "";
  if (const auto fate = FateOf(image, finding)) return FateText(*fate);
  return "layer " + std::to_string(*finding.layer);
}

void WriteCommands(const Image& image, const std::vector<Finding>& findings, Output& out) {
  const std::vector<std::string> commands = RecoverCommands(image, findings, kCommandsShown);
  out.Write("\n" + RecoverLead(image, commands.size()) + "\n");
  for (const std::string& command : commands) out.Write("  " + command + "\n");
}

}  // namespace

void WriteFindText(const Image& image, const std::vector<Secret>& secrets,
                   const ValueSearch& search, Output& out) {
  std::map<int, std::vector<const Finding*>> by_value;
  for (const Finding& finding : search.findings) by_value[finding.secret].push_back(&finding);
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const std::vector<const Finding*>& findings = by_value[static_cast<int>(i) + 1];
    const std::string count = findings.empty() ? "nowhere" : Counted(findings.size(), "place");
    out.Write(out.Coloured(kHeading, "value " + std::to_string(i + 1)) + "   " +
              Redacted(secrets[i].value()) + "   " + count + "\n");
    std::size_t width = 0;
    for (const Finding* finding : findings) {
      width = std::max(width, Columns(LayerText(image, *finding)));
    }
    for (const Finding* finding : findings) {
      out.Write("  " + PadRight(LayerText(image, *finding), width) + (width > 0 ? "   " : "") +
                PlaceText(*finding) + "\n");
    }
  }
  if (!search.findings.empty()) WriteCommands(image, search.findings, out);
  for (const Note& note : search.notes) out.Write("\nnote: " + NoteText(note));
  if (!search.notes.empty()) out.Write("\n");
}

void WriteFindJson(const Image& image, const ValueSearch& search, Output& out) {
  OrderedJson json = {{"schema", "watertight.findings/1"}};
  json["findings"] = OrderedJson::array();
  const std::vector<std::string> diff_ids = DiffIds(image);
  for (const Finding& finding : search.findings) {
    CheckFinding found;
    found.finding = finding;
    found.redacted = Redacted(finding.value);
    found.recover = RecoverCommand(image, finding);
    found.fate = FateOf(image, finding);
    json["findings"].push_back(FindingJson(image.reference(), diff_ids, found));
  }
  json["notes"] = NotesJson(search.notes);
  for (OrderedJson& note : json["notes"]) note["image"] = image.reference();
  out.Write(json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n");
}

}  // namespace watertight::cli
