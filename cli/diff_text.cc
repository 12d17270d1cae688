#include <algorithm>
#include <string>
#include <vector>

#include "cli/diff_report.h"
#include "cli/output.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr const char* kHeading = "1";
constexpr std::size_t kMostTouched = 10;  // more that differ in their mtime only are counted

struct Sign {
  const char* sign;
  const char* sgr;
};
constexpr Sign kSigns[] = {{"+", "32"}, {"-", "31"}, {"~", "33"}};

std::string MinuteText(std::int64_t seconds) {
  std::string text;
  AppendMinute(seconds, &text);
  return text;
}

// The value of an attribute that a person can compare at a glance; empty for the others.
std::string ValueText(const std::string& attribute, const RootfsEntry& row) {
  if (attribute == "type") return ToString(row.type());
  if (attribute == "mode") return ToString(row.mode());
  if (attribute == "owner") return std::to_string(row.uid()) + ":" + std::to_string(row.gid());
  if (attribute == "size") return HumanSize(row.size());
  if (attribute == "mtime") return MinuteText(row.mtime());
  if (attribute == "link") return Printable(row.link());
  return "";
}

// "mode 0644 → 0600, content".
std::string ChangesText(const FileChange& file) {
  std::string text;
  for (const std::string& attribute : file.attributes) {
    text += (text.empty() ? "" : ", ") + attribute;
    const std::string a = ValueText(attribute, *file.a);
    const std::string b = ValueText(attribute, *file.b);
    if (a != b) text += " " + a + " → " + b;
  }
  return text;
}

std::string FactsText(const RootfsEntry& row) {
  if (row.type() == EntryType::kFile) return HumanSize(row.size());
  if (row.type() == EntryType::kSymlink) return "symlink to " + Printable(row.link());
  return ToString(row.type());
}

bool OnlyTouched(const FileChange& file) {
  return file.change == Change::kChanged && file.attributes == std::vector<std::string>{"mtime"};
}

class Report {
 public:
  Report(const ComparedImage& a, const ComparedImage& b, const ImageDiff& diff, Output& out)
      : a_(a), b_(b), diff_(diff), out_(out) {}

  void Write() {
    WriteHead("A", a_.image);
    WriteHead("B", b_.image);
    if (diff_.empty()) {
      out_.Write("\nThe images do not differ.\n");
      return;
    }
    if (!diff_.files.empty()) WriteFiles();
    if (!diff_.fields.empty()) WriteFields();
    if (diff_.layers_differ) WriteLayers();
    if (diff_.history_differs) WriteHistory();
  }

 private:
  void WriteHead(const char* side, const Image& image) {
    std::string line = std::string(side) + "  " + Printable(image.reference());
    for (const std::string& tag : image.tags()) line += "   " + Printable(tag);
    out_.Write(line + "   " + ShortDigest(image.id()) + "\n");
  }

  void Heading(const std::string& text) { out_.Write("\n" + out_.Coloured(kHeading, text) + "\n"); }

  void Line(Change change, const std::string& text) {
    const Sign& sign = kSigns[static_cast<int>(change)];
    out_.Write("  " + out_.Coloured(sign.sgr, sign.sign) + "  " +
               Cut(text, out_.width() > 5 ? out_.width() - 5 : 0) + "\n");
  }

  std::string Counts() const {
    std::string text;
    for (const Change change : {Change::kAdded, Change::kRemoved, Change::kChanged}) {
      const auto count = std::count_if(diff_.files.begin(), diff_.files.end(),
                                       [&](const FileChange& f) { return f.change == change; });
      if (count == 0) continue;
      text += (text.empty() ? "" : ", ") + Thousands(static_cast<std::uint64_t>(count)) + " " +
              ToString(change);
    }
    return text;
  }

  void WriteFiles() {
    constexpr std::size_t kWidestPath = 48;
    Heading("Files: " + Counts());
    std::size_t columns = 0;
    for (const FileChange& file : diff_.files) {
      const std::size_t width = Columns(Printable((file.a ? file.a : file.b)->path()));
      if (width <= kWidestPath) columns = std::max(columns, width);
    }
    const std::size_t touched = static_cast<std::size_t>(
        std::count_if(diff_.files.begin(), diff_.files.end(), OnlyTouched));
    const bool fold = touched > kMostTouched;
    for (const FileChange& file : diff_.files) {
      if (fold && OnlyTouched(file)) continue;
      const RootfsEntry& row = file.a != nullptr ? *file.a : *file.b;
      const bool changed = file.change == Change::kChanged;
      Line(file.change, PadRight(Printable(row.path()), columns) + "   " +
                            (changed ? ChangesText(file) : FactsText(row)));
    }
    if (fold) Line(Change::kChanged, Thousands(touched) + " more differ in their mtime only");
  }

  void WriteFields() {
    Heading("Config: " + Counted(diff_.fields.size(), "field"));
    std::size_t columns = 0;
    for (const FieldChange& field : diff_.fields) {
      columns = std::max(columns, Columns(Printable(field.field)));
    }
    for (const FieldChange& field : diff_.fields) {
      std::string text = PadRight(Printable(field.field), columns) + "   ";
      if (field.change != Change::kAdded) text += Printable(Dump(field.a));
      if (field.change == Change::kChanged) text += " → ";
      if (field.change != Change::kRemoved) text += Printable(Dump(field.b));
      Line(field.change, text);
    }
  }

  void WriteLayers() {
    Heading("Layers: " + Thousands(diff_.shared_layers) + " shared");
    WriteLayersOf(a_, Change::kRemoved);
    WriteLayersOf(b_, Change::kAdded);
  }

  void WriteLayersOf(const ComparedImage& side, Change change) {
    for (std::size_t i = diff_.shared_layers; i < side.image.layers().size(); ++i) {
      const Layer& layer = side.image.layers()[i];
      std::string text = layer.Name() + "   " + PadLeft(HumanSize(layer.size()), 8);
      if (layer.step()) {
        const auto step = static_cast<std::size_t>(*layer.step());
        text += "   " + side.documents.Step(side.image.history()[step]);
      }
      Line(change, text);
    }
  }

  void WriteHistory() {
    std::string text = "History: " + Thousands(diff_.shared_steps) + " shared";
    if (diff_.steps_of_other_times > 0) {
      text += ", " + Thousands(diff_.steps_of_other_times) + " of them at other times";
    }
    Heading(text);
    WriteStepsOf(a_, Change::kRemoved);
    WriteStepsOf(b_, Change::kAdded);
  }

  void WriteStepsOf(const ComparedImage& side, Change change) {
    for (std::size_t i = diff_.shared_steps; i < side.image.history().size(); ++i) {
      Line(change, side.documents.Step(side.image.history()[i]));
    }
  }

  const ComparedImage& a_;
  const ComparedImage& b_;
  const ImageDiff& diff_;
  Output& out_;
};

}  // namespace

void WriteDiffText(const ComparedImage& a, const ComparedImage& b, const ImageDiff& diff,
                   Output& out) {
  Report(a, b, diff, out).Write();
}

}  // namespace watertight::cli
