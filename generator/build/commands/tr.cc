// tr.

#include <array>
#include <cctype>
#include <optional>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"

namespace watertight::generator::commands {
namespace {

// A set as tr writes it: a-z, \n, \012, [:alpha:], [=x=], [x*], [x*5].
class SetReader {
 public:
  explicit SetReader(std::string_view text) : text_(text) {}

  // Where "[x*]" stands, which fills up to the length of the other set; npos for nowhere.
  std::size_t fill_at = std::string::npos;
  char fill = 0;

  std::string Read() {
    std::string set;
    while (at_ < text_.size()) {
      if (Bracketed(set)) continue;
      const unsigned char from = Byte();
      if (at_ + 1 < text_.size() && text_[at_] == '-') {
        ++at_;
        const unsigned char to = Byte();
        if (to < from) NotModelled("tr " + std::string(text_));
        for (int c = from; c <= to; ++c) set += static_cast<char>(c);
      } else {
        set += static_cast<char>(from);
      }
    }
    return set;
  }

 private:
  bool Bracketed(std::string& set) {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("[:")) {
      const std::size_t end = rest.find(":]");
      if (end == rest.npos) return false;
      AddClass(rest.substr(2, end - 2), set);
      at_ += end + 2;
      return true;
    }
    if (rest.size() >= 5 && rest.starts_with("[=") && rest.substr(3, 2) == "=]") {
      set += rest[2];
      at_ += 5;
      return true;
    }
    if (rest.size() >= 4 && rest[0] == '[' && rest[2] == '*') {
      const std::size_t end = rest.find(']', 3);
      if (end == rest.npos) return false;
      const std::string digits(rest.substr(3, end - 3));
      if (digits.find_first_not_of("0123456789") != digits.npos) return false;
      if (digits.empty()) {
        fill_at = set.size();
        fill = rest[1];
      } else {
        set.append(std::stoul(digits, nullptr, digits[0] == '0' ? 8 : 10), rest[1]);
      }
      at_ += end + 1;
      return true;
    }
    return false;
  }

  static void AddClass(std::string_view name, std::string& set) {
    struct Class {
      std::string_view name;
      int (*test)(int);
    };
    constexpr std::array kClasses = {
        Class{"alnum", std::isalnum}, Class{"alpha", std::isalpha}, Class{"blank", std::isblank},
        Class{"cntrl", std::iscntrl}, Class{"digit", std::isdigit}, Class{"graph", std::isgraph},
        Class{"lower", std::islower}, Class{"print", std::isprint}, Class{"punct", std::ispunct},
        Class{"space", std::isspace}, Class{"upper", std::isupper}, Class{"xdigit", std::isxdigit},
    };
    for (const Class& row : kClasses) {
      if (row.name != name) continue;
      for (int c = 0; c < 128; ++c) {
        if (row.test(c) != 0) set += static_cast<char>(c);
      }
      return;
    }
    NotModelled("tr [:" + std::string(name) + ":]");
  }

  unsigned char Byte() {
    const char c = text_[at_++];
    if (c != '\\' || at_ == text_.size()) return static_cast<unsigned char>(c);
    const char escaped = text_[at_++];
    if (escaped >= '0' && escaped <= '7') {
      int value = escaped - '0';
      for (int i = 0; i < 2 && at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '7'; ++i) {
        value = value * 8 + (text_[at_++] - '0');
      }
      return static_cast<unsigned char>(value);
    }
    constexpr std::string_view kLetters = "abfnrtv\\";
    constexpr std::string_view kBytes = "\a\b\f\n\r\t\v\\";
    const std::size_t index = kLetters.find(escaped);
    return static_cast<unsigned char>(index == kLetters.npos ? escaped : kBytes[index]);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

using Membership = std::array<bool, 256>;

Membership MembersOf(const std::string& set) {
  Membership members{};
  for (const char c : set) members[static_cast<unsigned char>(c)] = true;
  return members;
}

std::string Complement(const std::string& set) {
  const Membership members = MembersOf(set);
  std::string rest;
  for (int c = 0; c < 256; ++c) {
    if (!members[static_cast<std::size_t>(c)]) rest += static_cast<char>(c);
  }
  return rest;
}

std::string Squeezed(const std::string& text, const Membership& squeezed) {
  std::string out;
  for (const char c : text) {
    if (!out.empty() && out.back() == c && squeezed[static_cast<unsigned char>(c)]) continue;
    out += c;
  }
  return out;
}

std::string Without(const std::string& text, const Membership& removed) {
  std::string out;
  for (const char c : text) {
    if (!removed[static_cast<unsigned char>(c)]) out += c;
  }
  return out;
}

std::string Translated(std::string text, const std::string& from, const std::string& to) {
  std::array<char, 256> map;
  for (std::size_t c = 0; c < 256; ++c) map[c] = static_cast<char>(c);
  for (std::size_t i = 0; i < from.size(); ++i) map[static_cast<unsigned char>(from[i])] = to[i];
  for (char& c : text) c = map[static_cast<unsigned char>(c)];
  return text;
}

int CheckOperands(Process& process, const std::vector<std::string>& sets, bool deletes,
                  bool squeezes) {
  if (sets.empty()) return MisusedBy(process, "missing operand");
  if (sets.size() < 2 && deletes == squeezes) {
    if (process.busybox()) return MisusedBy(process, "");
    process.Fail("missing operand after " + Quoted(sets[0]));
    process.Write(2, deletes
                         ? "Two strings must be given when both deleting and squeezing repeats.\n"
                         : "Two strings must be given when translating.\n");
    process.Write(2, "Try '" + NameOf(process) + " --help' for more information.\n");
    return 1;
  }
  const std::size_t most = deletes && !squeezes ? 1 : 2;
  if (sets.size() > most) {
    if (process.busybox() && sets.size() == 2) return 0;
    process.Fail("extra operand " + Quoted(sets[most]));
    if (most == 1) {
      process.Write(2, "Only one string may be given when deleting without squeezing repeats.\n");
    }
    process.Write(2, "Try '" + NameOf(process) + " --help' for more information.\n");
    return 1;
  }
  return 0;
}

}  // namespace

int Tr(Process& process) {
  const Options options(
      process, process.busybox() ? "+cCds" : "+cCdst",
      {{"complement", 'c'}, {"delete", 'd'}, {"squeeze-repeats", 's'}, {"truncate-set1", 't'}});
  const std::vector<std::string>& sets = options.operands();
  const bool deletes = options.Has('d');
  const bool squeezes = options.Has('s');
  const int misused = CheckOperands(process, sets, deletes, squeezes);
  if (misused != 0) return misused;
  std::string from = SetReader(sets[0]).Read();
  if (options.HasAny("cC")) from = Complement(from);
  std::string to;
  if (sets.size() > 1) {
    SetReader reader(sets[1]);
    to = reader.Read();
    if (reader.fill_at != std::string::npos && from.size() > to.size()) {
      to.insert(reader.fill_at, from.size() - to.size(), reader.fill);
    }
  }
  std::string text = process.ReadAllText(0);
  if (deletes) {
    text = Without(text, MembersOf(from));
    if (squeezes) text = Squeezed(text, MembersOf(to));
  } else if (to.empty() && sets.size() == 1) {
    text = Squeezed(text, MembersOf(from));
  } else {
    if (to.empty()) return process.Fail("when not truncating set1, string2 must be non-empty");
    if (options.Has('t')) {
      from = from.substr(0, to.size());
    } else if (from.size() > to.size()) {
      to.append(from.size() - to.size(), to.back());
    }
    text = Translated(std::move(text), from, to);
    if (squeezes) text = Squeezed(text, MembersOf(to));
  }
  process.Write(1, text);
  return 0;
}

}  // namespace watertight::generator::commands
