#include "generator/builders/buildah_history.h"

#include <algorithm>
#include <map>

#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

constexpr const char* kNoOperation = "/bin/sh -c #(nop) ";
constexpr size_t kRunLength = 4;  // of "RUN "

// What needs no ARG: HTTP_PROXY and its like, but not ALL_PROXY.
bool IsPredefined(const std::string& name) {
  return IsProxyArgument(name) && Upper(name) != "ALL_PROXY";
}

// The arguments that an instruction may use and that have a value.
std::map<std::string, std::string> ValuedArguments(const Scope& scope) {
  std::map<std::string, std::string> valued;
  for (const auto& [name, value] : scope.arguments().values) {
    if (IsPredefined(name)) valued[name] = value;
  }
  // A declaration without a value leaves the one before.
  for (const ArgName& declared : scope.declared()) {
    if (declared.value) valued[declared.name] = *declared.value;
  }
  return valued;
}

// A proxy shows only where an ARG names it, and without a default.
bool Shows(const std::string& name, const BuildahNotes& notes) {
  return !IsPredefined(name) || notes.arg_words.contains(name);
}

std::string ArgText(const Step& step) {
  Words names;
  for (const auto& [name, value] : ValuedArguments(step.stage.scope)) names.push_back(name);
  return "ARG " + Join(names, " ");
}

// "|2 A=1 B=2 ": the number counts words, so that a value with a blank counts twice.
std::string RunArguments(const StageBuild& stage) {
  std::vector<std::string> shown;
  for (const auto& [name, value] : ValuedArguments(stage.scope)) {
    const bool is_own = stage.buildah.variables.contains(name);
    if (!is_own && !Shows(name, stage.buildah)) continue;
    shown.push_back(name + "=" + (is_own ? *stage.config.env.Find(name) : value));
  }
  if (shown.empty()) return "";
  std::ranges::sort(shown);
  const std::string text = Join(shown, " ");
  return "|" + std::to_string(std::ranges::count(text, ' ') + 1) + " " + text + " ";
}

std::string TransferText(const Step& step, const char* keyword, const Transfer& written) {
  return keyword + step.content + " in " + written.destination + " ";
}

}  // namespace

std::string BuildahCreatedBy(const Step& step) {
  const Instruction& written = step.written;
  const std::string& text = written.source.text;
  if (std::holds_alternative<Run>(written.command)) {
    return RunArguments(step.stage) + "/bin/sh -c " +
           text.substr(std::min(kRunLength, text.size()));
  }
  if (std::holds_alternative<Arg>(written.command)) return kNoOperation + ArgText(step);
  if (const auto* copy = std::get_if<Copy>(&written.command)) {
    return kNoOperation + TransferText(step, "COPY ", *copy);
  }
  if (const auto* add = std::get_if<Add>(&written.command)) {
    return kNoOperation + TransferText(step, "ADD ", *add);
  }
  return kNoOperation + text;
}

}  // namespace watertight::generator
