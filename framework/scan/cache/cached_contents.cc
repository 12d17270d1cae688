#include "framework/scan/cache/cached_contents.h"

#include <utility>

#include "framework/scan/cache/packing.h"

namespace watertight {

const std::string* CachedContents::Find(std::size_t entry) {
  Load();
  const auto content = contents_.find(entry);
  return content == contents_.end() ? nullptr : &content->second;
}

void CachedContents::Keep(std::size_t entry, std::string content) {
  if (!Takes(content.size())) return;
  size_ += content.size();
  changed_ |= contents_.emplace(entry, std::move(content)).second;
}

void CachedContents::Load() {
  if (loaded_) return;
  loaded_ = true;
  const std::optional<std::string> text = folder_.Read(about_);
  if (!text) return;
  try {
    Unpacker packed(*text);
    if (packed.Text() != digest_) return;
    while (!packed.done()) {
      const auto entry = packed.Number<std::size_t>();
      std::string content = packed.Text();
      const bool fits = entry < entries_.size() && entries_[entry].size() == content.size();
      if (!fits) continue;
      size_ += content.size();
      contents_.emplace(entry, std::move(content));
    }
  } catch (const Error&) {
    // Those before are whole.
  }
}

void CachedContents::Save() {
  if (!changed_) return;
  changed_ = false;
  std::string text;
  PutText(digest_, &text);
  for (const auto& [entry, content] : contents_) {
    PutVarint(entry, &text);
    PutText(content, &text);
  }
  folder_.Write(about_, text);
}

}  // namespace watertight
