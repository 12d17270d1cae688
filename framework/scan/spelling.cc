#include "framework/scan/spelling.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "framework/scan/spelling_anchors.h"
#include "framework/scan/spelling_kinds.h"

namespace watertight {

Form MakeForm(std::string_view text, std::uint8_t mark, bool caseless) {
  Form form;
  form.size = static_cast<std::uint8_t>(std::min(text.size(), kLongestForm));
  std::copy_n(text.begin(), form.size, form.bytes.begin());
  form.mark = mark;
  form.caseless = caseless;
  return form;
}

std::vector<std::string> TextsOf(const Form& form) {
  std::string upper(form.text());
  for (char& c : upper) {
    if (form.caseless && c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  if (upper == form.text()) return {upper};
  return {std::string(form.text()), upper};
}

namespace {

void AddBase64(const Base64Content& content, Spellings* spellings) {
  for (std::size_t before = 0; before < 3; ++before) {
    spellings->push_back(Base64Spelling(content, before));
  }
}

// A key that went through a program that writes other line ends. Where these are bytes of a text,
// it is the same key (RewrappedSpelling); here they are encoded.
void AddOtherLineEnds(const std::string& value, Spellings* spellings) {
  const auto shared = std::make_shared<const std::string>(value);
  spellings->push_back(PlainSpelling(shared));
  spellings->push_back(Utf16Spelling(value, true));
  spellings->push_back(Utf16Spelling(value, false));
  spellings->push_back(HexSpelling(shared, {}));
  AddBase64({shared, 0, 0, {}}, spellings);
  for (OneSpelling& escaped : EscapedSpellings(shared)) spellings->push_back(std::move(escaped));
}

}  // namespace

Spellings SpellingsOf(const std::string& value) {
  const auto shared = std::make_shared<const std::string>(value);
  Spellings spellings;
  spellings.push_back(PlainSpelling(shared));
  spellings.push_back(Utf16Spelling(value, true));
  spellings.push_back(Utf16Spelling(value, false));
  spellings.push_back(HexSpelling(shared, {}));
  AddBase64({shared, 0, 0, {}}, &spellings);
  const auto wide = std::make_shared<const std::string>(Utf16(value, true));
  AddBase64({wide, 0, 0, {"utf-16le"}}, &spellings);
  const auto hex = std::make_shared<const std::string>(Hexadecimal(value));
  AddBase64({hex, 0, 0, {"hex"}}, &spellings);
  for (std::size_t before = 0; before < 3; ++before) {
    Base64Content base64 = Base64Of(value, before);
    spellings.push_back(HexSpelling(base64.bytes, base64.encoding));
    AddBase64(std::move(base64), &spellings);
  }
  for (EscapedText& escaped : EscapedTexts(value)) {
    AddBase64({std::make_shared<const std::string>(std::move(escaped.text)),
               0,
               0,
               {std::move(escaped.encoding)}},
              &spellings);
  }
  for (OneSpelling& escaped : EscapedSpellings(shared)) spellings.push_back(std::move(escaped));
  if (OneSpelling rewrapped = RewrappedSpelling(value)) spellings.push_back(std::move(rewrapped));
  if (const auto other = WithOtherLineEnds(value)) AddOtherLineEnds(*other, &spellings);
  return spellings;
}

namespace {

bool IsUnbroken(char c) { return c > ' ' && c < 0x7f && c != '='; }

// Of a part that a line of quoted-printable text ends in: what stands on the side that has more.
void AddFoldedHints(std::string_view value, std::size_t begin, std::size_t end,
                    std::vector<std::string>* hints) {
  constexpr std::size_t kMost = kLongestAnchor - 1;
  constexpr std::size_t kLeast = 4;
  for (std::size_t middle = begin + 1; middle < end; ++middle) {
    std::size_t first = middle;
    while (first > 0 && middle - first < kMost && IsUnbroken(value[first - 1])) --first;
    std::size_t last = middle;
    while (last < value.size() && last - middle < kMost && IsUnbroken(value[last])) ++last;
    if (std::max(last - middle, middle - first) < kLeast) continue;
    const bool behind = last - middle > middle - first;
    hints->push_back(behind ? "\n" + std::string(value.substr(middle, last - middle))
                            : std::string(value.substr(first, middle - first)) + "=");
  }
}

}  // namespace

std::vector<std::string> HintsOf(const std::string& value) {
  constexpr std::size_t kLeast = 6;
  std::vector<std::string> hints = {";&#"};  // a page that numbers every character
  std::size_t best = 0;
  std::size_t best_size = 0;
  std::size_t begin = 0;
  if (value.size() >= kLongestAnchor) {  // where the plain spelling has its anchor, if it can be
    const std::size_t rarest = RarestPart(value, kLongestAnchor);
    const std::string_view part = std::string_view(value).substr(rarest, kLongestAnchor);
    if (std::all_of(part.begin(), part.end(), IsUnescaped)) {
      best = rarest;
      best_size = kLongestAnchor;
    }
  }
  for (std::size_t at = 0; at < value.size() && best_size < kLongestAnchor; ++at) {
    if (!IsUnescaped(value[at])) begin = at + 1;
    const std::size_t size = std::min(at + 1 - begin, kLongestAnchor);
    if (size <= best_size) continue;
    best = at + 1 - size;
    best_size = size;
  }
  if (best_size < kLeast) return hints;
  hints.push_back(value.substr(best, best_size));
  AddFoldedHints(value, best, best + best_size, &hints);
  return hints;
}

}  // namespace watertight
