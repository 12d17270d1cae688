#include "generator/dockerfile/expand.h"

#include <utility>

#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/mount_buildah.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/ports.h"
#include "generator/dockerfile/shell_lex.h"
#include "generator/dockerfile/signals.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

class Expander {
 public:
  explicit Expander(const Scope& scope) : scope_(scope), variables_(scope.variables()) {
    options_.dialect = scope.dialect();
    options_.escape = scope.escape();
  }

  void operator()(Env& env) const {
    ExpandAll(env.variables);
    for (const NameValue& each : env.variables) {
      if (scope_.dialect().family == Family::kClassic && each.name.empty()) {
        throw Error("invalid environment variable: =" + each.value);
      }
    }
  }
  void operator()(Label& label) const { ExpandAll(label.labels); }
  void operator()(Workdir& workdir) const { ExpandIn(workdir.path); }
  void operator()(User& user) const { ExpandIn(user.name); }
  void operator()(Volume& volume) const {
    ExpandAll(volume.paths);
    for (const std::string& path : volume.paths) {
      if (path.empty()) throw Error("VOLUME specified can not be an empty string");
    }
  }
  void operator()(StopSignal& stop) const {
    ExpandIn(stop.signal);
    CheckSignal(stop.signal, scope_.dialect());
  }
  void operator()(Copy& copy) const {
    ExpandTransfer(copy);
    if (scope_.dialect().family == Family::kBuildah) ExpandIn(copy.from);
    CheckCopy(copy, scope_.dialect());
  }
  void operator()(Add& add) const {
    if (Has(scope_.dialect(), Feature::kExpandedChmod)) ExpandIn(add.checksum);
    ExpandTransfer(add);
    CheckAdd(add, scope_.dialect());
  }
  void operator()(Expose& expose) const {
    std::vector<std::string> ports;
    for (const std::string& word : ExposeWords(expose, scope_)) {
      for (std::string& port : ParsePorts(word, scope_.dialect())) ports.push_back(std::move(port));
    }
    expose.ports = std::move(ports);
  }
  void operator()(Arg& arg) const {
    const Family family = scope_.dialect().family;
    const bool buildkit = family == Family::kBuildKit;
    if ((buildkit && Has(scope_.dialect(), Feature::kLazyArgDefaults)) ||
        family == Family::kKaniko) {
      ExpandLazily(arg);
      return;
    }
    for (ArgName& name : arg.names) {
      if (family == Family::kBuildah) {
        ExpandWhole(name);
        continue;
      }
      ExpandIn(name.name);
      if (name.value) ExpandIn(*name.value);
    }
  }
  void operator()(Refused& refused) const { throw Error(refused.reason); }
  // The others take no variables: the shell of the container expands its own.
  template <class T>
  void operator()(T&) const {}

 private:
  void ExpandIn(std::string& text) const { text = ProcessWord(text, variables_, options_); }
  void ExpandAll(std::vector<std::string>& texts) const {
    for (std::string& text : texts) ExpandIn(text);
  }
  void ExpandAll(std::vector<NameValue>& pairs) const {
    for (NameValue& pair : pairs) {
      ExpandIn(pair.name);
      ExpandIn(pair.value);
    }
  }

  // Buildah looks for the equals sign afterwards, so that quotes may stand around all of it.
  void ExpandWhole(ArgName& name) const {
    std::string word = name.value ? name.name + "=" + *name.value : name.name;
    ExpandIn(word);
    const size_t equals = word.find('=');
    name = {word.substr(0, equals), std::nullopt};
    if (equals != word.npos) name.value = word.substr(equals + 1);
  }

  // A default counts only without --build-arg, and sees the names before it in the same ARG.
  void ExpandLazily(Arg& arg) const {
    Environment variables = variables_;
    for (ArgName& name : arg.names) {
      if (name.value && !scope_.arguments().values.contains(name.name)) {
        name.value = ProcessWord(*name.value, variables, options_);
      }
      name.value = scope_.ValueOf(name);
      if (name.value) variables.Set(name.name, *name.value);
    }
  }

  void ExpandTransfer(Transfer& transfer) const {
    ExpandIn(transfer.chown);
    const bool chmod = Has(scope_.dialect(), Feature::kExpandedChmod) ||
                       scope_.dialect().family == Family::kBuildah;
    if (chmod) ExpandIn(transfer.chmod);
    ExpandAll(transfer.sources);
    ExpandIn(transfer.destination);
    // With buildah the current directory need not exist yet.
    const bool buildah = scope_.dialect().family == Family::kBuildah;
    if (buildah && transfer.destination == ".") transfer.destination = "./";
    // Bodies keep their quotes, and their escape character is always the backslash.
    LexOptions body = options_;
    body.escape = '\\';
    body.keep_quotes = true;
    for (InlineFile& file : transfer.inline_files) {
      if (file.expand) file.content = ProcessWord(file.content, variables_, body);
    }
  }

  const Scope& scope_;
  Environment variables_;
  LexOptions options_;
};

std::vector<Mount> ExpandBuildahMounts(const Run& run, const Scope& scope) {
  const LexOptions options{.dialect = scope.dialect(), .escape = scope.escape()};
  std::vector<Mount> mounts;
  for (const std::string& text : run.mounts) {
    const std::string type = mounts.empty() ? "bind" : mounts.back().type;
    mounts.push_back(ParseBuildahMount(ProcessWord(text, scope.variables(), options), type));
  }
  return mounts;
}

void ReadMounts(const Run& run, const Scope& scope) {
  const LexOptions options{.dialect = scope.dialect(), .escape = scope.escape()};
  for (const std::string& text : run.mounts) ParseMount(text, scope.variables(), options);
}

// Kaniko tells where it was.
Error InWordsOf(const Dialect& dialect, const Command& command, const Error& error) {
  const bool transfer =
      std::holds_alternative<Copy>(command) || std::holds_alternative<Add>(command);
  if (dialect.family != Family::kKaniko) return error;
  if (std::holds_alternative<StopSignal>(command)) {
    return Error("error building stage: failed to execute command: " + error.message());
  }
  if (!transfer) return error;
  return Error(
      "error building stage: failed to get files used from context: failed to resolve "
      "environment: " +
      error.message());
}

}  // namespace

Instruction Expand(const Instruction& instruction, const Scope& scope) {
  Instruction expanded = instruction;
  try {
    std::visit(Expander(scope), expanded.command);
    if (const auto* run = std::get_if<Run>(&expanded.command)) {
      // The classic builder reads mounts before it refuses them.
      if (scope.dialect().family == Family::kClassic) ReadMounts(*run, scope);
      CheckRun(expanded.source, scope.dialect());
    }
  } catch (const Error& error) {
    const Error told = InWordsOf(scope.dialect(), instruction.command, error);
    throw told.At(instruction.source.range.begin.line);
  }
  return expanded;
}

std::vector<std::string> ExposeWords(const Expose& expose, const Scope& scope) {
  const LexOptions options{.dialect = scope.dialect(), .escape = scope.escape()};
  std::vector<std::string> words;
  for (const std::string& port : expose.ports) {
    for (std::string& word : ProcessWords(port, scope.variables(), options)) {
      words.push_back(std::move(word));
    }
  }
  return words;
}

std::vector<Mount> ExpandMounts(const Run& run, const Scope& scope, const std::string& workdir) {
  if (scope.dialect().family == Family::kBuildah) return ExpandBuildahMounts(run, scope);
  const LexOptions options{.dialect = scope.dialect(), .escape = scope.escape()};
  const Environment variables = scope.variables();
  std::vector<Mount> mounts;
  for (const std::string& text : run.mounts) {
    Mount mount = ParseMount(text, variables, options);
    const bool directory = mount.type != "secret" && mount.type != "ssh";
    if (directory && !mount.target.starts_with('/')) {
      mount.target = CleanPath("/" + workdir + "/" + mount.target);
    }
    if (directory && mount.target == "/") throw Error("invalid mount target \"/\"");
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

}  // namespace watertight::generator
