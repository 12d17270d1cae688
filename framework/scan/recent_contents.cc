#include "framework/scan/recent_contents.h"

#include <algorithm>

namespace watertight {
namespace {

// Blocks that are held: a file of the largest size, and those in which what it holds shows.
constexpr std::uint64_t kHeld = RecentContents::kLargest + (std::uint64_t{1} << 20);

}  // namespace

bool ContentBudget::Take(std::uint64_t bytes) {
  std::uint64_t left = left_.load();
  while (left >= bytes) {
    if (left_.compare_exchange_weak(left, left - bytes)) return true;
  }
  return false;
}

void RecentContents::Expect(std::uint64_t begin, std::uint64_t size, bool wanted) {
  if (size > kLargest) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  told_.push_back({begin, begin + size, wanted});
}

// What ends in the block before is judged: what stands at the end of a block may show only with
// the bytes behind it.
void RecentContents::Take(SharedBlock block, const std::vector<std::uint64_t>& hits) {
  hits_.insert(hits.begin(), hits.end());
  Judge(end_);
  const std::uint64_t size = block->bytes.size();
  blocks_.emplace_back(end_, std::move(block));
  end_ += size;
  held_ += size;
  while (held_ > kHeld) {
    held_ -= blocks_.front().second->bytes.size();
    blocks_.pop_front();
  }
  hits_.erase(hits_.begin(), hits_.lower_bound(blocks_.front().first));
}

ContentsByOffset RecentContents::Finish(const std::vector<std::uint64_t>& hits) {
  hits_.insert(hits.begin(), hits.end());
  Judge(end_);
  blocks_.clear();
  return std::move(kept_);
}

// The files that end there or before.
void RecentContents::Judge(std::uint64_t end) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    files_.insert(files_.end(), told_.begin(), told_.end());
    told_.clear();
  }
  for (; !files_.empty() && files_.front().end <= end; files_.pop_front()) {
    if (files_.front().wanted || HasHit(files_.front())) Keep(files_.front());
    hits_.erase(hits_.begin(), hits_.lower_bound(files_.front().end));
  }
}

bool RecentContents::HasHit(const File& file) const {
  const auto hit = hits_.lower_bound(file.begin);
  return hit != hits_.end() && *hit < file.end;
}

void RecentContents::Keep(const File& file) {
  if (blocks_.empty() || blocks_.front().first > file.begin) return;
  if (!budget_.Take(file.end - file.begin)) return;
  std::string& content = kept_[file.begin];
  content.reserve(static_cast<std::size_t>(file.end - file.begin));
  for (const auto& [offset, block] : blocks_) {
    const std::uint64_t begin = std::max(offset, file.begin);
    const std::uint64_t end = std::min(offset + block->bytes.size(), file.end);
    if (begin < end) {
      content.append(block->bytes, static_cast<std::size_t>(begin - offset),
                     static_cast<std::size_t>(end - begin));
    }
  }
}

}  // namespace watertight
