// Percent, JSON, JSON in JSON, C, \u, HTML, quoted-printable and quotes: every character as itself
// or escaped. What programs escape differs, so each character may be either.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <utility>

#include "framework/image/path.h"
#include "framework/scan/html_entities.h"
#include "framework/scan/spelling_anchors.h"
#include "framework/scan/spelling_kinds.h"

namespace watertight {
namespace {

enum Mark : std::uint8_t {
  kEscaped = 1,   // as this style must or may write it
  kNeedless = 2,  // \u of a letter or digit: the text escapes everything
};

std::string Number(const char* format, unsigned number) {
  char text[kLongestForm];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

unsigned Byte(char c) { return static_cast<unsigned char>(c); }

// The UTF-16 units of a character of UTF-8, or of a single byte.
std::vector<unsigned> WideUnits(std::string_view character) {
  const std::string wide = Utf16(std::string(character), false);
  std::vector<unsigned> units;
  for (std::size_t i = 0; i + 1 < wide.size(); i += 2) {
    units.push_back(Byte(wide[i]) << 8 | Byte(wide[i + 1]));
  }
  return units;
}

std::string BackslashU(std::string_view character) {
  std::string text;
  for (const unsigned unit : WideUnits(character)) text += Number("\\u%04x", unit);
  return text;
}

// The letter of a short escape such as \n; 0 when there is none.
char ShortEscape(char c, std::string_view plain, std::string_view letters) {
  const std::size_t at = plain.find(c);
  return at == std::string_view::npos ? '\0' : letters[at];
}

void AddShort(char c, std::string_view plain, std::string_view letters, Forms* forms) {
  const char letter = ShortEscape(c, plain, letters);
  if (letter != '\0') forms->push_back(MakeForm(std::string("\\") + letter, kEscaped));
}

void PercentForms(std::string_view character, Forms* forms) {
  forms->push_back(MakeForm(Number("%%%02x", Byte(character[0])), kEscaped, true));
  if (character[0] == ' ') forms->push_back(MakeForm("+", kEscaped));
  if (character[0] == '\n') forms->push_back(MakeForm("%0d%0a", kEscaped, true));
  forms->push_back(MakeForm(character));
}

// An address within an address. Nobody escapes letters and digits so.
void PercentTwiceForms(std::string_view character, Forms* forms) {
  if (!IsUnescaped(character[0])) {
    forms->push_back(MakeForm(Number("%%25%02x", Byte(character[0])), kEscaped, true));
  }
  if (character[0] == ' ') forms->push_back(MakeForm("%2b", kEscaped, true));
  forms->push_back(MakeForm(character));
}

void JsonForms(std::string_view character, Forms* forms) {
  forms->push_back(
      MakeForm(BackslashU(character), IsUnescaped(character[0]) ? kNeedless : kEscaped, true));
  AddShort(character[0], "\"\\/\b\f\n\r\t'", "\"\\/bfnrt'", forms);
  forms->push_back(MakeForm(character));
}

// Backslashes and quotes of the inner text are escaped once more.
void JsonInJsonForms(std::string_view character, Forms* forms) {
  Forms inner;
  JsonForms(character, &inner);
  for (const Form& form : inner) {
    if (form.text() == "\"") continue;  // could only end the outer text
    std::string text;
    for (const char c : form.text()) {
      if (c == '\\' || c == '"') text += '\\';
      text += c;
    }
    if (text.size() <= kLongestForm) forms->push_back(MakeForm(text, form.mark, form.caseless));
  }
}

// Shells, sed and patterns have a backslash before any mark.
bool IsMark(char c) { return c >= ' ' && c <= '~' && !IsUnescaped(c); }

void CForms(std::string_view character, Forms* forms) {
  const unsigned byte = Byte(character[0]);
  forms->push_back(MakeForm(Number("\\x%02x", byte), kEscaped, true));
  forms->push_back(MakeForm(Number("\\%03o", byte), kEscaped));
  if (byte < 0100) forms->push_back(MakeForm(Number("\\%02o", byte), kEscaped));
  if (byte < 010) forms->push_back(MakeForm(Number("\\%o", byte), kEscaped));
  AddShort(character[0], "\a\b\f\n\r\t\v", "abfnrtv", forms);
  if (IsMark(character[0])) {
    forms->push_back(MakeForm("\\" + std::string(character), kEscaped));
  }
  forms->push_back(MakeForm(character));
}

std::uint32_t CodePoint(std::string_view character) {
  const std::vector<unsigned> units = WideUnits(character);
  if (units.size() < 2) return units[0];
  return 0x10000 + ((units[0] & 0x3ff) << 10) + (units[1] & 0x3ff);
}

void UnicodeForms(std::string_view character, Forms* forms) {
  forms->push_back(MakeForm(BackslashU(character), kEscaped, true));
  forms->push_back(MakeForm(Number("\\U%08x", CodePoint(character)), kEscaped, true));
  forms->push_back(MakeForm(Number("\\u{%x}", CodePoint(character)), kEscaped, true));
  AddShort(character[0], "\"\\/\b\f\n\r\t'", "\"\\/bfnrt'", forms);
  forms->push_back(MakeForm(character));
}

// HTML and XML name five characters and number all; HTML names those of Latin-1 too.
void HtmlForms(std::string_view character, Forms* forms) {
  struct Named {
    char character;
    const char* entity;
  };
  constexpr Named kNamed[] = {
      {'&', "&amp;"}, {'"', "&quot;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'\'', "&apos;"}};
  const std::uint32_t code = CodePoint(character);
  forms->push_back(MakeForm(Number("&#%u;", code), kEscaped));
  forms->push_back(MakeForm(Number("&#x%x;", code), kEscaped, true));
  forms->push_back(MakeForm(Number("&#%03u;", code), kEscaped));
  forms->push_back(MakeForm(Number("&#x%04x;", code), kEscaped, true));
  for (const Named& named : kNamed) {
    if (named.character == character[0]) forms->push_back(MakeForm(named.entity, kEscaped));
  }
  if (const std::string_view name = Latin1Entity(code); !name.empty()) {
    forms->push_back(MakeForm("&" + std::string(name) + ";", kEscaped));
  }
  forms->push_back(MakeForm(character));
}

// An address in a page that numbers every character, in decimal or in hex.
void HtmlOfPercentForms(std::string_view character, Forms* forms) {
  const bool plain = IsUnescaped(character[0]);
  for (const char* percent : {"%%%02X", "%%%02x"}) {
    const std::string inner = plain ? std::string(character) : Number(percent, Byte(character[0]));
    for (const char* format : {"&#%u;", "&#x%x;"}) {
      std::string text;
      for (const char c : inner) text += Number(format, Byte(c));
      forms->push_back(MakeForm(text, plain ? 0 : kEscaped));
    }
  }
}

// RFC 2045, 6.7: also a line may end anywhere, behind a =.
void QuotedPrintableForms(std::string_view character, Forms* forms) {
  const std::string number = Number("=%02x", Byte(character[0]));
  forms->push_back(MakeForm(number, kEscaped, true));
  for (const char* line_end : {"=\n", "=\r\n"}) {
    forms->push_back(MakeForm(line_end + number, kEscaped, true));
    forms->push_back(MakeForm(line_end + std::string(character), kEscaped));
  }
  if (character == "\n") {
    forms->push_back(MakeForm("=0d=0a", kEscaped, true));
    forms->push_back(MakeForm("\r\n"));
  }
  if (character != "=") forms->push_back(MakeForm(character));
}

// Twice, in what is quoted: SQL, YAML, CSV, and the signs of variables and formats; or as shells
// have it between other quotes, and PowerShell behind a grave accent.
constexpr std::string_view kQuoted = "'\"`$%";

void QuotedForms(std::string_view character, Forms* forms) {
  if (kQuoted.find(character) != std::string_view::npos) {
    forms->push_back(MakeForm(std::string(2, character[0]), kEscaped));
    forms->push_back(MakeForm("`" + std::string(character), kEscaped));
  }
  if (character == "'") {
    for (const char* text : {R"('\'')", R"('"'"')"}) forms->push_back(MakeForm(text, kEscaped));
  }
  forms->push_back(MakeForm(character));
}

// A line end that is one byte of the value.
bool IsLongLineEnd(const Form& form) {
  constexpr std::string_view kTexts[] = {"%0d%0a", "=0d=0a", "\r\n"};
  return std::find(std::begin(kTexts), std::end(kTexts), form.text()) != std::end(kTexts);
}

struct Style {
  std::vector<std::string> encoding;
  void (*forms)(std::string_view character, Forms* forms);
  bool by_bytes;          // else by characters of UTF-8
  std::uint8_t required;  // one of these marks, or it is another spelling's
  std::uint8_t refused;
  std::size_t always;        // so many of the forms escape everything: anchors of their own
  bool folds = false;        // a line may end inside of any unescaped part
  std::string_view of = {};  // the characters that it escapes, when they are few
};

const Style kStyles[] = {
    {{"json"}, JsonForms, false, kEscaped, kNeedless, 0},
    {{"json", "json"}, JsonInJsonForms, false, kEscaped, kNeedless, 0},
    {{"c-escape"}, CForms, true, kEscaped, 0, 2},
    {{"unicode-escape"}, UnicodeForms, false, kEscaped, 0, 3},
    {{"percent"}, PercentForms, true, kEscaped, 0, 1},
    {{"percent", "percent"}, PercentTwiceForms, true, kEscaped, 0, 0},
    {{"html"}, HtmlForms, false, kEscaped, 0, 2},
    {{"html", "percent"}, HtmlOfPercentForms, true, kEscaped, 0, 4},
    {{"quoted-printable"}, QuotedPrintableForms, true, kEscaped, 0, 1, true},
    {{"quotes"}, QuotedForms, true, kEscaped, 0, 0, false, kQuoted},
};

std::size_t CharacterSize(std::string_view text, bool by_bytes) {
  const unsigned lead = Byte(text[0]);
  if (by_bytes || lead < 0xc0) return 1;
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

// Where characters begin; empty when each is one byte.
std::vector<std::size_t> CharacterBegins(const std::string& value, bool by_bytes) {
  const bool ascii = std::all_of(value.begin(), value.end(), [](char c) { return Byte(c) < 0x80; });
  if (by_bytes || ascii || !IsUtf8(value)) return {};
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < value.size();
       at += CharacterSize(std::string_view(value).substr(at), false)) {
    begins.push_back(at);
  }
  begins.push_back(value.size());
  return begins;
}

class Escaped : public Spelling {
 public:
  Escaped(SharedValue value, const Style& style)
      : value_(std::move(value)), style_(style), begins_(CharacterBegins(*value_, style.by_bytes)) {
    for (const char c : *value_) {
      Forms& forms = of_bytes_[Byte(c)];
      if (forms.empty()) AddForms(std::string_view(&c, 1), &forms);
    }
  }

  std::size_t units() const override {
    return begins_.empty() ? value_->size() : begins_.size() - 1;
  }

  void FormsOf(std::size_t unit, Forms* forms) const override {
    const std::string_view character = Character(unit);
    if (character.size() > 1) return AddForms(character, forms);
    const Forms& known = of_bytes_[Byte(character[0])];
    // A line end that is two bytes of the value must not take the first one's form with its own.
    const bool second = character[0] == '\n' && unit > 0 && Character(unit - 1) == "\r";
    std::copy_if(known.begin(), known.end(), std::back_inserter(*forms),
                 [&](const Form& form) { return !second || !IsLongLineEnd(form); });
  }

  std::vector<Anchor> Anchors() const override {
    std::vector<Anchor> anchors = UsualAnchors();
    for (std::size_t kind = 0; kind < style_.always; ++kind) AddAlways(kind, &anchors);
    return anchors;
  }

  bool Encoding(std::uint8_t marks, std::vector<std::string>* chain) const override {
    *chain = style_.encoding;
    return (marks & style_.required) != 0 && (marks & style_.refused) == 0;
  }

 private:
  void AddForms(std::string_view character, Forms* forms) const {
    style_.forms(character, forms);
    std::stable_sort(forms->begin(), forms->end(),
                     [](const Form& a, const Form& b) { return a.size > b.size; });
  }

  // Texts that the units of an anchor can have.
  static constexpr std::size_t kMostTexts = 32;

  std::string_view Character(std::size_t unit) const {
    if (begins_.empty()) return std::string_view(*value_).substr(unit, 1);
    return std::string_view(*value_).substr(begins_[unit], begins_[unit + 1] - begins_[unit]);
  }

  // Of an unescaped character, the character alone: texts that escape it escape everything.
  std::vector<std::string> UsualTexts(std::size_t unit) const {
    const std::string_view character = Character(unit);
    if (IsUnescaped(character[0])) return {std::string(character)};
    Forms forms;
    FormsOf(unit, &forms);
    std::vector<std::string> texts;
    for (const Form& form : forms) {
      for (std::string& text : TextsOf(form)) {
        if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
      }
    }
    return texts;
  }

  // All texts of the units from `unit` on, until they are long enough or too many.
  std::vector<std::string> TextsFrom(std::size_t unit) const {
    std::vector<std::string> texts = {""};
    for (; unit < units(); ++unit) {
      const std::vector<std::string> next = UsualTexts(unit);
      if (texts.size() * next.size() > kMostTexts || Shortest(texts) >= kLongestAnchor) break;
      std::vector<std::string> longer;
      for (const std::string& text : texts) {
        for (const std::string& form : next) longer.push_back(text + form);
      }
      texts = std::move(longer);
    }
    return texts;
  }

  static std::size_t Shortest(const std::vector<std::string>& texts) {
    return std::min_element(texts.begin(), texts.end(),
                            [](const auto& a, const auto& b) { return a.size() < b.size(); })
        ->size();
  }

  std::vector<Anchor> UsualAnchors() const {
    std::vector<std::string> best;
    std::size_t best_unit = 0;
    const auto better = [&](const std::vector<std::string>& texts) {
      const std::size_t mine = std::min(Shortest(texts), kLongestAnchor);
      const std::size_t other = std::min(Shortest(best), kLongestAnchor);
      return mine != other ? mine > other : texts.size() < best.size();
    };
    const std::size_t plain = PlainRun();
    if (plain != std::string::npos) {
      best_unit = plain;
      best = {value_->substr(plain, kLongestAnchor)};
    }
    for (std::size_t unit = 0; best.size() != 1 && unit < std::min(units(), kAnchorUnits); ++unit) {
      std::vector<std::string> texts = TextsFrom(unit);
      if (!best.empty() && !better(texts)) continue;
      best = std::move(texts);
      best_unit = unit;
    }
    std::vector<Anchor> anchors;
    for (const std::string& text : best) {
      anchors.push_back({text.substr(0, kLongestAnchor), best_unit, 0});
    }
    if (style_.folds && plain != std::string::npos) AddNeighbour(plain, &anchors);
    return anchors;
  }

  // A line that ends inside of one anchor does not end inside of the next one too.
  void AddNeighbour(std::size_t plain, std::vector<Anchor>* anchors) const {
    for (const std::size_t at : {plain + kLongestAnchor, plain - kLongestAnchor}) {
      if (at > value_->size() || value_->size() - at < kLongestAnchor) continue;
      const std::string part = value_->substr(at, kLongestAnchor);
      if (!std::all_of(part.begin(), part.end(), IsUnescaped) || Repeats(part)) continue;
      anchors->push_back({part, at, 0});
      return;
    }
  }

  // Where the plain spelling has its anchor, if nothing in it is ever escaped.
  std::size_t PlainRun() const {
    if (!begins_.empty() || value_->size() < kLongestAnchor) return std::string::npos;
    const std::size_t at = RarestPart(*value_, kLongestAnchor);
    const std::string_view part = std::string_view(*value_).substr(at, kLongestAnchor);
    return std::all_of(part.begin(), part.end(), IsUnescaped) ? at : std::string::npos;
  }

  // The last bytes of two or more units, each in the form of that number. Of \U0000006b, zeros and
  // digits, which are common: there the anchor stands over the begin of the last unit.
  void AddAlways(std::size_t kind, std::vector<Anchor>* anchors) const {
    for (const bool upper : {false, true}) {
      std::string text;
      std::size_t last = 0;
      for (std::size_t unit = 0; unit < units() && text.size() < kLongestAnchor + kLongestForm;
           ++unit) {
        last = text.size();
        Forms forms;
        style_.forms(Character(unit), &forms);
        // What has fewer forms is written as its last one: itself.
        const Form& form = forms[std::min(kind, forms.size() - 1)];
        text += upper ? TextsOf(form).back() : TextsOf(form).front();
        if (unit > 0 && text.size() >= kLongestAnchor) break;
      }
      std::size_t cut = text.size() > kLongestAnchor ? text.size() - kLongestAnchor : 0;
      const bool common =
          std::all_of(text.begin() + static_cast<std::ptrdiff_t>(cut), text.end(), IsUnescaped);
      if (common && last >= kLongestAnchor / 2) cut = last - kLongestAnchor / 2;
      anchors->push_back({text.substr(cut, kLongestAnchor), 0, -static_cast<std::ptrdiff_t>(cut)});
    }
  }

  SharedValue value_;
  const Style& style_;
  std::vector<std::size_t> begins_;
  // Of the bytes that the value holds: values may have megabytes.
  std::array<Forms, 256> of_bytes_;
};

}  // namespace

std::vector<OneSpelling> EscapedSpellings(const SharedValue& value) {
  std::vector<OneSpelling> spellings;
  for (const Style& style : kStyles) {
    if (!style.of.empty() && value->find_first_of(style.of) == std::string::npos) continue;
    spellings.push_back(std::make_unique<Escaped>(value, style));
  }
  return spellings;
}

}  // namespace watertight
