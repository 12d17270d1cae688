#include "generator/truth/spellings.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "generator/archives/json.h"
#include "generator/fixtures/encodings.h"

namespace watertight::generator {
namespace {

constexpr std::size_t kShortest = 8;

// Encodings of templates, with their modifiers, that look at one character after the other.
constexpr const char* kCharacterEncodings[] = {
    "json",      "json:slash", "c-escape", "percent", "html",           "hex",
    "hex:upper", "utf-16le",   "utf-16be", "rot13",   "unicode-escape", "reversed"};

void Add(std::vector<Spelling>& spellings, const std::string& value, Spelling spelling) {
  const auto same = [&spelling](const Spelling& other) { return other.bytes == spelling.bytes; };
  if (spelling.bytes.size() < kShortest || spelling.bytes == value) return;
  if (std::ranges::none_of(spellings, same)) spellings.push_back(std::move(spelling));
}

std::string EncodedText(const std::string& value, const std::string& encoding) {
  return Encoded({.bytes = value, .occurrences = {}}, encoding).bytes;
}

// As Go's encoding/json writes it, which also escapes what HTML would read.
std::string GoJson(const std::string& value) {
  const std::string quoted = Write(Json(value), kGoCompact);
  return quoted.substr(1, quoted.size() - 2);
}

// At each of the three alignments; the characters at the ends share bits with the neighbours.
void AddBase64(std::vector<Spelling>& spellings, const std::string& value, const char* encoding) {
  for (std::size_t lead = 0; lead < 3; ++lead) {
    const std::string digits = EncodedText(std::string(lead, '\0') + value, encoding);
    const std::size_t begin = 8 * lead;
    const std::size_t end = begin + 8 * value.size();
    const std::size_t first = (begin + 5) / 6;
    const std::size_t last = end / 6;
    Add(spellings, value,
        {.bytes = digits.substr(first, last - first),
         .before = first - begin / 6,
         .after = (end + 5) / 6 - last,
         .encoding = {encoding}});
  }
}

}  // namespace

std::vector<Spelling> SpellingsOf(const std::string& value) {
  std::vector<Spelling> spellings;
  const std::string json = GoJson(value);
  Add(spellings, value, {.bytes = json, .encoding = {"json"}});
  for (const std::string encoding : kCharacterEncodings) {
    Add(spellings, value,
        {.bytes = EncodedText(value, encoding),
         .encoding = {encoding.substr(0, encoding.find(':'))}});
  }
  // What leaves the slashes of a path alone.
  std::string path = EncodedText(value, "percent");
  for (std::size_t at = path.find("%2F"); at != path.npos; at = path.find("%2F", at)) {
    path.replace(at, 3, "/");
  }
  Add(spellings, value, {.bytes = path, .encoding = {"percent"}});
  if (json != value) Add(spellings, value, {.bytes = GoJson(json), .encoding = {"json", "json"}});
  AddBase64(spellings, value, "base64");
  AddBase64(spellings, value, "base64url");
  return spellings;
}

}  // namespace watertight::generator
