#include "framework/scan/recorded_step.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

namespace watertight {
namespace {

constexpr auto kNowhere = std::string_view::npos;

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/';
}

// A part of the text, with its place.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Boundary {
  std::size_t begin = 0;  // of NAME
  std::size_t equals = 0;
};

enum class Instruction { kNone, kRun, kArg, kEnv, kLabel, kShell };

struct Step {
  Instruction instruction = Instruction::kNone;
  Span body;
};

struct InstructionWord {
  std::string_view word;
  Instruction instruction;
};

constexpr InstructionWord kInstructions[] = {
    {"RUN ", Instruction::kRun},     {"ARG ", Instruction::kArg},     {"ENV ", Instruction::kEnv},
    {"LABEL ", Instruction::kLabel}, {"SHELL ", Instruction::kShell},
};

constexpr std::string_view kProxyArguments[] = {
    "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY",
    "ftp_proxy",  "NO_PROXY",   "no_proxy",    "ALL_PROXY",   "all_proxy"};

std::size_t SkipSpaces(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

// Takes off the builder's words around an instruction.
Step ReadStep(std::string_view text) {
  constexpr std::string_view kNop = "#(nop) ";
  constexpr std::string_view kBuildKit = " # buildkit";
  constexpr std::string_view kOnBuild = "ONBUILD ";
  constexpr std::size_t kLongestShell = 256;
  Step step;
  step.body.end = text.ends_with(kBuildKit) ? text.size() - kBuildKit.size() : text.size();
  const std::size_t nop = text.substr(0, kLongestShell).find(kNop);
  if (nop != kNowhere) step.body.begin = SkipSpaces(text, nop + kNop.size());
  while (text.substr(step.body.begin).starts_with(kOnBuild)) {
    step.body.begin = SkipSpaces(text, step.body.begin + kOnBuild.size());
  }
  const std::string_view body = text.substr(step.body.begin);
  for (const InstructionWord& row : kInstructions) {
    if (!body.starts_with(row.word)) continue;
    step.instruction = row.instruction;
    step.body.begin = SkipSpaces(text, step.body.begin + row.word.size());
    break;
  }
  if (body.starts_with('|')) step.instruction = Instruction::kRun;
  step.body.end = std::max(step.body.end, step.body.begin);
  return step;
}

// Places where a NAME= stands at the start of a word.
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

// The end of the longest certain value of the name that the text continues with.
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

// The end of a value that the builder left in its quotes, behind the closing one.
std::optional<std::size_t> QuotedEnd(std::string_view text, std::size_t from, std::size_t end) {
  const char quote = from < end ? text[from] : '\0';
  if (quote != '"' && quote != '\'') return std::nullopt;
  for (std::size_t at = from + 1; at < end; ++at) {
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (text[at] == quote && EndsWord(text, at + 1, end)) {
      return at + 1;
    }
  }
  return std::nullopt;
}

// NAME=value NAME=value …, cut at the boundaries, or sooner or later where a value is known.
std::vector<PossibleSecret> Pairs(std::string_view text, Span span,
                                  const std::vector<Boundary>& boundaries,
                                  const KnownBindings& known) {
  std::vector<PossibleSecret> found;
  std::size_t behind = span.begin;
  for (std::size_t i = 0; i < boundaries.size(); ++i) {
    const Boundary& boundary = boundaries[i];
    if (boundary.begin < behind) continue;  // part of a known value
    const std::string name = NameAt(text, boundary);
    std::size_t from = boundary.equals + 1;
    std::size_t end = i + 1 < boundaries.size() ? boundaries[i + 1].begin - 1 : span.end;
    end = std::max(end, from);
    if (const auto certain = KnownEnd(text, from, span.end, name, known)) {
      end = *certain;
    } else if (const auto quoted = QuotedEnd(text, from, span.end)) {
      end = *quoted - 1;
      ++from;
    }
    behind = end;
    found.push_back({name, from, end - from, "", false});
  }
  return found;
}

// Where " /bin/sh -c " and its like stand, in order.
std::vector<Span> Shells(std::string_view text, Span span, const KnownBindings& known) {
  static const re2::RE2 kShell(
      R"( (?:[\w.:/\\-]*[/\\])?(?:sh|bash|ash|dash|zsh|ksh|pwsh|powershell|cmd)(?:\.exe)?)"
      R"((?: -o \w+| [-/]\w+)*? (?:-\w*c|-[Cc]ommand|/[cC]) )");
  constexpr std::size_t kMost = 16;
  std::vector<Span> found;
  re2::StringPiece match;
  std::size_t from = span.begin;
  const re2::StringPiece piece(text.data(), span.end);
  while (found.size() < kMost &&
         kShell.Match(piece, from, span.end, re2::RE2::UNANCHORED, &match, 1)) {
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

struct ArgumentList {
  Span span;
  std::vector<Boundary> boundaries;
  bool certain = false;  // the count that the builder wrote agrees
};

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

struct WrittenCount {
  std::size_t count = 0;
  std::size_t behind = 0;  // where the list begins
};

std::optional<WrittenCount> ArgumentCount(std::string_view text, const Step& step) {
  static const re2::RE2 kCount(R"(\|([0-9]{1,4}) )");
  re2::StringPiece groups[2];
  const re2::StringPiece piece(text.data(), step.body.end);
  if (!kCount.Match(piece, step.body.begin, step.body.end, re2::RE2::ANCHOR_START, groups, 2)) {
    return std::nullopt;
  }
  const auto count = static_cast<std::size_t>(std::stoul(groups[1].as_string()));
  if (count == 0) return std::nullopt;
  return WrittenCount{count, step.body.begin + groups[0].size()};
}

// One reading for each place where the command may begin.
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

// "|N NAME=value … " and the command behind it.
std::optional<ArgumentList> Arguments(std::string_view text, const Step& step,
                                      const KnownBindings& known) {
  const auto count = ArgumentCount(text, step);
  if (!count) return std::nullopt;
  const Span rest{count->behind, step.body.end};
  const std::vector<ArgumentList> readings = Readings(text, rest, count->count, known);
  if (!readings.empty()) return readings[Preferred(text, readings, known)];
  // Exec form: the command's words follow the last value without any mark.
  const std::size_t path = text.substr(0, rest.end).find(" /", rest.begin);
  return ReadList(text, {rest.begin, std::min(path, rest.end)}, count->count, known);
}

// ENV NAME the rest of the line
bool IsOldForm(std::string_view text, Span body) {
  const std::string_view all = text.substr(body.begin, body.end - body.begin);
  const std::size_t space = all.find(' ');
  return space != kNowhere && all.substr(0, space).find('=') == kNowhere && all.front() != '"';
}

PossibleSecret OldForm(std::string_view text, Span body) {
  const std::size_t space = text.find(' ', body.begin);
  std::size_t from = std::min(SkipSpaces(text, space), body.end);
  std::size_t end = body.end;
  if (QuotedEnd(text, from, end) == end) {
    ++from;
    --end;
  }
  return {std::string(text.substr(body.begin, space - body.begin)), from, end - from, "", false};
}

std::vector<PossibleSecret> Bindings(std::string_view text, const Step& step,
                                     const KnownBindings& known) {
  switch (step.instruction) {
    case Instruction::kRun:
      if (const auto list = Arguments(text, step, known)) {
        return Pairs(text, list->span, list->boundaries, known);
      }
      return {};
    case Instruction::kEnv:
    case Instruction::kLabel:
      if (IsOldForm(text, step.body)) return {OldForm(text, step.body)};
      [[fallthrough]];
    case Instruction::kArg:
      return Pairs(text, step.body, Boundaries(text, step.body), known);
    default:
      return {};
  }
}

void LearnNames(std::string_view text, Span body, KnownBindings* known) {
  const std::vector<Boundary> boundaries = Boundaries(text, body);
  const std::size_t values = boundaries.empty() ? body.end : boundaries.front().begin;
  for (std::size_t at = body.begin; at < values;) {
    const std::size_t end = std::min(text.find(' ', at), values);
    if (end > at) known->arguments.emplace(text.substr(at, end - at));
    at = end + 1;
  }
  for (const Boundary& boundary : boundaries) {
    const bool first = &boundary == &boundaries.front();
    (first ? known->arguments : known->candidates).insert(NameAt(text, boundary));
  }
}

// Remembers which steps begin with the same list, where a list can be read in several ways.
// Returns the number of ways.
std::size_t LearnLists(std::string_view text, const Step& step, KnownBindings* known) {
  const auto count = ArgumentCount(text, step);
  if (!count) return 0;
  std::vector<ArgumentList> readings =
      Readings(text, {count->behind, step.body.end}, count->count, *known);
  std::erase_if(readings, [](const ArgumentList& list) { return !list.certain; });
  if (readings.size() < 2) return readings.size();
  for (const ArgumentList& list : readings) {
    known->lists[std::string(ListText(text, list))].emplace(text);
  }
  return readings.size();
}

// SHELL [/bin/bash -o pipefail -c], or in JSON
void LearnShell(std::string_view text, Span body, KnownBindings* known) {
  std::string shell;
  for (const char c : text.substr(body.begin, body.end - body.begin)) {
    if (c == ',') {
      shell += ' ';
    } else if (c != '[' && c != ']' && c != '"') {
      shell += c;
    }
  }
  while (shell.find("  ") != std::string::npos) shell.erase(shell.find("  "), 1);
  if (shell.size() > 1) known->shells.insert(shell);
}

}  // namespace

void KnownBindings::AddValue(const std::string& name, const std::string& value) {
  constexpr std::size_t kMostValues = 32;  // of one name; each costs a comparison
  std::set<std::string>& of_name = values[name];
  if (!value.empty() && of_name.size() < kMostValues) of_name.insert(value);
}

std::vector<PossibleSecret> RecordedBindings(std::string_view text, const KnownBindings& known) {
  return Bindings(text, ReadStep(text), known);
}

bool KnownBindings::Repeats(std::string_view list) const {
  const auto steps = lists.find(list);
  return steps != lists.end() && steps->second.size() > 1;
}

void LearnFrom(std::string_view text, KnownBindings* known) {
  const Step step = ReadStep(text);
  if (step.instruction == Instruction::kArg) LearnNames(text, step.body, known);
  if (step.instruction == Instruction::kShell) LearnShell(text, step.body, known);
  bool certain = false;
  if (step.instruction == Instruction::kRun) {
    const auto list = Arguments(text, step, *known);
    certain = LearnLists(text, step, known) < 2 && list && list->certain;
  } else if (step.instruction == Instruction::kArg || step.instruction == Instruction::kEnv) {
    certain = Boundaries(text, step.body).size() == 1;
  }
  if (!certain) return;
  for (const PossibleSecret& pair : Bindings(text, step, *known)) {
    known->AddValue(pair.name, std::string(text.substr(pair.offset, pair.length)));
  }
}

}  // namespace watertight
