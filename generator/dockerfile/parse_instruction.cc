#include "generator/dockerfile/parse_instruction.h"

#include <algorithm>
#include <array>

#include "generator/dockerfile/flags.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

Error AtLeastOne(const std::string& keyword) {
  return Error(keyword + " requires at least one argument");
}

void RequireOne(const Node& node, const std::string& keyword) {
  if (node.args.size() != 1) throw Error(keyword + " requires exactly one argument");
}

void RequireArguments(const Node& node, const std::string& keyword) {
  if (node.args.empty()) throw AtLeastOne(keyword);
}

std::vector<NameValue> PairsOf(const Node& node, const std::string& keyword,
                               const Dialect& dialect) {
  if (node.pairs.empty()) throw AtLeastOne(keyword);
  if (dialect.family == Family::kBuildah) return node.pairs;
  for (const NameValue& pair : node.pairs) {
    if (pair.name.empty()) throw Error(keyword + " names can not be blank");
  }
  return node.pairs;
}

Command ParseArg(const Node& node, const Dialect& dialect) {
  RequireArguments(node, "ARG");
  Arg arg;
  for (const std::string& word : node.args) {
    const size_t equals = word.find('=');
    const bool checked = dialect.family != Family::kBuildah;
    if (equals == 0 && checked) throw Error("ARG names can not be blank");
    if (equals == std::string::npos)
      arg.names.push_back({word, std::nullopt});
    else
      arg.names.push_back({word.substr(0, equals), word.substr(equals + 1)});
  }
  return arg;
}

Command ParseCmd(const Node& node, const Dialect& dialect) {
  ParseFlags("CMD", node.flags, dialect);
  return Cmd{CommandLineOf(node)};
}

Command ParseEntrypoint(const Node& node, const Dialect& dialect) {
  ParseFlags("ENTRYPOINT", node.flags, dialect);
  return Entrypoint{CommandLineOf(node)};
}

Command ParseEnv(const Node& node, const Dialect& dialect) {
  ParseFlags("ENV", node.flags, dialect);
  return Env{PairsOf(node, "ENV", dialect)};
}

Command ParseExpose(const Node& node, const Dialect& dialect) {
  RequireArguments(node, "EXPOSE");
  ParseFlags("EXPOSE", node.flags, dialect);
  Expose expose{node.args};
  std::ranges::sort(expose.ports);
  return expose;
}

Command ParseLabel(const Node& node, const Dialect& dialect) {
  ParseFlags("LABEL", node.flags, dialect);
  return Label{PairsOf(node, "LABEL", dialect)};
}

Command ParseMaintainer(const Node& node, const Dialect& dialect) {
  RequireOne(node, "MAINTAINER");
  ParseFlags("MAINTAINER", node.flags, dialect);
  return Maintainer{node.args[0]};
}

// The logical line without the keyword, and the here-documents below it.
std::string TriggerText(const Node& node) {
  std::string_view text = TrimLeft(node.line);
  text.remove_prefix(node.keyword.size());
  const size_t begin = std::min(text.find_first_not_of("\t\n\f\r "), text.size());
  std::string trigger(text.substr(begin));
  for (const Heredoc& heredoc : node.heredocs) {
    trigger += "\n" + heredoc.content + heredoc.name;
  }
  return trigger;
}

Command ParseOnbuild(const Node& node, const Dialect& dialect) {
  RequireArguments(node, "ONBUILD");
  ParseFlags("ONBUILD", node.flags, dialect);
  const std::string keyword = Upper(Trim(node.args[0]));
  if (keyword == "ONBUILD") {
    throw Error("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  }
  if (keyword == "MAINTAINER" || keyword == "FROM") {
    throw Error(keyword + " isn't allowed as an ONBUILD trigger");
  }
  return Onbuild{TriggerText(node)};
}

Command ParseShell(const Node& node, const Dialect& dialect) {
  ParseFlags("SHELL", node.flags, dialect);
  RequireArguments(node, "SHELL");
  if (!node.json) throw Error("SHELL requires the arguments to be in JSON form");
  return Shell{node.args};
}

Command ParseStopSignal(const Node& node, const Dialect&) {
  RequireOne(node, "STOPSIGNAL");
  return StopSignal{node.args[0]};
}

Command ParseUser(const Node& node, const Dialect& dialect) {
  RequireOne(node, "USER");
  ParseFlags("USER", node.flags, dialect);
  return User{node.args[0]};
}

Command ParseVolume(const Node& node, const Dialect& dialect) {
  RequireArguments(node, "VOLUME");
  ParseFlags("VOLUME", node.flags, dialect);
  Volume volume;
  for (const std::string& path : node.args) {
    volume.paths.emplace_back(Trim(path));
    if (!volume.paths.back().empty()) continue;
    const bool buildah = dialect.family == Family::kBuildah;
    throw Error(std::string(buildah ? "Volume" : "VOLUME") +
                " specified can not be an empty string");
  }
  return volume;
}

Command ParseWorkdir(const Node& node, const Dialect& dialect) {
  RequireOne(node, "WORKDIR");
  ParseFlags("WORKDIR", node.flags, dialect);
  return Workdir{node.args[0]};
}

struct ParserRow {
  std::string_view keyword;
  Command (*parse)(const Node&, const Dialect&);
};

template <auto kParse>
Command As(const Node& node, const Dialect& dialect) {
  return kParse(node, dialect);
}

constexpr std::array kParsers = {
    ParserRow{"ADD", As<ParseAdd>},
    ParserRow{"ARG", ParseArg},
    ParserRow{"CMD", ParseCmd},
    ParserRow{"COPY", As<ParseCopy>},
    ParserRow{"ENTRYPOINT", ParseEntrypoint},
    ParserRow{"ENV", ParseEnv},
    ParserRow{"EXPOSE", ParseExpose},
    ParserRow{"HEALTHCHECK", As<ParseHealthcheck>},
    ParserRow{"LABEL", ParseLabel},
    ParserRow{"MAINTAINER", ParseMaintainer},
    ParserRow{"ONBUILD", ParseOnbuild},
    ParserRow{"RUN", As<ParseRun>},
    ParserRow{"SHELL", ParseShell},
    ParserRow{"STOPSIGNAL", ParseStopSignal},
    ParserRow{"USER", ParseUser},
    ParserRow{"VOLUME", ParseVolume},
    ParserRow{"WORKDIR", ParseWorkdir},
};

Error UnknownInstruction(const std::string& keyword, const Dialect& dialect) {
  if (dialect.family == Family::kBuildah) {
    return Error("Build error: Unknown instruction: " + Quote(Upper(keyword)));
  }
  if (!Has(dialect, Feature::kSuggestions)) {
    return Error("unknown instruction: " + Upper(keyword));
  }
  std::vector<std::string> known = {"FROM"};
  for (const ParserRow& row : kParsers) known.emplace_back(row.keyword);
  return Error("unknown instruction: " + keyword + DidYouMean(NearestIgnoringCase(keyword, known)));
}

bool IsStageName(std::string_view name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
             std::string_view::npos;
}

}  // namespace

Source SourceOf(const Node& node, const Dialect& dialect) {
  std::vector<std::string> flags;
  for (const std::string& flag : node.flags) flags.push_back(flag.substr(2, flag.find('=') - 2));
  const bool trims = dialect.family != Family::kBuildah;
  const std::string_view text = trims ? Trim(node.line) : TrimLeft(node.line);
  return {node.keyword, std::string(text), flags, node.heredocs, node.comments, node.range};
}

CommandLine CommandLineOf(const Node& node) { return {node.args, !node.json}; }

Stage ParseFrom(const Node& node, const Dialect& dialect) {
  const bool buildah = dialect.family == Family::kBuildah;
  Stage stage;
  if (node.args.size() == 3 && EqualIgnoringCase(node.args[1], "as")) {
    stage.name = buildah ? node.args[2] : Lower(node.args[2]);
    if (!buildah && !IsStageName(stage.name)) {
      throw Error("invalid name for build stage: " + Quote(node.args[2]) +
                  ", name can't start with a number or contain symbols");
    }
  } else if (node.args.size() != 1) {
    throw Error(buildah ? "FROM requires either one argument, or three: FROM <source> [as <name>]"
                        : "FROM requires either one or three arguments");
  }
  const Flags flags = ParseFlags("FROM", node.flags, dialect);
  stage.source = SourceOf(node, dialect);
  stage.base = node.args[0];
  stage.platform = flags.Text("platform");
  return stage;
}

std::variant<Stage, Instruction> ParseInstruction(const Node& node, const Dialect& dialect) {
  const std::string keyword = Upper(node.keyword);
  if (keyword == "FROM") return ParseFrom(node, dialect);
  const auto* row = std::ranges::find(kParsers, keyword, &ParserRow::keyword);
  if (row == kParsers.end()) throw UnknownInstruction(node.keyword, dialect);
  return Instruction{SourceOf(node, dialect), row->parse(node, dialect)};
}

}  // namespace watertight::generator
