// Which bytes of a text are taken.

#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>

namespace watertight {

class Places {
 public:
  // All bytes from begin to end are taken.
  bool Covers(std::size_t begin, std::size_t end) const {
    const auto after = ends_.upper_bound(begin);
    return after != ends_.begin() && std::prev(after)->second >= end;
  }

  bool Overlaps(std::size_t begin, std::size_t end) const {
    const auto after = ends_.lower_bound(end);
    return after != ends_.begin() && std::prev(after)->second > begin;
  }

  void Add(std::size_t begin, std::size_t end) {
    auto at = ends_.upper_bound(begin);
    if (at != ends_.begin() && std::prev(at)->second >= begin) --at;
    while (at != ends_.end() && at->first <= end) {
      begin = std::min(begin, at->first);
      end = std::max(end, at->second);
      at = ends_.erase(at);
    }
    ends_[begin] = end;
  }

 private:
  std::map<std::size_t, std::size_t> ends_;  // by begin; apart from one another
};

}  // namespace watertight
