#include "framework/scan/rules/settings.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace watertight {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsQuote(char c) { return c == '"' || c == '\''; }

// Words of a line before a name that is set.
constexpr std::string_view kSetters[] = {
    "export",   "ENV",     "ARG",     "env", "set", "SET",   "setenv",      "local",        "-",
    "readonly", "declare", "typeset", "-x",  "-e",  "--env", "--build-arg", "Environment=", "RUN"};

// In front of the header of the next file in a tar stand many NULs, and behind it, before the
// file's first line; between the strings of programs one or two.
bool BeginsFile(std::string_view before) {
  constexpr std::size_t kFewest = 12;
  return before.empty() ||
         (before.size() >= kFewest &&
          before.substr(before.size() - kFewest).find_first_not_of('\0') == before.npos);
}

// Nothing but blanks, quotes and kSetters stands before the name.
bool BeginsLine(std::string_view before) {
  while (!before.empty()) {
    while (!before.empty() && (IsBlank(before.back()) || IsQuote(before.back()))) {
      before.remove_suffix(1);
    }
    if (before.empty() || before.back() == '\n' || before.back() == '\r') return true;
    if (before.back() == '\0') return BeginsFile(before);
    const auto* const word =
        std::find_if(std::begin(kSetters), std::end(kSetters), [&](std::string_view one) {
          if (!before.ends_with(one)) return false;
          const std::size_t rest = before.size() - one.size();
          return rest == 0 || before[rest - 1] <= ' ' || IsQuote(before[rest - 1]);
        });
    if (word == std::end(kSetters)) return false;
    before.remove_suffix(word->size());
  }
  return true;
}

// Nothing but blanks and a comment stands behind the value.
bool EndsLine(std::string_view behind) {
  if (!behind.empty() && IsQuote(behind.front())) behind.remove_prefix(1);
  const std::size_t blanks = std::min(behind.find_first_not_of(" \t"), behind.size());
  const std::string_view rest = behind.substr(blanks);
  return rest.empty() || rest.front() == '\n' || rest.front() == '\r' || rest.front() == '\0' ||
         (blanks > 0 && rest.front() == '#');
}

// PASSWORD=value, --password=value, db.password=value among the words of a command.
// Options of a mount stand between commas.
bool StandsAmongWords(std::string_view before, std::string_view behind) {
  const char first = BeginsFile(before) ? '\n' : before.back();
  const char last = behind.empty() ? '\n' : behind.front();
  const bool ends = IsBlank(last) || last == '\n';
  return (first == ',' && (last == ',' || ends)) || ((IsBlank(first) || first == '\n') && ends);
}

}  // namespace

bool StandsInSetting(const RuleHit& hit, std::string_view name) {
  const std::size_t end = hit.begin + hit.value.size();
  const std::string_view behind = hit.text.substr(end);
  const char open = hit.begin == 0 ? '\0' : hit.text[hit.begin - 1];
  if (IsQuote(open) && (behind.starts_with(open) ||
                        (behind.starts_with('\\') && behind.substr(1).starts_with(open)))) {
    return true;
  }
  if (open == '>' && behind.starts_with("</")) return true;
  if (name.data() < hit.text.data() || name.data() > hit.value.data()) return false;
  const auto at = static_cast<std::size_t>(name.data() - hit.text.data());
  const std::string_view before = hit.text.substr(0, at);
  const bool tight = at + name.size() + 1 == hit.begin;
  if (tight && hit.text[hit.begin - 1] == '=' && StandsAmongWords(before, behind)) return true;
  return EndsLine(behind) && BeginsLine(before);
}

bool StandsInEnvironment(const RuleHit& hit, std::string_view name) {
  if (name.data() < hit.text.data() || name.data() > hit.value.data()) return false;
  const auto at = static_cast<std::size_t>(name.data() - hit.text.data());
  const std::size_t sign = at + name.size();
  const bool variable = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  const bool quoted = sign + 2 == hit.begin && IsQuote(hit.text[sign + 1]);
  return variable && hit.text[sign] == '=' && (sign + 1 == hit.begin || quoted) &&
         BeginsLine(hit.text.substr(0, at)) &&
         EndsLine(hit.text.substr(hit.begin + hit.value.size()));
}

bool IsUrlOfSetting(std::string_view text, std::size_t at) {
  static const re2::RE2 kBefore(
      R"((?:\A|[\n\x00])[ \t]*(?:export[ \t]+|ENV[ \t]+|-[ \t]+)?([\w.-]+)[ \t]*[:=][ \t]*["']?[a-z][\w.+-]*\z)");
  static const re2::RE2 kBehind(R"(\A[^\s"']*["']?[ \t]*(?:[\r\n\x00]|\z))");
  constexpr std::size_t kNear = 160;
  const std::size_t from = at - std::min(at, kNear);
  re2::StringPiece name;
  if (!re2::RE2::PartialMatch({text.data() + from, at - from}, kBefore, &name)) return false;
  const std::string_view before = text.substr(from, at - from);
  const bool quoted = before.find_first_of("\"'") != before.npos;
  // Program text has constants that are set with blanks around the sign.
  const bool upper =
      std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  const bool tight = before.find("= ") == before.npos;
  if (quoted && !(upper && tight) && before.find(": ") == before.npos) return false;
  const std::string_view behind = text.substr(at);
  return re2::RE2::PartialMatch({behind.data(), behind.size()}, kBehind);
}

}  // namespace watertight
