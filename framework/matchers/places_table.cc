#include "framework/matchers/places_table.h"

#include <algorithm>
#include <optional>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/scan/fate.h"
#include "framework/scan/finding_text.h"
#include "framework/scan/recovery.h"
#include "framework/scan/step_text.h"

namespace watertight {
namespace {

constexpr std::size_t kPlacesShown = 20;
constexpr std::size_t kPlaceWidth = 72;
constexpr std::size_t kStepWidth = 64;
constexpr std::size_t kCommandsShown = 5;
constexpr std::size_t kNotesShown = 5;

// One place, beside the step that made it.
struct Row {
  std::string where;  // "layer 1, deleted in layer 2"; "history", "config" of what is in no layer
  std::string place;
  std::string behind;
  std::string step;
};

std::optional<int> StepOf(const Image& image, const Finding& finding) {
  if (finding.step || !finding.layer) return finding.step;
  return image.layers()[static_cast<std::size_t>(*finding.layer)].step();
}

Row RowOf(const PlacesTable& table, const Finding& finding) {
  Row row;
  row.place = Cut(PlaceText(finding), kPlaceWidth);
  if (table.before) row.place = table.before(finding) + row.place;
  if (table.behind) row.behind = table.behind(finding);
  const auto fate = FateOf(table.image, finding);
  row.where = fate            ? FateText(*fate)
              : finding.layer ? "layer " + std::to_string(*finding.layer)
                              : ToString(finding.carrier);
  if (const auto step = StepOf(table.image, finding)) {
    const HistoryStep& entry = table.image.history()[static_cast<std::size_t>(*step)];
    row.step = Cut(StepText(entry, table.in_history), kStepWidth);
  }
  return row;
}

}  // namespace

std::string EvidenceLine(const std::string& text) {
  return "\n    " + text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string PlacesTable::Text() const {
  std::vector<Row> rows;
  std::size_t where = 0;
  std::size_t place = 0;
  std::size_t behind_width = 0;
  for (std::size_t i = 0; i < findings.size() && i < kPlacesShown; ++i) {
    rows.push_back(RowOf(*this, findings[i]));
    where = std::max(where, Width(rows.back().where));
    place = std::max(place, Width(rows.back().place));
    behind_width = std::max(behind_width, Width(rows.back().behind));
  }
  std::string text;
  for (const Row& row : rows) {
    const std::string what = behind_width == 0 ? "" : Padded(row.behind, behind_width) + "   ";
    text += EvidenceLine(Padded(row.where, where) + "  " + Padded(row.place, place) + "   " + what +
                         row.step);
  }
  if (findings.size() > kPlacesShown) {
    text += EvidenceLine("… and " + std::to_string(findings.size() - kPlacesShown) + " more");
  }
  return text;
}

std::string TakeOutText(const Image& image, const std::vector<Finding>& findings) {
  const std::vector<std::string> commands = RecoverCommands(image, findings, kCommandsShown);
  std::string text =
      "\n  Whoever holds the image can take it out. " + RecoverLead(image, commands.size());
  for (const std::string& command : commands) text += EvidenceLine(command);
  return text;
}

std::string UnsearchedText(const std::vector<Note>& notes) {
  if (notes.empty()) return "";
  std::string text = "\n  Not all of it was searched:";
  for (std::size_t i = 0; i < notes.size() && i < kNotesShown; ++i) {
    const Note& note = notes[i];
    std::string place = note.layer ? "layer " + std::to_string(*note.layer) : "";
    if (!note.path.empty()) place += (place.empty() ? "" : ", ") + Printable(note.path);
    text += EvidenceLine(place + (place.empty() ? "" : ": ") + note.text);
  }
  if (notes.size() > kNotesShown) {
    text += EvidenceLine("… and " + std::to_string(notes.size() - kNotesShown) + " more");
  }
  return text;
}

}  // namespace watertight
