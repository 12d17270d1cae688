#include "framework/scan/spelling.h"

#include <algorithm>
#include <utility>

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
  spellings->push_back(Utf16Spelling(value, true));
  spellings->push_back(Utf16Spelling(value, false));
  spellings->push_back(HexSpelling(shared));
  AddBase64({shared, 0, 0, {}}, spellings);
}

}  // namespace

Spellings SpellingsOf(const std::string& value) {
  const auto shared = std::make_shared<const std::string>(value);
  Spellings spellings;
  spellings.push_back(PlainSpelling(shared));
  spellings.push_back(Utf16Spelling(value, true));
  spellings.push_back(Utf16Spelling(value, false));
  spellings.push_back(HexSpelling(shared));
  AddBase64({shared, 0, 0, {}}, &spellings);
  const auto wide = std::make_shared<const std::string>(Utf16(value, true));
  AddBase64({wide, 0, 0, {"utf-16le"}}, &spellings);
  const auto hex = std::make_shared<const std::string>(Hexadecimal(value));
  AddBase64({hex, 0, 0, {"hex"}}, &spellings);
  for (std::size_t before = 0; before < 3; ++before) {
    AddBase64(Base64Of(value, before), &spellings);
  }
  for (EscapedText& escaped : EscapedTexts(value)) {
    AddBase64({std::make_shared<const std::string>(std::move(escaped.text)),
               0,
               0,
               {std::move(escaped.encoding)}},
              &spellings);
  }
  if (const auto other = WithOtherLineEnds(value)) AddOtherLineEnds(*other, &spellings);
  for (OneSpelling& escaped : EscapedSpellings(shared)) spellings.push_back(std::move(escaped));
  if (OneSpelling rewrapped = RewrappedSpelling(value)) spellings.push_back(std::move(rewrapped));
  return spellings;
}

}  // namespace watertight
