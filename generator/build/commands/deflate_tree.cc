#include "generator/build/commands/deflate_tree.h"

#include <algorithm>

namespace watertight::generator::commands {
namespace {

class TreeBuilder {
 public:
  TreeBuilder(std::vector<std::uint32_t>& counts, unsigned longest)
      : counts_(counts),
        symbols_(counts.size()),
        longest_(longest),
        weight_(2 * counts.size()),
        depth_(2 * counts.size()),
        parent_(2 * counts.size()),
        length_(2 * counts.size()) {}

  DeflateTree Build() {
    FillHeap();
    Merge();
    SetLengths();
    DeflateTree tree{.lengths = std::vector<std::uint8_t>(symbols_), .last = last_};
    for (std::size_t i = 0; i < symbols_; ++i) {
      tree.lengths[i] = counts_[i] == 0 ? 0 : static_cast<std::uint8_t>(length_[i]);
    }
    return tree;
  }

 private:
  void FillHeap() {
    heap_.push_back(0);  // counted from 1
    for (std::size_t i = 0; i < symbols_; ++i) {
      weight_[i] = counts_[i];
      if (counts_[i] == 0) continue;
      heap_.push_back(i);
      last_ = i;
      used_ = true;
    }
    while (heap_.size() < 3) {
      std::size_t added = 0;
      if (!used_ || last_ < 2) added = last_ = used_ ? last_ + 1 : 0;
      used_ = true;
      counts_[added] = 1;
      weight_[added] = 1;
      heap_.push_back(added);
    }
    for (std::size_t i = (heap_.size() - 1) / 2; i >= 1; --i) Sink(i);
  }

  bool Before(std::size_t a, std::size_t b) const {
    return weight_[a] < weight_[b] || (weight_[a] == weight_[b] && depth_[a] <= depth_[b]);
  }

  void Sink(std::size_t at) {
    const std::size_t node = heap_[at];
    for (std::size_t child = 2 * at; child < heap_.size(); child *= 2) {
      if (child + 1 < heap_.size() && Before(heap_[child + 1], heap_[child])) ++child;
      if (Before(node, heap_[child])) break;
      heap_[at] = heap_[child];
      at = child;
    }
    heap_[at] = node;
  }

  // Joins the two lightest until one is left; `order_` is every node from the lightest on.
  void Merge() {
    std::size_t node = symbols_;
    do {
      const std::size_t least = heap_[1];
      heap_[1] = heap_.back();
      heap_.pop_back();
      Sink(1);
      const std::size_t next = heap_[1];
      order_.push_back(least);
      order_.push_back(next);
      weight_[node] = weight_[least] + weight_[next];
      depth_[node] = std::max(depth_[least], depth_[next]) + 1;
      parent_[least] = parent_[next] = node;
      heap_[1] = node++;
      Sink(1);
    } while (heap_.size() > 2);
    root_ = heap_[1];
  }

  void SetLengths() {
    std::vector<std::size_t> of_length(longest_ + 1);
    std::int64_t overflow = 0;
    length_[root_] = 0;
    for (auto node = order_.rbegin(); node != order_.rend(); ++node) {
      unsigned length = length_[parent_[*node]] + 1;
      if (length > longest_) {
        length = longest_;
        ++overflow;
      }
      length_[*node] = length;
      if (*node < symbols_) ++of_length[length];
    }
    if (overflow > 0) Shorten(of_length, overflow);
  }

  void Shorten(std::vector<std::size_t>& of_length, std::int64_t overflow) {
    for (; overflow > 0; overflow -= 2) {
      unsigned length = longest_ - 1;
      while (of_length[length] == 0) --length;
      --of_length[length];
      of_length[length + 1] += 2;
      --of_length[longest_];
    }
    auto leaf = order_.begin();
    for (unsigned length = longest_; length > 0; --length) {
      for (std::size_t left = of_length[length]; left > 0; ++leaf) {
        if (*leaf >= symbols_) continue;
        length_[*leaf] = length;
        --left;
      }
    }
  }

  std::vector<std::uint32_t>& counts_;
  const std::size_t symbols_;
  const unsigned longest_;
  std::vector<std::uint64_t> weight_;
  std::vector<unsigned> depth_;
  std::vector<std::size_t> parent_;
  std::vector<unsigned> length_;
  std::vector<std::size_t> heap_;
  std::vector<std::size_t> order_;
  std::size_t root_ = 0;
  std::size_t last_ = 0;
  bool used_ = false;
};

std::uint32_t Reversed(std::uint32_t code, unsigned length) {
  std::uint32_t reversed = 0;
  for (; length > 0; --length, code >>= 1) reversed = reversed << 1 | (code & 1);
  return reversed;
}

}  // namespace

DeflateTree BuildDeflateTree(std::vector<std::uint32_t>& counts, unsigned longest) {
  return TreeBuilder(counts, longest).Build();
}

std::vector<std::uint32_t> DeflateCodes(std::span<const std::uint8_t> lengths) {
  std::vector<std::uint32_t> codes(lengths.size());
  std::uint32_t code = 0;
  for (unsigned length = 1; length <= 15; ++length, code <<= 1) {
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      if (lengths[i] == length) codes[i] = Reversed(code++, length);
    }
  }
  return codes;
}

}  // namespace watertight::generator::commands
