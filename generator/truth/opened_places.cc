#include "generator/truth/opened_places.h"

#include <algorithm>
#include <string>
#include <utility>

#include "generator/build/decompress.h"
#include "generator/build/tar_reader.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr int kDeepest = 6;
constexpr std::size_t kBlock = 512;
constexpr std::size_t kMagicAt = 257;

std::vector<FoundForm> Places(std::string_view content, const FormSearch& search, int depth);

const char* NameOf(PackedAs packing) {
  constexpr const char* kNames[] = {"", "gzip", "bzip2", "xz", "zstd"};
  return kNames[static_cast<std::size_t>(packing)];
}

bool IsTar(std::string_view content) {
  return content.size() >= kBlock && content.substr(kMagicAt, 5) == "ustar";
}

std::vector<FoundForm> InTar(std::string_view content, const FormSearch& search, int depth) {
  std::vector<FoundForm> places;
  std::string rest(content);
  TarReader tar{Rope(rest)};
  try {
    while (const auto entry = tar.Next()) {
      const std::size_t size = entry->content.size();
      const std::size_t begin = tar.offset() - (size + kBlock - 1) / kBlock * kBlock;
      for (FoundForm& found : Places(content.substr(begin, size), search, depth + 1)) {
        found.nested.insert(found.nested.begin(), entry->name);
        found.at = begin;
        places.push_back(std::move(found));
      }
      std::fill_n(rest.begin() + static_cast<std::ptrdiff_t>(begin), size, '\0');
    }
  } catch (const Error&) {
    // What ends early was read as far as it goes.
  }
  std::ranges::move(search.Find(rest, content), std::back_inserter(places));
  return places;
}

std::vector<FoundForm> InStream(std::string_view content, const FormSearch& search, int depth) {
  const Rope file{std::string(content)};
  std::vector<FoundForm> places = search.Find(content);  // a name in the stream's header
  const Unpacked unpacked = Decompress(file);
  if (!unpacked.whole) return places;
  // Of several streams in a row, each with what was planted in it, all are undone here.
  std::erase_if(places, [](const FoundForm& found) { return found.is_container; });
  for (FoundForm& found : Places(unpacked.bytes.ToString(), search, depth + 1)) {
    found.encoding.insert(found.encoding.begin(), NameOf(PackingOf(file)));
    found.at = 0;
    places.push_back(std::move(found));
  }
  return places;
}

std::vector<FoundForm> Places(std::string_view content, const FormSearch& search, int depth) {
  const bool stream = PackingOf(Rope(std::string(content.substr(0, 8)))) != PackedAs::kPlain;
  if (depth == kDeepest || !(stream || IsTar(content))) return search.Find(content);
  std::vector<FoundForm> planted = search.Find(content);
  const bool whole = std::ranges::any_of(
      planted, [](const FoundForm& found) { return found.at == 0 && found.is_container; });
  if (whole) return planted;
  return stream ? InStream(content, search, depth) : InTar(content, search, depth);
}

}  // namespace

std::vector<FoundForm> PlacesInFile(std::string_view content, const FormSearch& search) {
  return Places(content, search, 0);
}

}  // namespace watertight::generator
