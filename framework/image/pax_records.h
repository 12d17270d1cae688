// The records of PAX headers: as they are read, and packed for the index of a layer.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watertight {

// What the PAX headers of one entry state, sorted by key. Of a key that stands twice the last one
// counts. Cleared and filled again for each entry, it keeps its memory.
class PaxRecords {
 public:
  using Record = std::pair<std::string, std::string>;

  PaxRecords() = default;
  PaxRecords(std::initializer_list<Record> records);

  void Clear() { size_ = 0; }
  void Add(const PaxRecords& others);
  // Adds the records of a PAX body. False when one is malformed: then those before it are added.
  // The length of a record is trusted, never the newline: an xattr's value may hold any byte.
  bool Parse(std::string_view body);

  // Null when there is no such record.
  const std::string* Find(std::string_view key) const;
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  const Record* begin() const { return records_.data(); }
  const Record* end() const { return records_.data() + size_; }

 private:
  void Append(std::string_view key, std::string_view value);
  void Sort();

  std::vector<Record> records_;
  std::size_t size_ = 0;
};

// What records mostly repeat: they are packed as a reference to it.
struct PaxContext {
  std::string_view name;
  std::string_view link;
  std::int64_t mtime = 0;
};

// Keys of records of one layer; few, and the same for all its entries.
using PaxKeys = std::vector<std::string>;

// A path or linkpath record takes 2 bytes so, and a time some 6 instead of 30. Adds to *keys.
void PackPax(const PaxRecords& records, const PaxContext& context, PaxKeys* keys, std::string* out);
std::map<std::string, std::string> UnpackPax(std::string_view packed, const PaxContext& context,
                                             const PaxKeys& keys);

}  // namespace watertight
