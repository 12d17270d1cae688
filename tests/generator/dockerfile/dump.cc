#include "tests/generator/dockerfile/dump.h"

#include <string>
#include <variant>

#include "generator/dockerfile/mount.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using nlohmann::json;

template <class T>
json OrNull(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json Pairs(const std::vector<NameValue>& pairs) {
  json array = json::array();
  for (const NameValue& pair : pairs) array.push_back({pair.name, pair.value, pair.old_syntax});
  return array;
}

json DumpMount(const Mount& mount) {
  return {{"type", mount.type},
          {"from", mount.from},
          {"source", mount.source},
          {"target", mount.target},
          {"id", mount.id},
          {"sharing", mount.sharing},
          {"read_only", mount.read_only},
          {"required", mount.required},
          {"size", mount.size},
          {"env", OrNull(mount.env)},
          {"mode", OrNull(mount.mode)},
          {"uid", OrNull(mount.uid)},
          {"gid", OrNull(mount.gid)}};
}

// The variables that the recorded mounts were expanded with.
const Environment& MountVariables() {
  static const Environment variables = {{"V", "value"}, {"E", ""}, {"T", "cache"}, {"N", "0750"}};
  return variables;
}

class Dumper {
 public:
  Dumper(const Instruction& instruction, const Dockerfile& file)
      : source_(instruction.source), file_(file) {
    out_ = {{"op", Upper(source_.keyword)},
            {"lines", {source_.range.begin.line, source_.range.end.line}},
            {"code", source_.text}};
    std::visit(*this, instruction.command);
  }

  const json& out() const { return out_; }

  void operator()(const Add& add) {
    Put(add);
    out_["checksum"] = add.checksum;
    out_["keep_git_dir"] = OrNull(add.keep_git_dir);
    out_["unpack"] = OrNull(add.unpack);
  }
  void operator()(const Copy& copy) {
    Put(copy);
    out_["from"] = copy.from;
    out_["parents"] = copy.parents;
  }
  void operator()(const Arg& arg) {
    out_["names"] = json::array();
    for (const ArgName& name : arg.names) {
      out_["names"].push_back(json::array({name.name, OrNull(name.value)}));
    }
  }
  void operator()(const Cmd& cmd) { Put(static_cast<const CommandLine&>(cmd)); }
  void operator()(const Entrypoint& entrypoint) {
    Put(static_cast<const CommandLine&>(entrypoint));
  }
  void operator()(const Run& run) {
    Put(static_cast<const CommandLine&>(run));
    out_["files"] = json::array();
    for (const Heredoc& heredoc : source_.heredocs) {
      out_["files"].push_back({heredoc.name, heredoc.content, heredoc.strip_tabs});
    }
    out_["network"] = run.network;
    try {
      json mounts = json::array();
      const LexOptions options{.dialect = file_.dialect, .escape = file_.escape};
      for (const std::string& mount : run.mounts) {
        mounts.push_back(DumpMount(ParseMount(mount, MountVariables(), options)));
      }
      out_["mounts"] = mounts;
    } catch (const Error& error) {
      out_["mounts"] = error.message();
    }
  }
  void operator()(const Env& env) { out_["pairs"] = Pairs(env.variables); }
  void operator()(const Label& label) { out_["pairs"] = Pairs(label.labels); }
  void operator()(const Expose& expose) { out_["ports"] = expose.ports; }
  void operator()(const Healthcheck& check) {
    out_["test"] = check.test;
    out_["interval"] = check.interval.count();
    out_["timeout"] = check.timeout.count();
    out_["start_period"] = check.start_period.count();
    out_["start_interval"] = check.start_interval.count();
    out_["retries"] = check.retries;
  }
  void operator()(const Maintainer& maintainer) { out_["name"] = maintainer.name; }
  void operator()(const Onbuild& onbuild) { out_["trigger"] = onbuild.trigger; }
  void operator()(const Refused& refused) {
    throw Error(refused.reason).At(source_.range.begin.line);
  }
  void operator()(const Shell& shell) { out_["words"] = shell.words; }
  void operator()(const StopSignal& stop) { out_["signal"] = stop.signal; }
  void operator()(const User& user) { out_["name"] = user.name; }
  void operator()(const Volume& volume) { out_["paths"] = volume.paths; }
  void operator()(const Workdir& workdir) { out_["path"] = workdir.path; }

 private:
  void Put(const CommandLine& line) {
    out_["words"] = line.words;
    out_["shell"] = line.shell;
  }
  void Put(const Transfer& transfer) {
    out_["sources"] = transfer.sources;
    out_["files"] = json::array();
    for (const InlineFile& file : transfer.inline_files) {
      out_["files"].push_back({file.name, file.content, file.expand});
    }
    out_["dest"] = transfer.destination;
    out_["chown"] = transfer.chown;
    out_["chmod"] = transfer.chmod;
    out_["link"] = transfer.link;
    out_["exclude"] = transfer.exclude;
  }

  const Source& source_;
  const Dockerfile& file_;
  json out_;
};

json DumpStage(const Stage& stage, const Dockerfile& file) {
  json commands = json::array();
  for (const Instruction& instruction : stage.instructions) {
    commands.push_back(DumpInstruction(instruction, file));
  }
  const Range& range = stage.source.range;
  return {{"name", stage.name},         {"base", stage.base},
          {"platform", stage.platform}, {"lines", {range.begin.line, range.end.line}},
          {"code", stage.source.text},  {"commands", commands}};
}

json DumpFile(const Dockerfile& file) {
  json args = json::array();
  for (const Instruction& arg : file.global_args) args.push_back(DumpInstruction(arg, file));
  json stages = json::array();
  for (const Stage& stage : file.stages) stages.push_back(DumpStage(stage, file));
  json warnings = json::array();
  for (const Warning& warning : file.warnings) warnings.push_back(warning.message);
  return {{"escape", std::string(1, file.escape)},
          {"warnings", warnings},
          {"args", args},
          {"stages", stages}};
}

Environment VariablesOf(const json& test) {
  Environment variables;
  for (const json& variable : test.value("env", json::array())) {
    const auto text = variable.get<std::string>();
    const size_t equals = text.find('=');
    variables.Set(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace

json DumpInstruction(const Instruction& instruction, const Dockerfile& file) {
  return Dumper(instruction, file).out();
}

json DumpParse(const std::string& text, const std::string& builder) {
  try {
    return DumpFile(ParseDockerfile(text, {.path = "Dockerfile", .builder = builder}));
  } catch (const Error& error) {
    return {{"error", {{"line", error.line()}, {"message", error.message()}}}};
  }
}

json DumpLex(const json& test, const std::string& builder) {
  const Environment variables = VariablesOf(test);
  const LexOptions options{.dialect = *FindDialect(builder),
                           .escape = test.value("escape", "\\")[0],
                           .raw_quotes = test.value("raw_quotes", false),
                           .raw_escapes = test.value("raw_escapes", false),
                           .keep_quotes = test.value("keep_quotes", false),
                           .skip_unset = test.value("skip_unset", false)};
  const auto word = test["word"].get<std::string>();
  json out;
  try {
    out["word"] = ProcessWord(word, variables, options);
    out["words"] = ProcessWords(word, variables, options);
  } catch (const Error& error) {
    out = {{"error", error.message()}};
  }
  return out;
}

}  // namespace watertight::generator
