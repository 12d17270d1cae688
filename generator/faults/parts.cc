#include "generator/faults/parts.h"

#include <algorithm>
#include <utility>

#include "generator/archives/sha256.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::size_t kHexDigits = 64;

// The digits of a digest in a member's name; empty for one that has none.
std::string DigestIn(const std::string& name) {
  std::size_t begin = name.rfind('/') == name.npos ? 0 : name.rfind('/') + 1;
  if (name.compare(begin, 7, "sha256:") == 0) begin += 7;
  const std::string digits = name.substr(begin, kHexDigits);
  const bool hex =
      digits.size() == kHexDigits && digits.find_first_not_of("0123456789abcdef") == digits.npos;
  return hex ? digits : "";
}

bool IsDocument(const TarEntry& entry) {
  if (entry.type != '0' || entry.content.empty()) return false;
  const std::string first = entry.content.Part(0, 1).ToString();
  return first == "{" || first == "[";
}

void ReplaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The size in the descriptor around each digest: "size" stands before or behind it, in the same
// braces.
void ReplaceSizes(std::string& text, const std::string& digest, const std::string& size) {
  for (std::size_t at = text.find("sha256:" + digest); at != text.npos;
       at = text.find("sha256:" + digest, at + 1)) {
    const std::size_t open = text.rfind('{', at);
    const std::size_t close = text.find_first_of("{}", at);
    const std::size_t key = open == text.npos ? text.npos : text.find("\"size\":", open);
    if (key == text.npos || key > close) continue;
    const std::size_t begin = text.find_first_of("0123456789", key);
    const std::size_t end = text.find_first_not_of("0123456789", begin);
    text.replace(begin, end - begin, size);
  }
}

struct Rewritten {
  std::string name;
  std::string text;
};

// The first document that still states the old digest.
std::optional<Rewritten> NextReference(const Archive& archive, const std::string& old,
                                       const std::string& digest, const std::string& size) {
  for (const TarEntry& entry : archive.entries) {
    if (!IsDocument(entry)) continue;
    std::string text = entry.content.ToString();
    if (text.find(old) == text.npos) continue;
    ReplaceAll(text, old, digest);
    ReplaceSizes(text, digest, size);
    return Rewritten{entry.name, std::move(text)};
  }
  return std::nullopt;
}

}  // namespace

TarEntry& MemberOf(Archive& archive, const std::string& name) {
  const auto entry = std::ranges::find(archive.entries, name, &TarEntry::name);
  if (entry == archive.entries.end()) throw Error("the archive has no member " + name);
  return *entry;
}

TarEntry& TopLayerOf(Archive& archive) {
  if (archive.images.empty() || archive.images[0].layers.empty()) {
    throw Error("the image has no layers");
  }
  return MemberOf(archive, archive.images[0].layers.back().path);
}

TarEntry& ManifestOf(Archive& archive) {
  const std::string config = HexOf(archive.images.at(0).id);
  for (TarEntry& entry : archive.entries) {
    if (!entry.name.starts_with("blobs/") || !IsDocument(entry)) continue;
    const std::string text = entry.content.ToString();
    if (text.find("\"layers\"") != text.npos && text.find(config) != text.npos) return entry;
  }
  throw Error("the archive has no OCI manifest");
}

void Rewrite(Archive& archive, const std::string& name, const std::string& bytes) {
  TarEntry& member = MemberOf(archive, name);
  member.content = Rope(bytes);
  const std::string old = DigestIn(name);
  if (old.empty()) return;
  const std::string digest = Sha256Hex(bytes);
  ReplaceAll(member.name, old, digest);
  for (WrittenImage& image : archive.images) {
    ReplaceAll(image.id, old, digest);
    ReplaceAll(image.config_path, old, digest);
    for (WrittenLayer& layer : image.layers) ReplaceAll(layer.path, old, digest);
  }
  const std::string size = std::to_string(bytes.size());
  // One after the other: what refers to a document that changed its name changes too.
  while (std::optional<Rewritten> next = NextReference(archive, old, digest, size)) {
    Rewrite(archive, next->name, next->text);
  }
}

void RewriteJson(Archive& archive, const std::string& name, void (*change)(Json& document)) {
  Json document = ParseJson(MemberOf(archive, name).content.ToString(), name);
  change(document);
  Rewrite(archive, name, Write(document, kGoCompact));
}

}  // namespace watertight::generator
