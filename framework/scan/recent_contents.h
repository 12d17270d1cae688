// Contents of files, cut out of the blocks that came last: that something stands in a file shows
// only when the file has gone by, and a compressed layer is not inflated again for it.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/image/block_stream.h"

namespace watertight {

// By the offsets of the contents in the tar.
using ContentsByOffset = std::map<std::uint64_t, std::string>;

// How many bytes of contents may be kept, of all layers together. Safe from several threads.
class ContentBudget {
 public:
  explicit ContentBudget(std::uint64_t bytes) : left_(bytes) {}
  // False, and nothing is taken, when less is left.
  bool Take(std::uint64_t bytes);

 private:
  std::atomic<std::uint64_t> left_;
};

class RecentContents {
 public:
  // A larger file is not kept.
  static constexpr std::uint64_t kLargest = std::uint64_t{4} << 20;

  // budget must outlive it.
  explicit RecentContents(ContentBudget* budget) : budget_(*budget) {}

  // A file stands there, and the files before it have been told of. wanted: it is kept whatever is
  // found. May be called in another thread than the rest.
  void Expect(std::uint64_t begin, std::uint64_t size, bool wanted);
  // The next block; hits: where something was found since the one before, in this block or before
  // it.
  void Take(SharedBlock block, const std::vector<std::uint64_t>& hits);
  // When all files have been told of: what is kept. hits: as for Take, of the end.
  ContentsByOffset Finish(const std::vector<std::uint64_t>& hits);

 private:
  struct File {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    bool wanted = false;
  };

  void Judge(std::uint64_t end);
  bool HasHit(const File& file) const;
  void Keep(const File& file);

  ContentBudget& budget_;
  std::mutex mutex_;
  std::vector<File> told_;  // of which no block knows yet
  std::deque<File> files_;  // which are not judged yet
  std::set<std::uint64_t> hits_;
  std::deque<std::pair<std::uint64_t, SharedBlock>> blocks_;  // by their offsets
  std::uint64_t held_ = 0;                                    // bytes of these
  std::uint64_t end_ = 0;                                     // of the last one
  ContentsByOffset kept_;
};

}  // namespace watertight
