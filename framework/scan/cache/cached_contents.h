// Contents of files of one layer, kept in a cache.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "framework/image/kept_contents.h"
#include "framework/scan/cache/cache_folder.h"
#include "watertight/entry.h"

namespace watertight {

// Loaded when the first one is asked for. They count only when they were read from a layer of this
// digest.
class CachedContents : public KeptContents {
 public:
  // digest: of the stored bytes of the layer.
  CachedContents(CacheFolder* folder, std::string about, std::string digest,
                 const std::vector<Entry>* entries)
      : folder_(*folder),
        about_(std::move(about)),
        digest_(std::move(digest)),
        entries_(*entries) {}

  const std::string* Find(std::size_t entry) override;
  bool Takes(std::uint64_t size) const override { return size <= kLargest && size_ <= kMost; }
  void Keep(std::size_t entry, std::string content) override;
  void Save() override;

 private:
  // Lists of packages fit, and most files that are compared with them.
  static constexpr std::uint64_t kLargest = std::uint64_t{32} << 20;
  static constexpr std::uint64_t kMost = std::uint64_t{96} << 20;

  void Load();

  CacheFolder& folder_;
  std::string about_;
  std::string digest_;
  const std::vector<Entry>& entries_;
  bool loaded_ = false;
  bool changed_ = false;
  std::uint64_t size_ = 0;
  std::map<std::size_t, std::string> contents_;  // by index of the entry
};

}  // namespace watertight
