#include "framework/scan/recorded_step.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

#include "framework/scan/argument_list.h"

namespace watertight {
namespace {

constexpr auto kNowhere = std::string_view::npos;

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
      if (const auto list = Arguments(text, step.body, known)) {
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
  const auto count = ArgumentCount(text, step.body);
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
    const auto list = Arguments(text, step.body, *known);
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
