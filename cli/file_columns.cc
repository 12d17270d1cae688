#include "cli/file_columns.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <vector>

#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr std::int64_t kNone = -1;
constexpr std::int64_t kOfNoReason = 3;  // a hard link without a target

bool IsWhiteout(const Entry& entry) {
  return entry.type() == EntryType::kWhiteout || entry.type() == EntryType::kOpaque;
}

// Of an image with a layer that cannot be read: what the others store.
std::vector<StoredEntry> ReadableEntries(const Image& image) {
  std::vector<StoredEntry> rows;
  for (const Layer& layer : image.layers()) {
    if (layer.error() != nullptr) continue;
    for (const Entry& entry : layer.entries()) {
      if (entry.path().empty() || IsWhiteout(entry)) continue;
      StoredEntry& row = rows.emplace_back();
      row.layer = layer.index();
      row.entry = &entry;
      row.visible = true;
    }
  }
  return rows;
}

// By components: "a/b" stands before "a-b", as in a tree.
bool IsBefore(std::string_view a, std::string_view b) {
  const auto order = [](char c) { return c == '/' ? -1 : static_cast<unsigned char>(c); };
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [&](char left, char right) { return order(left) < order(right); });
}

class ColumnWriter {
 public:
  explicit ColumnWriter(const std::vector<StoredEntry>& rows) {
    columns_.rows.reserve(rows.size());
    for (const StoredEntry& row : rows) Add(row);
  }

  FileColumns Finish(bool judged) {
    std::string& json = columns_.json;
    json = "{\"judged\":";
    json += judged ? "true" : "false";
    json += ",\"names\":";
    AppendJsonString(names_, &json);
    const std::pair<const char*, const std::string&> columns[] = {
        {"depths", depths_}, {"layers", layers_}, {"attributes", attributes_},
        {"kinds", kinds_},   {"sizes", sizes_},   {"gone", gone_}};
    for (const auto& [name, column] : columns) {
      json += std::string(",\"") + name + "\":[" + column + "]";
    }
    json += "}";
    return std::move(columns_);
  }

 private:
  static void Append(std::int64_t number, std::string* column) {
    if (!column->empty()) *column += ',';
    AppendNumber(number, column);
  }

  void AddName(std::string_view name, std::size_t depth) {
    if (count_++ > 0) names_ += '/';
    AppendPrintable(name, &names_);
    Append(static_cast<std::int64_t>(depth), &depths_);
  }

  // Rows for the directories above that have none yet; the last component.
  void AddPath(std::string_view path) {
    const auto differs = std::mismatch(path.begin(), path.end(), last_.begin(), last_.end());
    auto same = static_cast<std::size_t>(differs.first - path.begin());
    const bool whole = same == last_.size() && (same == path.size() || path[same] == '/');
    if (whole && same == path.size()) {
      AddName("", static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')));
      return;
    }
    if (whole) {
      ++same;
    } else {
      while (same > 0 && path[same - 1] != '/') --same;
    }
    auto depth = static_cast<std::size_t>(
        std::count(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(same), '/'));
    for (std::size_t slash = path.find('/', same); slash != std::string_view::npos;
         slash = path.find('/', same)) {
      AddName(path.substr(same, slash - same), depth++);
      Append(kNone, &layers_);
      Append(kNone, &attributes_);
      Append(0, &sizes_);
      same = slash + 1;
    }
    AddName(path.substr(same), depth);
    last_ = path;
  }

  void Add(const StoredEntry& row) {
    AddPath(row.entry->path());
    const auto number = static_cast<std::uint32_t>(count_ - 1);
    columns_.rows.emplace(row.entry, number);
    Append(row.layer, &layers_);
    Append(KindOf(*row.entry), &attributes_);
    Append(static_cast<std::int64_t>(row.entry->size()), &sizes_);
    if (row.visible) return;
    Append(number, &gone_);
    Append(row.removed_by ? static_cast<std::int64_t>(row.removed_by->how) : kOfNoReason, &gone_);
    Append(row.removed_by ? row.removed_by->layer : kNone, &gone_);
  }

  std::int64_t KindOf(const Entry& entry) {
    const auto [kind, is_new] = known_kinds_.try_emplace(
        {entry.type(), entry.mode().bits, entry.uid(), entry.gid()}, known_kinds_.size());
    if (is_new) {
      if (!kinds_.empty()) kinds_ += ',';
      kinds_ += std::string("[\"") + ToString(entry.type()) + "\",\"" + ToString(entry.mode()) +
                "\"," + std::to_string(entry.uid()) + "," + std::to_string(entry.gid()) + "]";
    }
    return static_cast<std::int64_t>(kind->second);
  }

  FileColumns columns_;
  std::size_t count_ = 0;
  std::string_view last_;  // the path before
  std::string names_;
  std::string depths_;
  std::string layers_;
  std::string attributes_;
  std::string kinds_;
  std::string sizes_;
  std::string gone_;
  std::map<std::tuple<EntryType, std::uint16_t, std::uint32_t, std::uint32_t>, std::size_t>
      known_kinds_;
};

}  // namespace

FileColumns ColumnsOf(const Image& image) {
  const bool judged = image.unreadable_layers().empty();
  std::vector<StoredEntry> rows = judged ? image.stored() : ReadableEntries(image);
  std::stable_sort(rows.begin(), rows.end(), [](const StoredEntry& a, const StoredEntry& b) {
    return a.entry->path() == b.entry->path() ? a.layer < b.layer
                                              : IsBefore(a.entry->path(), b.entry->path());
  });
  return ColumnWriter(rows).Finish(judged);
}

}  // namespace watertight::cli
