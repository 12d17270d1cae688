// The contents of many files of one layer in one pass: a compressed layer is inflated once, not
// once for each file.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "framework/image/sha256.h"
#include "watertight/image.h"

namespace watertight {

using ContentSink = std::function<void(const Entry& entry, std::string_view piece)>;

// Whole contents that are at hand.
using ReadyContents = std::unordered_map<const Entry*, std::string>;

// The files come one after the other, in the order of the layer but for empty and sparse ones, each
// at least once, an empty one with an empty piece. An entry that is named twice comes once. What is
// ready, which may be null, is not read again. Requires: entries of this layer. Throws: Error.
void ReadContents(const Layer& layer, std::vector<const Entry*> entries, const ContentSink& sink,
                  const ReadyContents* ready = nullptr);

// The SHA-256 of files of one image's rootfs: first all are wanted, then they are computed
// together.
class ContentHashes {
 public:
  void Want(const RootfsEntry& file) { wanted_[file.content_layer()].push_back(&file.content()); }
  // Throws: Error.
  void Compute(const Image& image);
  // Requires: it was wanted, and computed.
  const std::string& Of(const RootfsEntry& file) const { return hashes_.at(&file.content()); }

 private:
  void Take(const Entry& entry, std::string_view piece);
  void Finish();

  std::map<int, std::vector<const Entry*>> wanted_;  // by layer
  std::unordered_map<const Entry*, std::string> hashes_;
  const Entry* at_ = nullptr;
  std::optional<Sha256> hash_;
};

}  // namespace watertight
