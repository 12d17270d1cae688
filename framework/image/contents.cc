#include "framework/image/contents.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "framework/image/entry_table.h"
#include "framework/image/kept_contents.h"

namespace watertight {
namespace {

void ReadAlone(const Entry& entry, const ContentSink& sink) {
  sink(entry, {});
  entry.ReadTo([&](std::string_view piece) { sink(entry, piece); });
}

// Gives every file its part of the layer's bytes. Requires: sorted by offset.
class Cutter {
 public:
  Cutter(const std::vector<const Entry*>& entries, const ContentSink& sink)
      : next_(entries.begin()), end_(entries.end()), sink_(sink) {}

  void Take(std::string_view piece) {
    const std::uint64_t piece_end = position_ + piece.size();
    for (; next_ != end_ && (*next_)->content_offset() < piece_end; ++next_) {
      const Entry& entry = **next_;
      const std::uint64_t begin = std::max(entry.content_offset(), position_);
      const std::uint64_t content_end = entry.content_offset() + entry.size();
      const std::uint64_t end = std::min(content_end, piece_end);
      sink_(entry, piece.substr(static_cast<std::size_t>(begin - position_),
                                static_cast<std::size_t>(end - begin)));
      if (content_end > piece_end) break;
    }
    position_ = piece_end;
  }

 private:
  std::vector<const Entry*>::const_iterator next_;
  std::vector<const Entry*>::const_iterator end_;
  const ContentSink& sink_;
  std::uint64_t position_ = 0;
};

// Requires: sorted.
void ReadStored(const Layer& layer, std::vector<const Entry*> entries, const ContentSink& sink) {
  // What a sparse file has in the layer is not its content.
  const bool each_alone = layer.compression() == Compression::kNone || entries.size() < 2;
  const auto together = std::stable_partition(
      entries.begin(), entries.end(),
      [&](const Entry* entry) { return each_alone || entry->sparse() || entry->size() == 0; });
  std::for_each(entries.begin(), together, [&](const Entry* entry) { ReadAlone(*entry, sink); });
  entries.erase(entries.begin(), together);
  if (entries.empty()) return;
  Cutter cutter(entries, sink);
  layer.ReadTo([&cutter](std::string_view piece) { cutter.Take(piece); });
}

// In the order of the layer.
using AtHand = std::map<const Entry*, const std::string*>;

// Takes what is at hand out of the entries. What is ready is kept too.
AtHand TakeReady(const Layer& layer, const ReadyContents& ready, KeptContents* kept,
                 std::vector<const Entry*>* entries) {
  AtHand at_hand;
  std::vector<const Entry*> others;
  for (const Entry* entry : *entries) {
    const auto index = static_cast<std::size_t>(entry - layer.entries().data());
    const std::string* content = kept == nullptr ? nullptr : kept->Find(index);
    const auto found = ready.find(entry);
    if (content == nullptr && found != ready.end()) {
      content = &found->second;
      if (kept != nullptr && kept->Takes(content->size())) kept->Keep(index, *content);
    }
    content == nullptr ? others.push_back(entry) : void(at_hand[entry] = content);
  }
  *entries = std::move(others);
  return at_hand;
}

void ReadAndKeep(const Layer& layer, const std::vector<const Entry*>& entries,
                 const ContentSink& sink, KeptContents* kept) {
  std::map<const Entry*, std::string> read;
  ReadStored(layer, entries, [&](const Entry& entry, std::string_view piece) {
    if (kept->Takes(entry.size())) read[&entry] += piece;
    sink(entry, piece);
  });
  for (auto& [entry, content] : read) {
    if (content.size() != entry->size()) continue;
    kept->Keep(static_cast<std::size_t>(entry - layer.entries().data()), std::move(content));
  }
}

}  // namespace

void ReadContents(const Layer& layer, std::vector<const Entry*> entries, const ContentSink& sink,
                  const ReadyContents* ready) {
  std::sort(entries.begin(), entries.end());  // as in the layer
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  if (entries.empty()) return;
  KeptContents* const kept = EntryTable::Kept(*entries.front());
  const ReadyContents none;
  const AtHand at_hand = TakeReady(layer, ready == nullptr ? none : *ready, kept, &entries);
  auto next = at_hand.begin();
  const auto give_before = [&](const Entry* entry) {
    for (; next != at_hand.end() && (entry == nullptr || next->first < entry); ++next) {
      sink(*next->first, *next->second);
    }
  };
  const ContentSink in_order = [&](const Entry& entry, std::string_view piece) {
    give_before(&entry);
    sink(entry, piece);
  };
  if (kept != nullptr) {
    ReadAndKeep(layer, entries, in_order, kept);
  } else {
    ReadStored(layer, std::move(entries), in_order);
  }
  give_before(nullptr);
}

void ContentHashes::Compute(const Image& image) {
  for (auto& [layer, entries] : wanted_) {
    ReadContents(image.layers()[static_cast<std::size_t>(layer)], std::move(entries),
                 [this](const Entry& entry, std::string_view piece) { Take(entry, piece); });
    Finish();
  }
  wanted_.clear();
}

void ContentHashes::Take(const Entry& entry, std::string_view piece) {
  if (&entry != at_) {
    Finish();
    at_ = &entry;
    hash_.emplace();
  }
  hash_->Update(piece);
}

void ContentHashes::Finish() {
  if (at_ != nullptr) hashes_[at_] = hash_->Digest();
  at_ = nullptr;
}

}  // namespace watertight
