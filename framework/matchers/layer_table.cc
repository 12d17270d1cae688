#include "framework/matchers/layer_table.h"

#include <algorithm>
#include <map>
#include <set>

#include "framework/image/path.h"
#include "framework/scan/step_text.h"
#include "watertight/leaks.h"

namespace watertight {
namespace {

constexpr std::size_t kHistoryWidth = 64;
constexpr std::size_t kPathWidth = 72;
constexpr std::size_t kAllLayers = 10;     // an image of so many layers is shown whole
constexpr std::size_t kPathsOfLayer = 10;  // more are counted
constexpr std::size_t kStepsOfLayer = 6;

struct PathLine {
  std::string path;
  std::string facts;  // empty where the path is removed
};

struct Row {
  std::string verb;
  std::vector<PathLine> paths;  // when there are several
  std::string facts;            // of the only path
};

const char* VerbOf(const Removal& removal) {
  return removal.how == RemovalKind::kOverwritten ? "overwrites" : "deletes";
}

// What a layer does, strongest last: one that overwrites a path also stores it.
void Strengthen(const char* verb, Row* row) {
  static const std::vector<std::string> order = {"", "stores", "deletes", "overwrites"};
  const auto rank = [](const std::string& word) {
    return std::find(order.begin(), order.end(), word) - order.begin();
  };
  if (rank(verb) > rank(row->verb)) row->verb = verb;
}

std::map<int, Row> RowsOf(const std::vector<StoredEntry>& found) {
  std::set<std::string_view> paths;
  for (const StoredEntry& stored : found) paths.insert(stored.entry->path());
  const bool several = paths.size() > 1;
  std::map<int, Row> rows;
  for (const StoredEntry& stored : found) {
    Row& row = rows[stored.layer];
    Strengthen("stores", &row);
    const std::string path = Cut(Printable(stored.entry->path()), kPathWidth);
    if (several) {
      row.paths.push_back({"+ " + path, Facts(*stored.entry)});
    } else {
      row.facts =
          row.facts.empty() ? Facts(*stored.entry) : row.facts + "; " + Facts(*stored.entry);
    }
    if (!stored.removed_by) continue;
    Row& later = rows[stored.removed_by->layer];
    Strengthen(VerbOf(*stored.removed_by), &later);
    if (several && stored.removed_by->how != RemovalKind::kOverwritten) {
      later.paths.push_back({"- " + path, ""});
    }
  }
  return rows;
}

// The steps that made a layer; the last one alone, unless all are asked for.
std::vector<std::string> Steps(const Image& image, const Layer& layer, bool all,
                               const std::vector<Finding>& findings) {
  const auto steps = layer.steps();
  if (!steps) return {""};
  const auto text = [&](int step) {
    return Cut(StepText(image.history()[static_cast<std::size_t>(step)], findings), kHistoryWidth);
  };
  if (!all) return {text(steps->second)};
  std::vector<std::string> texts;
  for (int step = steps->first; step <= steps->second; ++step) texts.push_back(text(step));
  if (texts.size() > kStepsOfLayer) {
    const std::size_t more = texts.size() - kStepsOfLayer;
    texts.resize(kStepsOfLayer);
    texts.push_back("… and " + std::to_string(more) + " more steps");
  }
  return texts;
}

std::string Line(const std::string& text) {
  const std::size_t end = text.find_last_not_of(' ');
  return "\n    " + text.substr(0, end == std::string::npos ? 0 : end + 1);
}

class Table {
 public:
  Table(const Image& image, const std::vector<StoredEntry>& found)
      : image_(image), findings_(FindHistoryLeaks(image)), rows_(RowsOf(found)) {
    for (const auto& [layer, row] : rows_) verb_width_ = std::max(verb_width_, row.verb.size());
  }

  std::string Text() {
    const std::size_t count = image_.layers().size();
    MeasureHistory(count);
    std::size_t skipped = 0;
    for (std::size_t layer = 0; layer < count; ++layer) {
      if (count > kAllLayers && rows_.count(static_cast<int>(layer)) == 0) {
        ++skipped;
        continue;
      }
      Skip(&skipped);
      AddLayer(image_.layers()[layer]);
    }
    Skip(&skipped);
    if (!image_.history_matches_layers()) {
      text_ += Line("(The history does not fit the layers, so no layer's step is known.)");
    }
    return text_;
  }

 private:
  const Row& RowOf(int layer) const {
    static const Row none;
    const auto found = rows_.find(layer);
    return found == rows_.end() ? none : found->second;
  }

  std::vector<std::string> StepsOf(const Layer& layer) const {
    return Steps(image_, layer, rows_.count(layer.index()) != 0, findings_);
  }

  void MeasureHistory(std::size_t count) {
    for (std::size_t layer = 0; layer < count; ++layer) {
      if (count > kAllLayers && rows_.count(static_cast<int>(layer)) == 0) continue;
      for (const std::string& step : StepsOf(image_.layers()[layer])) {
        history_width_ = std::max(history_width_, Width(step));
      }
    }
    label_width_ = std::to_string(count == 0 ? 0 : count - 1).size() + sizeof("layer");
  }

  void Skip(std::size_t* skipped) {
    if (*skipped > 0) text_ += Line("… " + Count(*skipped, "other layer"));
    *skipped = 0;
  }

  void AddLayer(const Layer& layer) {
    const Row& row = RowOf(layer.index());
    const std::vector<std::string> steps = StepsOf(layer);
    const std::string label = Padded("layer " + std::to_string(layer.index()), label_width_) + "  ";
    const std::string verb = Padded(row.verb, verb_width_) + "  ";
    const std::string indent(label.size() + verb.size(), ' ');
    std::string first = Padded(steps[0], history_width_);
    if (!row.facts.empty()) first += (history_width_ == 0 ? "" : "   ") + row.facts;
    text_ += Line(label + verb + first);
    for (std::size_t i = 1; i < steps.size(); ++i) text_ += Line(indent + steps[i]);
    AddPaths(row.paths, indent + "  ");
  }

  void AddPaths(const std::vector<PathLine>& paths, const std::string& indent) {
    const std::size_t shown = std::min(paths.size(), kPathsOfLayer);
    std::size_t width = 0;
    for (std::size_t i = 0; i < shown; ++i) width = std::max(width, Width(paths[i].path));
    for (std::size_t i = 0; i < shown; ++i) {
      text_ += Line(indent + Padded(paths[i].path, width) + "   " + paths[i].facts);
    }
    if (paths.size() > shown) {
      text_ += Line(indent + "… and " + std::to_string(paths.size() - shown) + " more");
    }
  }

  const Image& image_;
  const std::vector<Finding> findings_;
  const std::map<int, Row> rows_;
  std::size_t verb_width_ = 0;
  std::size_t history_width_ = 0;
  std::size_t label_width_ = 0;
  std::string text_;
};

}  // namespace

std::string Count(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string Enumerated(const std::vector<std::string>& words, const char* last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? std::string(" ") + last + " " : ", ";
    text += words[i];
  }
  return text;
}

std::string Facts(const Entry& entry) {
  const std::string mode = ", mode " + ToString(entry.mode());
  switch (entry.type()) {
    case EntryType::kFile:
      return Count(entry.size(), "byte") + mode;
    case EntryType::kSymlink:
      return "symlink to " + Printable(entry.link());
    case EntryType::kHardlink:
      return "hard link to " + Printable(entry.link());
    case EntryType::kDirectory:
      return "directory" + mode;
    default:
      return ToString(entry.type()) + mode;
  }
}

std::string LayerTable(const Image& image, const std::vector<StoredEntry>& found) {
  return Table(image, found).Text();
}

}  // namespace watertight
