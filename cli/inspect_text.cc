#include <algorithm>
#include <string>
#include <vector>

#include "cli/config_text.h"
#include "cli/entry_lines.h"
#include "cli/inspect.h"
#include "cli/layer_changes.h"
#include "cli/notes.h"
#include "cli/output.h"
#include "cli/redaction.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/scan/fate.h"

namespace watertight::cli {
namespace {

constexpr std::size_t kFirstOnes = 20;
constexpr std::size_t kWidestPath = 64;
constexpr const char* kHeading = "1";
constexpr const char* kFaint = "2";
constexpr const char* kAlarm = "33";

// One line of the table: a layer, or a step that made none.
struct Row {
  std::string layer;
  std::string size;
  std::string files;
  std::string text;
};

std::string FilesText(const LayerChanges& changes, bool base) {
  if (base) return Thousands(changes.added);
  std::string text;
  const auto add = [&text](const char* sign, std::uint64_t count) {
    if (count > 0) text += (text.empty() ? "" : " ") + (sign + Thousands(count));
  };
  add("+", changes.added);
  add("~", changes.changed);
  add("-", changes.removed);
  return text.empty() ? "0" : text;
}

class Page {
 public:
  Page(const Image& image, bool all, Output& out)
      : image_(image), all_(all), out_(out), documents_(image), complete_(IsComplete(image)) {
    RequireReadable(image);
    if (!complete_) return;
    changes_ = CountChanges(image);
    hidden_ = HiddenFiles(image);
  }

  void Write() {
    WriteHead();
    WriteLayers();
    if (!image_.history_matches_layers()) WriteUnattributedHistory();
    WriteHidden();
    WriteConfig();
    WriteAttestations();
    WriteNotes();
  }

 private:
  void Line(const std::string& text) { out_.Write(Cut(text, out_.width()) + "\n"); }
  void Heading(const std::string& text) {
    out_.Write("\n" + out_.Coloured(kHeading, Cut(text, out_.width())) + "\n");
  }

  void WriteHead() {
    std::string line = out_.Coloured(kHeading, Printable(image_.reference()));
    for (const std::string& tag : image_.tags()) line += "   " + Printable(tag);
    const std::string platform = image_.config().Platform();
    if (!platform.empty()) line += "   " + Printable(platform);
    line += "   " + ShortDigest(image_.id());
    if (!image_.config().created.empty()) line += "   " + ShortTime(image_.config().created);
    out_.Write(line + "\n" + Counted(image_.layers().size(), "layer") + ", " + Sum() + "\n");
  }

  std::string Sum() const {
    if (!complete_) {
      const auto absent = std::count_if(image_.layers().begin(), image_.layers().end(),
                                        [](const Layer& layer) { return !layer.present(); });
      return Thousands(static_cast<std::uint64_t>(absent)) +
             " of them not in this archive, so what is visible is not known";
    }
    const std::string size = HumanSize(image_.size());
    if (hidden_.empty()) return size + ", all of it visible";
    return size + ", of which " +
           out_.Coloured(kAlarm,
                         HumanSize(image_.wasted()) + " in " + Counted(hidden_.size(), "file") +
                             (hidden_.size() == 1 ? " is" : " are") + " stored but not visible");
  }

  Row RowOf(const Layer& layer, const std::string& text) const {
    Row row;
    row.layer = std::to_string(layer.index());
    row.size = layer.present() ? HumanSize(layer.size()) : "absent";
    if (complete_) {
      row.files = FilesText(changes_[static_cast<std::size_t>(layer.index())], layer.index() == 0);
    }
    row.text = text;
    return row;
  }

  // The rows of a step; of the last one that went into a layer, all that did.
  void AddStep(const HistoryStep& step, std::vector<Row>* rows) const {
    if (!step.layer) {
      rows->push_back({"·", "", "", documents_.Step(step)});
      return;
    }
    const Layer& layer = image_.layers()[static_cast<std::size_t>(*step.layer)];
    const auto [first, last] = *layer.steps();
    if (first == last) {
      rows->push_back(RowOf(layer, documents_.Step(step)));
      return;
    }
    rows->resize(rows->size() - static_cast<std::size_t>(last - first));
    rows->push_back(RowOf(layer, "one layer for steps " + std::to_string(first) + " to " +
                                     std::to_string(last) + ":"));
    for (int i = first; i <= last; ++i) {
      const HistoryStep& part = image_.history()[static_cast<std::size_t>(i)];
      rows->push_back({"·", "", "", "  " + documents_.Step(part)});
    }
  }

  void WriteLayers() {
    std::vector<Row> rows;
    const bool matches = image_.history_matches_layers();
    if (matches) {
      for (const HistoryStep& step : image_.history()) AddStep(step, &rows);
    } else {
      for (const Layer& layer : image_.layers()) {
        rows.push_back(RowOf(layer, ShortDigest(layer.diff_id())));
      }
    }
    if (rows.empty()) return;
    WriteTable({"LAYER", "SIZE", "FILES", matches ? "HISTORY" : "DIFF_ID"}, rows);
  }

  void WriteTable(const Row& head, const std::vector<Row>& rows) {
    std::size_t size_columns = Columns(head.size);
    std::size_t files_columns = Columns(head.files);
    for (const Row& row : rows) {
      size_columns = std::max(size_columns, Columns(row.size));
      files_columns = std::max(files_columns, Columns(row.files));
    }
    const auto text = [&](const Row& row) {
      return Cut("  " + PadLeft(row.layer, Columns(head.layer)) + "  " +
                     PadLeft(row.size, size_columns) + "  " + PadLeft(row.files, files_columns) +
                     "  " + row.text,
                 out_.width());
    };
    out_.Write("\n" + out_.Coloured(kHeading, text(head)) + "\n");
    for (const Row& row : rows) {
      const bool faint = row.size.empty();
      out_.Write((faint ? out_.Coloured(kFaint, text(row)) : text(row)) + "\n");
    }
  }

  void WriteUnattributedHistory() {
    const auto filled = static_cast<std::uint64_t>(
        std::count_if(image_.history().begin(), image_.history().end(),
                      [](const HistoryStep& step) { return !step.empty_layer; }));
    if (image_.history().empty()) {
      Heading("No history is recorded");
      return;
    }
    Heading("The history does not match: it has " + Counted(filled, "step") +
            " with a layer, the image has " + Counted(image_.layers().size(), "layer"));
    for (const HistoryStep& step : image_.history()) Line("  " + documents_.Step(step));
  }

  // How many of the rows are shown.
  std::size_t Shown(std::size_t count) const { return all_ ? count : std::min(count, kFirstOnes); }

  void WriteRest(std::size_t count) {
    if (Shown(count) == count) return;
    Line("  … and " + Thousands(count - Shown(count)) + " more (--all lists them)");
  }

  void WriteHidden() {
    if (hidden_.empty()) return;
    Heading("Stored but not visible");
    std::size_t path_columns = 0;
    std::size_t size_columns = 0;
    const std::size_t shown = Shown(hidden_.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const Entry& entry = *hidden_[i]->entry;
      const std::size_t columns = Columns(Printable(entry.path()));
      if (columns <= kWidestPath) path_columns = std::max(path_columns, columns);
      size_columns = std::max(size_columns, Columns(HumanSize(entry.size())));
    }
    for (std::size_t i = 0; i < shown; ++i) {
      const Entry& entry = *hidden_[i]->entry;
      Line("  " + PadRight(Printable(entry.path()), path_columns) + "   " +
           PadLeft(HumanSize(entry.size()), size_columns) + "   " + FateText(*hidden_[i]));
    }
    WriteRest(hidden_.size());
  }

  void WriteConfig() {
    const std::vector<ConfigLine> lines = ConfigLines(documents_.config());
    if (lines.empty()) return;
    Heading("Config");
    std::size_t name_columns = 0;
    for (const ConfigLine& line : lines) name_columns = std::max(name_columns, Columns(line.name));
    for (const ConfigLine& line : lines) {
      Line("  " + PadRight(line.name, name_columns) + "   " + line.text);
    }
  }

  void WriteAttestations() {
    bool first = true;
    for (const Manifest& manifest : image_.manifests()) {
      if (manifest.kind != ManifestKind::kAttestation || !manifest.selected) continue;
      for (const Attestation& attestation : manifest.attestations) {
        if (first) Heading("Attestations");
        first = false;
        Line("  " + Printable(attestation.predicate_type) + "   " + Printable(attestation.blob));
      }
    }
  }

  void WriteNotes() {
    const std::vector<Note>& notes = image_.notes();
    if (notes.empty()) return;
    Heading("Notes");
    for (std::size_t i = 0; i < Shown(notes.size()); ++i) Line("  " + NoteText(notes[i]));
    WriteRest(notes.size());
  }

  const Image& image_;
  const bool all_;
  Output& out_;
  const RedactedDocuments documents_;
  const bool complete_;
  std::vector<LayerChanges> changes_;
  std::vector<const StoredEntry*> hidden_;
};

}  // namespace

void WriteInspectText(const Image& image, bool all, Output& out) { Page(image, all, out).Write(); }

}  // namespace watertight::cli
