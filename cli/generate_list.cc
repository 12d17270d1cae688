#include "cli/generate_list.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/text.h"
#include "generator/archives/archive.h"
#include "generator/builders/builder.h"

namespace watertight::cli {
namespace {

struct Row {
  std::string name;
  std::string about;
};

std::vector<Row> BuilderRows() {
  std::vector<Row> rows;
  for (const generator::Builder& each : generator::Builders()) {
    rows.push_back({each.name, each.about});
  }
  return rows;
}

std::vector<Row> ArchiveRows() {
  std::vector<Row> rows;
  for (const generator::ArchiveWriter& each : generator::ArchiveWriters()) {
    rows.push_back({each.name, each.about});
  }
  return rows;
}

std::string Names(const std::vector<Row>& rows) {
  std::string names;
  for (const Row& row : rows) names += (names.empty() ? "" : ", ") + row.name;
  return names;
}

std::string JsonRows(const std::vector<Row>& rows) {
  std::string text = "[";
  for (const Row& row : rows) {
    text += text.size() == 1 ? "\n" : ",\n";
    text += " {\"name\": ";
    AppendJsonString(row.name, &text);
    text += ", \"about\": ";
    AppendJsonString(row.about, &text);
    text += "}";
  }
  return text + "\n]\n";
}

std::string TextRows(const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.name.size());
  std::string text;
  for (const Row& row : rows) text += PadRight(row.name, width) + "  " + row.about + "\n";
  return text;
}

}  // namespace

std::string NamesOfBuilders() { return Names(BuilderRows()); }
std::string NamesOfArchives() { return Names(ArchiveRows()); }

int RunGenerateList(const std::string& what, const std::string& format, Output& out) {
  const std::vector<Row> rows = what == "builders" ? BuilderRows() : ArchiveRows();
  out.Write(format == "json" ? JsonRows(rows) : TextRows(rows));
  return kWell;
}

}  // namespace watertight::cli
