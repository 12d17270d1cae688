#include "generator/dockerfile/dockerfile.h"

#include <utility>

#include "generator/dockerfile/parse_instruction.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

Dialect DialectFor(std::string_view text, const std::string& builder) {
  const Dialect* dialect = FindDialect(builder);
  if (dialect == nullptr) {
    std::string known;
    for (const Dialect& row : Dialects()) {
      if (!known.empty()) known += ", ";
      known += row.builder;
    }
    throw Error("unknown builder " + builder + " (known: " + known + ")");
  }
  const std::string frontend = DetectSyntax(text);
  return frontend.empty() ? *dialect : WithSyntax(*dialect, frontend);
}

void Place(Dockerfile& file, std::variant<Stage, Instruction> parsed) {
  if (auto* stage = std::get_if<Stage>(&parsed)) {
    file.stages.push_back(std::move(*stage));
    return;
  }
  auto& instruction = std::get<Instruction>(parsed);
  if (!file.stages.empty()) {
    file.stages.back().instructions.push_back(std::move(instruction));
  } else if (std::holds_alternative<Arg>(instruction.command)) {
    file.global_args.push_back(std::move(instruction));
  } else {
    const bool buildah = file.dialect.family == Family::kBuildah;
    throw Error(buildah ? "no FROM statement found" : "no build stage in current context");
  }
}

// Buildah looks at an instruction only when its turn comes.
std::variant<Stage, Instruction> Read(const Node& node, const Dialect& dialect) {
  try {
    return ParseInstruction(node, dialect);
  } catch (const Error& error) {
    if (dialect.family != Family::kBuildah || EqualIgnoringCase(node.keyword, "FROM")) throw;
    return Instruction{SourceOf(node, dialect), Refused{error.message()}};
  }
}

Dockerfile Parse(std::string_view text, const std::string& builder) {
  if (text.empty()) throw Error("the Dockerfile cannot be empty");
  Dockerfile file;
  file.dialect = DialectFor(text, builder);
  Nodes nodes = ParseNodes(text, file.dialect);
  // Buildah and kaniko heed the directive in lines, but not in words.
  const Family family = file.dialect.family;
  const bool in_words = family == Family::kClassic || family == Family::kBuildKit;
  if (in_words) file.escape = nodes.escape;
  file.directives = std::move(nodes.directives);
  file.warnings = std::move(nodes.warnings);
  for (const Node& node : nodes.nodes) {
    try {
      Place(file, Read(node, file.dialect));
    } catch (const Error& error) {
      throw error.At(node.range.begin.line);
    }
  }
  if (file.stages.empty()) {
    throw Error(file.dialect.family == Family::kBuildah ? "no stages to build"
                                                        : "dockerfile contains no stages to build");
  }
  return file;
}

}  // namespace

Dockerfile ParseDockerfile(std::string_view text, const ParseOptions& options) {
  try {
    return Parse(text, options.builder);
  } catch (const Error& error) {
    throw error.In(options.path);
  }
}

Instruction ParseTrigger(const std::string& text, const Dialect& dialect) {
  const Nodes nodes = ParseNodes(text, dialect);
  if (nodes.nodes.size() != 1) throw Error("onbuild trigger should be a single expression");
  auto parsed = ParseInstruction(nodes.nodes[0], dialect);
  if (auto* instruction = std::get_if<Instruction>(&parsed)) return std::move(*instruction);
  throw Error("*instructions.Stage is not a command type");
}

}  // namespace watertight::generator
