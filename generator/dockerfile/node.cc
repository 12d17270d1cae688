#include "generator/dockerfile/node.h"

#include <algorithm>
#include <array>

#include "generator/dockerfile/json_array.h"
#include "generator/dockerfile/source_lines.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// How the text behind keyword and flags is split.
enum class Syntax {
  kWords,        // at blanks
  kText,         // one argument
  kExecOrText,   // a JSON array, else one argument
  kExecOrWords,  // a JSON array, else at blanks
  kPairs,        // NAME=value …
  kNames,        // words with their quotes
  kHealth,       // a type, then kExecOrText
  kInstruction,  // another instruction
};

struct SyntaxRow {
  std::string_view keyword;
  Syntax syntax;
};

constexpr std::array kSyntax = {
    SyntaxRow{"ADD", Syntax::kExecOrWords},       SyntaxRow{"ARG", Syntax::kNames},
    SyntaxRow{"CMD", Syntax::kExecOrText},        SyntaxRow{"COPY", Syntax::kExecOrWords},
    SyntaxRow{"ENTRYPOINT", Syntax::kExecOrText}, SyntaxRow{"ENV", Syntax::kPairs},
    SyntaxRow{"EXPOSE", Syntax::kWords},          SyntaxRow{"FROM", Syntax::kWords},
    SyntaxRow{"HEALTHCHECK", Syntax::kHealth},    SyntaxRow{"LABEL", Syntax::kPairs},
    SyntaxRow{"MAINTAINER", Syntax::kText},       SyntaxRow{"ONBUILD", Syntax::kInstruction},
    SyntaxRow{"RUN", Syntax::kExecOrText},        SyntaxRow{"SHELL", Syntax::kExecOrText},
    SyntaxRow{"STOPSIGNAL", Syntax::kText},       SyntaxRow{"USER", Syntax::kText},
    SyntaxRow{"VOLUME", Syntax::kExecOrWords},    SyntaxRow{"WORKDIR", Syntax::kText},
};

struct Context {
  const Dialect& dialect;
  char escape;
  int depth = 0;  // of ONBUILD in ONBUILD
};

// A chain of ONBUILD is refused, but only after what stands at its end.
constexpr int kDeepestTrigger = 20;

Node ParseLine(std::string_view line, const Context& context);

bool ReadExec(Node& node, std::string_view rest, const Context& context) {
  auto words = ParseJsonArray(rest, Has(context.dialect, Feature::kStrictJson));
  if (!words) return false;
  node.json = true;
  node.args.insert(node.args.end(), words->begin(), words->end());
  return true;
}

void ReadExecOrText(Node& node, std::string_view rest, const Context& context) {
  if (rest.empty() || ReadExec(node, rest, context)) return;
  node.args.emplace_back(rest);
}

void ReadWords(Node& node, std::string_view rest) {
  if (rest.empty()) return;
  for (const std::string_view word : SplitAtBlanks(rest)) node.args.emplace_back(word);
}

// Bytes count as characters here, as in flags.
void ReadHealth(Node& node, std::string_view rest, const Context& context) {
  const auto is_space = [](char c) { return IsSpace(static_cast<unsigned char>(c)); };
  const auto* type_end = std::ranges::find_if(rest, is_space);
  const auto type_size = static_cast<size_t>(type_end - rest.begin());
  if (type_size == 0) return;
  const auto* command = std::find_if_not(type_end, rest.end(), is_space);
  node.args.emplace_back(rest.substr(0, type_size));
  ReadExecOrText(node, rest.substr(static_cast<size_t>(command - rest.begin())), context);
}

void ReadTrigger(Node& node, std::string_view rest, const Context& context) {
  if (rest.empty()) return;
  if (context.depth == kDeepestTrigger)
    throw Error("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  Context inner = context;
  ++inner.depth;
  node.trigger = std::make_shared<Node>(ParseLine(rest, inner));
  node.args.push_back(node.trigger->keyword);
}

void ReadArguments(Node& node, Syntax syntax, std::string_view rest, const Context& context) {
  switch (syntax) {
    case Syntax::kWords:
      return ReadWords(node, rest);
    case Syntax::kText:
      if (!rest.empty()) node.args.emplace_back(rest);
      return;
    case Syntax::kExecOrText:
      return ReadExecOrText(node, rest, context);
    case Syntax::kExecOrWords:
      if (!ReadExec(node, rest, context)) ReadWords(node, rest);
      return;
    case Syntax::kPairs:
      node.pairs = SplitNameValues(rest, Upper(node.keyword), context.escape);
      return;
    case Syntax::kNames:
      node.args = SplitWords(rest, context.escape);
      return;
    case Syntax::kHealth:
      return ReadHealth(node, rest, context);
    case Syntax::kInstruction:
      return ReadTrigger(node, rest, context);
  }
}

Node ParseLine(std::string_view line, const Context& context) {
  Node node;
  node.line = line;
  const auto parts = SplitInTwo(Trim(line));
  node.keyword = parts[0];
  std::string rest;
  if (parts.size() == 2) {
    const bool own_escape = Has(context.dialect, Feature::kEscapeInFlags);
    auto taken = TakeFlags(parts[1], own_escape ? context.escape : '\\');
    node.flags = std::move(taken.flags);
    rest = Trim(taken.rest);
  }
  const std::string keyword = Upper(node.keyword);
  const auto* row = std::ranges::find(kSyntax, keyword, &SyntaxRow::keyword);
  if (row != kSyntax.end()) ReadArguments(node, row->syntax, rest, context);
  return node;
}

bool MayHaveHeredocs(const Node& node) {
  const Node& inner =
      node.trigger && EqualIgnoringCase(node.keyword, "ONBUILD") ? *node.trigger : node;
  const std::string keyword = Upper(inner.keyword);
  return (keyword == "ADD" || keyword == "COPY" || keyword == "RUN") && !inner.json;
}

// True when the line goes on: it ends with one escape character, blanks may follow. Buildah takes
// the last one of several.
bool TakeContinuation(std::string_view& line, char escape, const Dialect& dialect) {
  const size_t last = line.find_last_not_of(" \t");
  if (last == std::string_view::npos || line[last] != escape) return false;
  const bool escaped = last > 0 && line[last - 1] == escape;
  if (escaped && dialect.family != Family::kBuildah) return false;
  line = line.substr(0, last);
  return true;
}

class NodeReader {
 public:
  NodeReader(std::string_view text, const Dialect& dialect)
      : dialect_(dialect), lines_(text), directives_(dialect) {}

  Nodes Run() {
    while (!lines_.AtEnd()) ReadFirstLine(lines_.Next());
    if (result_.nodes.empty()) throw Empty();
    if (lines_.too_long()) {
      throw Error("dockerfile line greater than max allowed size of 65535").At(line_ + 1);
    }
    result_.directives = directives_.directives();
    result_.escape = directives_.escape();
    return std::move(result_);
  }

 private:
  Error Empty() const {
    if (dialect_.family == Family::kBuildah) return Error("no stages to build");
    return Error("file with no instructions").At(std::max(1, line_));
  }
  void ReadFirstLine(const SourceLine& source);
  std::string ReadContinuations(std::string_view first, bool goes_on);
  void NoteComment(std::string_view line);
  void ReadHeredocs(Node& node);
  void ReadBody(Heredoc& heredoc);

  Dialect dialect_;
  SourceLines lines_;
  DirectiveReader directives_;
  std::vector<std::string> comments_;
  int line_ = 0;
  Position end_;
  Nodes result_;
};

Position EndOf(const SourceLine& source) {
  return {source.number, static_cast<int>(WithoutLineEnd(source.text).size()) + 1};
}

void NodeReader::NoteComment(std::string_view line) {
  const std::string_view comment = Trim(TrimLeft(line).substr(1));
  if (comment.empty())
    comments_.clear();
  else
    comments_.emplace_back(comment);
}

void NodeReader::ReadFirstLine(const SourceLine& source) {
  line_ = source.number;
  end_ = EndOf(source);
  std::string_view line = source.text;
  if (line_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  const std::string_view trimmed = TrimLeft(WithoutLineEnd(line));
  bool directive = false;
  try {
    directive = directives_.Read(trimmed, line_);
  } catch (const Error& error) {
    throw error.At(line_);
  }
  if (IsComment(line)) {
    if (!directive) NoteComment(line);
    return;
  }
  std::string_view first = trimmed;
  const bool goes_on = TakeContinuation(first, directives_.escape(), dialect_);
  if (first.empty() && !goes_on) return;
  const int column = static_cast<int>(trimmed.data() - source.text.data()) + 1;
  const Position begin{line_, column};
  const std::string logical = ReadContinuations(first, goes_on);
  try {
    Node node = ParseLine(logical, {dialect_, directives_.escape()});
    ReadHeredocs(node);
    node.range = {begin, end_};
    node.comments = std::move(comments_);
    comments_.clear();
    result_.nodes.push_back(std::move(node));
  } catch (const Error& error) {
    throw error.At(begin.line);
  }
}

std::string NodeReader::ReadContinuations(std::string_view first, bool goes_on) {
  std::string logical(first);
  bool empty_line = false;
  const int begin = line_;
  while (goes_on && !lines_.AtEnd()) {
    const SourceLine& source = lines_.Next();
    line_ = source.number;
    end_ = EndOf(source);
    std::string_view line = WithoutLineEnd(source.text);
    if (IsComment(line)) continue;
    if (TrimLeft(line).empty()) {
      empty_line = true;
      continue;
    }
    goes_on = TakeContinuation(line, directives_.escape(), dialect_);
    logical += line;
  }
  if (empty_line) {
    result_.warnings.push_back(
        {"Empty continuation line found in: " + logical, {{begin, 1}, end_}});
  }
  return logical;
}

void NodeReader::ReadHeredocs(Node& node) {
  if (!Has(dialect_, Feature::kHeredocs) || dialect_.family == Family::kBuildah ||
      !MayHaveHeredocs(node)) {
    return;
  }
  if (node.line.find("<<") == std::string::npos) return;
  node.heredocs = HeredocsIn(node.line, dialect_);
  for (Heredoc& heredoc : node.heredocs) ReadBody(heredoc);
}

void NodeReader::ReadBody(Heredoc& heredoc) {
  while (!lines_.AtEnd()) {
    const SourceLine& source = lines_.Next();
    line_ = source.number;
    end_ = EndOf(source);
    std::string_view line = WithoutLineEnd(source.text);
    if (heredoc.strip_tabs) {
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
    }
    if (line == heredoc.name) return;
    heredoc.content += source.text;
  }
  throw Error("unterminated heredoc");
}

}  // namespace

Nodes ParseNodes(std::string_view text, const Dialect& dialect) {
  return NodeReader(text, dialect).Run();
}

}  // namespace watertight::generator
