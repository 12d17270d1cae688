#include "framework/matchers/places_table.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/scan/fate.h"
#include "framework/scan/finding_text.h"
#include "framework/scan/recovery.h"
#include "framework/scan/step_text.h"

namespace watertight {
namespace {

constexpr std::size_t kPlacesShown = 20;
constexpr std::size_t kPlacesOfOne = 5;  // of one secret among several
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

struct Widths {
  std::size_t where = 0;
  std::size_t place = 0;
  std::size_t behind = 0;

  void Take(const Row& row) {
    where = std::max(where, Width(row.where));
    place = std::max(place, Width(row.place));
    behind = std::max(behind, Width(row.behind));
  }

  std::string Line(const Row& row) const {
    const std::string what = row.behind.empty() ? "" : Padded(row.behind, behind) + "   ";
    return Padded(row.where, where) + "  " + Padded(row.place, place) + "   " + what + row.step;
  }
};

// The places of one secret.
struct Group {
  std::string name;
  std::vector<const Finding*> findings;
};

// In the order of their first places. Of a table of one secret, all are one group.
std::vector<Group> GroupsOf(const PlacesTable& table) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;
  for (const Finding& finding : table.findings) {
    std::string name = table.before ? table.before(finding) : "";
    if (table.behind) name += table.behind(finding);
    name.erase(name.find_last_not_of(' ') + 1);
    const auto [at, added] = known.emplace(name, groups.size());
    if (added) groups.push_back({std::move(name), {}});
    groups[at->second].findings.push_back(&finding);
  }
  return groups;
}

}  // namespace

std::string EvidenceLine(const std::string& text) {
  return "\n    " + text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string PlacesTable::Text() const {
  const std::vector<Group> groups = GroupsOf(*this);
  const std::size_t most = groups.size() > 1 ? kPlacesOfOne : kPlacesShown;
  std::vector<std::vector<Row>> rows;
  Widths widths;
  std::size_t shown = 0;
  for (const Group& group : groups) {
    rows.emplace_back();
    for (std::size_t i = 0; i < group.findings.size() && i < most && shown < kPlacesShown; ++i) {
      Row row = RowOf(*this, *group.findings[i]);
      const bool alone = group.findings.size() == 1;
      row.place = (alone && before ? before(*group.findings[i]) : "") + row.place;
      row.behind = alone && behind ? behind(*group.findings[i]) : "";
      widths.Take(row);
      rows.back().push_back(std::move(row));
      ++shown;
    }
  }
  std::string text;
  std::size_t told = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t places = groups[i].findings.size();
    if (rows[i].empty()) break;
    const bool headed = places > 1 && !groups[i].name.empty();
    if (headed) text += EvidenceLine(groups[i].name + ", " + std::to_string(places) + " places");
    for (const Row& row : rows[i]) text += EvidenceLine((headed ? "  " : "") + widths.Line(row));
    told += rows[i].size();
    if (!headed || rows[i].size() == places) continue;
    text += EvidenceLine("  … and " + std::to_string(places - rows[i].size()) + " more");
    told += places - rows[i].size();
  }
  if (findings.size() > told) {
    text += EvidenceLine("… and " + std::to_string(findings.size() - told) + " more");
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
