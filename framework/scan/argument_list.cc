#include "framework/scan/argument_list.h"

#include <re2/re2.h>

#include <algorithm>
#include <iterator>

namespace watertight {
namespace {

constexpr auto kNowhere = std::string_view::npos;

constexpr std::string_view kProxyArguments[] = {
    "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY",
    "ftp_proxy",  "NO_PROXY",   "no_proxy",    "ALL_PROXY",   "all_proxy"};

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/';
}

// Where " /bin/sh -c " and its like stand, in order.
std::vector<Span> Shells(std::string_view text, Span span, const KnownBindings& known) {
  static const re2::RE2 shell_pattern(
      R"( (?:[\w.:/\\-]*[/\\])?(?:sh|bash|ash|dash|zsh|ksh|pwsh|powershell|cmd)(?:\.exe)?)"
      R"((?: -o \w+| [-/]\w+)*? (?:-\w*c|-[Cc]ommand|/[cC]) )");
  constexpr std::size_t kMost = 16;
  std::vector<Span> found;
  re2::StringPiece match;
  std::size_t from = span.begin;
  const re2::StringPiece piece(text.data(), span.end);
  while (found.size() < kMost &&
         shell_pattern.Match(piece, from, span.end, re2::RE2::UNANCHORED, &match, 1)) {
    const auto begin = static_cast<std::size_t>(match.data() - text.data());
    found.push_back({begin, begin + match.size()});
    from = begin + 1;
  }
  for (const std::string& shell : known.shells) {
    const std::string spaced = " " + shell + " ";
    for (std::size_t at = text.find(spaced, span.begin); at < span.end && found.size() < 2 * kMost;
         at = text.find(spaced, at + 1)) {
      found.push_back({at, at + spaced.size()});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Span& a, const Span& b) { return a.begin < b.begin; });
  return found;
}

bool IsDeclared(const KnownBindings& known, const std::string& name, bool strictly) {
  return known.arguments.count(name) != 0 || (!strictly && known.candidates.count(name) != 0) ||
         std::find(std::begin(kProxyArguments), std::end(kProxyArguments), name) !=
             std::end(kProxyArguments);
}

std::vector<Boundary> Declared(std::string_view text, const std::vector<Boundary>& all,
                               const KnownBindings& known, bool strictly) {
  std::vector<Boundary> kept;
  for (const Boundary& boundary : all) {
    if (IsDeclared(known, NameAt(text, boundary), strictly)) kept.push_back(boundary);
  }
  return kept;
}

// Arguments are named in capitals; part of a value ("a b=c") seldom looks so.
std::vector<Boundary> WithUsualNames(std::string_view text, const std::vector<Boundary>& all) {
  std::vector<Boundary> kept;
  for (const Boundary& boundary : all) {
    const std::string name = NameAt(text, boundary);
    if (std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
      kept.push_back(boundary);
    }
  }
  return kept;
}

// The reading of a list that agrees with its count, N arguments or N words.
ArgumentList ReadList(std::string_view text, Span span, std::size_t count,
                      const KnownBindings& known) {
  const std::vector<Boundary> all = Boundaries(text, span);
  // One argument, or one word: whatever its value holds.
  if (count == 1 && !all.empty() && all.front().begin == span.begin) {
    return {span, {all.front()}, true};
  }
  const std::vector<Boundary> loose = Declared(text, all, known, false);
  const std::vector<Boundary> strict = Declared(text, all, known, true);
  const std::vector<Boundary> usual = WithUsualNames(text, all);
  for (const auto* reading : {&all, &loose, &strict, &usual}) {
    if (reading->size() == count && count > 0 && reading->front().begin == span.begin) {
      return {span, *reading, true};
    }
  }
  const std::string_view list = text.substr(span.begin, span.end - span.begin);
  const auto words = static_cast<std::size_t>(std::count(list.begin(), list.end(), ' ')) + 1;
  const bool certain = words == count;
  if (!strict.empty() && strict.front().begin == span.begin) return {span, strict, certain};
  if (!loose.empty() && loose.front().begin == span.begin) return {span, loose, certain};
  return {span, all, certain && !all.empty() && all.front().begin == span.begin};
}

// A value may hold what looks like a shell, and so may a command. In this order: the value is known
// from elsewhere; other steps of the build repeat the longer list; the first one that agrees with
// the count; the first one.
std::size_t Preferred(std::string_view text, const std::vector<ArgumentList>& readings,
                      const KnownBindings& known) {
  std::size_t best = readings.size();
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const ArgumentList& list = readings[i];
    if (!list.certain || list.boundaries.empty()) continue;
    const Boundary& last = list.boundaries.back();
    const auto end = KnownEnd(text, last.equals + 1, list.span.end, NameAt(text, last), known);
    if (end == list.span.end) return i;
    if (best == readings.size() || known.Repeats(ListText(text, list))) best = i;
  }
  return best == readings.size() ? 0 : best;
}

}  // namespace

std::vector<Boundary> Boundaries(std::string_view text, Span span) {
  std::vector<Boundary> found;
  std::size_t begin = span.begin;
  for (std::size_t at = span.begin; at < span.end; ++at) {
    if (text[at] == ' ') {
      begin = at + 1;
    } else if (text[at] == '=' && begin != kNowhere && at > begin && text[begin] != '-' &&
               text[begin] != '/' && text[begin] != '.') {
      found.push_back({begin, at});
      begin = kNowhere;
    } else if (begin != kNowhere && !IsNameByte(text[at]) && text[at] != '"') {
      begin = kNowhere;
    }
  }
  return found;
}

std::string NameAt(std::string_view text, const Boundary& boundary) {
  std::string name(text.substr(boundary.begin, boundary.equals - boundary.begin));
  std::erase(name, '"');
  return name;
}

bool EndsWord(std::string_view text, std::size_t at, std::size_t end) {
  return at == end || (at < end && text[at] == ' ');
}

std::optional<std::size_t> KnownEnd(std::string_view text, std::size_t from, std::size_t end,
                                    const std::string& name, const KnownBindings& known) {
  const auto values = known.values.find(name);
  if (values == known.values.end()) return std::nullopt;
  std::optional<std::size_t> longest;
  for (const std::string& value : values->second) {
    const std::size_t stop = from + value.size();
    if (stop > end || !EndsWord(text, stop, end)) continue;
    if (text.substr(from, value.size()) == value && (!longest || stop > *longest)) longest = stop;
  }
  return longest;
}

std::optional<WrittenCount> ArgumentCount(std::string_view text, Span body) {
  static const re2::RE2 count_pattern(R"(\|([0-9]{1,4}) )");
  re2::StringPiece groups[2];
  const re2::StringPiece piece(text.data(), body.end);
  if (!count_pattern.Match(piece, body.begin, body.end, re2::RE2::ANCHOR_START, groups, 2)) {
    return std::nullopt;
  }
  const auto count = static_cast<std::size_t>(std::stoul(groups[1].as_string()));
  if (count == 0) return std::nullopt;
  return WrittenCount{count, body.begin + groups[0].size()};
}

std::vector<ArgumentList> Readings(std::string_view text, Span rest, std::size_t count,
                                   const KnownBindings& known) {
  std::vector<ArgumentList> readings;
  for (const Span& shell : Shells(text, rest, known)) {
    readings.push_back(ReadList(text, {rest.begin, shell.begin}, count, known));
  }
  return readings;
}

std::string_view ListText(std::string_view text, const ArgumentList& list) {
  return text.substr(list.span.begin, list.span.end - list.span.begin);
}

// "|N NAME=value … " and the command behind it.
std::optional<ArgumentList> Arguments(std::string_view text, Span body,
                                      const KnownBindings& known) {
  const auto count = ArgumentCount(text, body);
  if (!count) return std::nullopt;
  const Span rest{count->behind, body.end};
  const std::vector<ArgumentList> readings = Readings(text, rest, count->count, known);
  if (!readings.empty()) return readings[Preferred(text, readings, known)];
  // Exec form: the command's words follow the last value without any mark.
  const std::size_t path = text.substr(0, rest.end).find(" /", rest.begin);
  return ReadList(text, {rest.begin, std::min(path, rest.end)}, count->count, known);
}

}  // namespace watertight
