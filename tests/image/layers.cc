#include "tests/image/layers.h"

#include <utility>

namespace watertight::testing {

LayerIndex MakeLayer(const std::vector<TestEntry>& entries) {
  EntryTable table;
  for (const TestEntry& entry : entries) {
    TarEntry tar;
    tar.name = entry.name;
    tar.type = entry.type;
    tar.link = entry.link;
    tar.mode = entry.type == '5' ? 0755 : 0644;
    tar.size = entry.content.size();
    tar.content_offset = 512 * (table.entries().size() + 1);  // tells the entries apart
    table.Add(tar);
  }
  LayerIndex index;
  index.entries = std::move(table.entries());
  index.notes = std::move(table.notes());
  index.tables = std::move(table.tables());
  return index;
}

std::vector<std::string> Rows(const Merged& merged) {
  std::vector<std::string> rows;
  for (const RootfsEntry& entry : merged.rootfs) {
    std::string row(entry.path());
    if (entry.type() == EntryType::kDirectory) row += "/";
    if (entry.type() == EntryType::kSymlink) row += " -> " + std::string(entry.link());
    if (entry.size() > 0) row += "=" + std::to_string(entry.size());
    rows.push_back(row);
  }
  return rows;
}

std::vector<std::string> Codes(const std::vector<LayerIndex>& layers, const Merged& merged) {
  std::vector<std::string> codes;
  for (const LayerIndex& layer : layers) {
    for (const Note& note : layer.notes) codes.push_back(note.code);
  }
  for (const Note& note : merged.notes) codes.push_back(note.code);
  return codes;
}

MergedLayers Merge(const std::vector<std::vector<TestEntry>>& layers) {
  MergedLayers result;
  for (const auto& entries : layers) result.layers.push_back(MakeLayer(entries));
  std::vector<const LayerIndex*> indexes;
  for (const LayerIndex& layer : result.layers) indexes.push_back(&layer);
  result.merged = MergeLayers(indexes);
  return result;
}

}  // namespace watertight::testing
