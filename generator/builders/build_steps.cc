#include "generator/builders/build_steps.h"

#include <algorithm>
#include <optional>
#include <set>

#include "generator/archives/entries.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/builders/base64.h"
#include "generator/builders/build_operations.h"
#include "generator/dockerfile/copy_rules.h"
#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

struct Lines {
  int first = 0;
  int last = 0;
};

struct Vertex {
  Json op;
  std::vector<size_t> inputs;
  std::optional<Lines> lines;
};

using Input = std::optional<size_t>;  // nothing: scratch

// The inputs of one operation, each once; they are named by position.
class Inputs {
 public:
  int Add(Input vertex) {
    if (!vertex) return -1;
    const auto found = std::ranges::find(all_, *vertex);
    if (found == all_.end()) {
      all_.push_back(*vertex);
      return static_cast<int>(all_.size()) - 1;
    }
    return static_cast<int>(found - all_.begin());
  }
  const std::vector<size_t>& all() const { return all_; }

 private:
  std::vector<size_t> all_;
};

const Transfer* TransferOf(const Command& command) {
  if (const auto* copy = std::get_if<Copy>(&command)) return copy;
  return std::get_if<Add>(&command);
}

class Graph {
 public:
  Graph(const BuildRecord& record, StepSpelling spelling)
      : record_(record), spelling_(spelling), results_(record.stages.size()) {}

  BuildSteps Steps() {
    const Input result = ResultOf(record_.target);
    BuildSteps steps;
    if (result) End(steps, *result);
    return steps;
  }

 protected:
  size_t Add(Json op, std::vector<size_t> inputs = {}, std::optional<Lines> lines = {}) {
    vertices_.push_back({std::move(op), std::move(inputs), lines});
    return vertices_.size() - 1;
  }

  // The vertices below `last` and an empty one on top, which names the result.
  void End(BuildSteps& steps, size_t last) {
    const Json none = spelling_ == StepSpelling::kWithZeros ? Json() : Json::Object();
    const size_t end = Add(Json::Object({{"Op", none}}), {last});
    Visit(steps, end);
    steps.digests.SortMembers();
    steps.locations.SortMembers();
  }

 private:
  Lines LinesOf(const RecordedStep& step) const {
    const Range& range = step.instruction.source.range;
    return {range.begin.line, std::max(range.begin.line, range.end.line)};
  }

  Input ResultOf(size_t index) {
    if (results_[index]) return *results_[index];
    const RecordedStage& stage = record_.stages[index];
    Input state = stage.base_stage ? ResultOf(*stage.base_stage) : BaseOf(stage);
    for (const RecordedStep& step : stage.steps) state = After(state, step);
    results_[index] = state;
    return state;
  }

  Input BaseOf(const RecordedStage& stage) {
    if (stage.base.empty()) return std::nullopt;
    return ImageVertex(stage.base, stage.base_digest, Lines{stage.line, stage.line});
  }

  size_t ImageVertex(const std::string& name, const std::string& digest,
                     std::optional<Lines> lines) {
    const std::string pin = digest.empty() ? "" : "@" + digest;
    Json source = Json::Object({{"identifier", "docker-image://" + FullName(name) + pin},
                                {"attrs", Json::Object({{"image.resolvemode", "local"}})}});
    const Json op = Finished(Wrapped("source", std::move(source)), &platform());
    return Add(op, {}, lines);
  }

  const Platform& platform() const { return record_.arguments.target_platform; }

  Input After(Input state, const RecordedStep& step) {
    const Command& command = step.instruction.command;
    if (std::holds_alternative<Run>(command)) return AfterRun(state, step);
    if (const Transfer* transfer = TransferOf(command)) {
      return AfterTransfer(state, step, *transfer);
    }
    if (step.workdir == "/") return state;
    Json mkdir = Json::Object({{"path", step.workdir}, {"mode", 0755}, {"makeParents", true}});
    if (!step.user.empty()) mkdir.Set("owner", Owner(step.user, spelling_));
    mkdir.Set("timestamp", -1);
    Inputs inputs;
    const int base = inputs.Add(state);
    return Add(FileOperation({FileAction(base, -1, 0, "mkdir", std::move(mkdir))}), inputs.all(),
               LinesOf(step));
  }

  // What a step takes files from.
  Input SourceOf(const RecordedStep& step, const std::string& from) {
    if (from.empty()) return ContextVertex();
    if (from == "scratch") return std::nullopt;
    for (const StageSource& source : step.sources) {
      if (source.name == from && source.stage) return ResultOf(*source.stage);
    }
    return ImageVertex(from, "", std::nullopt);
  }

  size_t ContextVertex() {
    if (context_) return *context_;
    Json attributes = Json::Object();
    const std::set<std::string> paths = ContextPaths();
    if (!paths.empty() && !paths.contains("/")) {
      std::vector<std::string> names;
      for (const std::string& path : paths) names.push_back(path.substr(1));
      attributes.Set("local.followpaths", Write(StringList(names), kGoCompact));
    }
    attributes.Set("local.sharedkeyhint", "context");
    Json source = Json::Object({{"identifier", "local://context"}, {"attrs", attributes}});
    context_ = Add(Finished(Wrapped("source", std::move(source)), nullptr));
    return *context_;
  }

  // What COPY and ADD take from the context; a mount of it takes all.
  std::set<std::string> ContextPaths() const {
    std::set<std::string> paths;
    for (const RecordedStage& stage : record_.stages) {
      for (const RecordedStep& step : stage.steps) {
        for (const Mount& mount : step.mounts) {
          if (mount.type == "bind" && mount.from.empty()) paths.insert("/");
        }
        const Transfer* transfer = TransferOf(step.instruction.command);
        const auto* copy = std::get_if<Copy>(&step.instruction.command);
        if (transfer == nullptr || (copy != nullptr && !copy->from.empty())) continue;
        for (const std::string& source : transfer->sources) {
          if (!IsHttpSource(source)) paths.insert(CleanPath("/" + source));
        }
      }
    }
    return paths;
  }

  Input AfterTransfer(Input state, const RecordedStep& step, const Transfer& transfer) {
    const bool link = transfer.link && transfer.chmod.empty();
    Inputs inputs;
    int input = inputs.Add(link ? std::nullopt : state);
    std::vector<std::pair<Input, Json>> copies = CopiesOf(step, transfer);
    std::vector<int> secondary;
    for (const auto& [source, copy] : copies) secondary.push_back(inputs.Add(source));
    std::vector<Json> actions;
    for (size_t i = 0; i < copies.size(); ++i) {
      const bool last = i + 1 == copies.size();
      actions.push_back(
          FileAction(input, secondary[i], last ? 0 : -1, "copy", std::move(copies[i].second)));
      input = static_cast<int>(inputs.all().size() + i);
    }
    const size_t copied = Add(FileOperation(std::move(actions)), inputs.all(), LinesOf(step));
    return link ? Merged(state, copied, step) : copied;
  }

  size_t Merged(Input state, size_t copied, const RecordedStep& step) {
    if (!state) return copied;
    const bool zeros = spelling_ == StepSpelling::kWithZeros;
    const Json first = zeros ? Json::Object({{"input", 0}}) : Json::Object();
    Json list = Json::Array({first, Json::Object({{"input", 1}})});
    Json op = Wrapped("merge", Json::Object({{"inputs", std::move(list)}}));
    return Add(Finished(std::move(op), nullptr), {*state, copied}, LinesOf(step));
  }

  std::vector<std::pair<Input, Json>> CopiesOf(const RecordedStep& step, const Transfer& transfer) {
    const auto* copy = std::get_if<Copy>(&step.instruction.command);
    const std::string destination = Absolute(transfer.destination, step.workdir);
    std::vector<std::pair<Input, Json>> copies;
    for (const std::string& source : transfer.sources) {
      if (copy == nullptr && IsHttpSource(source)) {
        Json action = CopyAction("/" + FileNameOf(source), destination, transfer, false, false);
        copies.emplace_back(Download(source), std::move(action));
        continue;
      }
      Json action =
          CopyAction(CleanPath("/" + source), destination, transfer, true, copy == nullptr);
      copies.emplace_back(SourceOf(step, copy == nullptr ? "" : copy->from), std::move(action));
    }
    for (const InlineFile& file : transfer.inline_files) {
      copies.emplace_back(InlineVertex(file),
                          CopyAction("/" + file.name, destination, transfer, false, false));
    }
    return copies;
  }

  size_t Download(const std::string& url) {
    Json attributes = Json::Object({{"http.filename", FileNameOf(url)}});
    return Add(Finished(
        Wrapped("source", Json::Object({{"identifier", url}, {"attrs", attributes}})), nullptr));
  }

  size_t InlineVertex(const InlineFile& file) {
    Json make = Json::Object({{"path", "/" + file.name}, {"mode", 0644}});
    make.Set("data", Base64(file.content));
    make.Set("timestamp", -1);
    return Add(FileOperation({FileAction(-1, -1, 0, "mkfile", std::move(make))}));
  }

  Json CopyAction(const std::string& from, const std::string& to, const Transfer& transfer,
                  bool files, bool unpack) const {
    Json action = Json::Object({{"src", from}, {"dest", to}});
    if (!transfer.chown.empty()) action.Set("owner", Owner(transfer.chown, spelling_));
    const auto mode = ParseUint(transfer.chmod, 8, 32);
    action.Set("mode", mode ? static_cast<std::int64_t>(*mode) : -1);
    if (files) action.Set("followSymlink", true).Set("dirCopyContents", true);
    if (unpack) action.Set("attemptUnpackDockerCompatibility", true);
    action.Set("createDestPath", true);
    if (files) action.Set("allowWildcard", true).Set("allowEmptyWildcard", true);
    action.Set("timestamp", -1);
    if (!transfer.exclude.empty()) action.Set("exclude_patterns", StringList(transfer.exclude));
    return action;
  }

  Json MountObject(int input, const std::string& selector, const std::string& target,
                   int output) const {
    const bool zeros = spelling_ == StepSpelling::kWithZeros;
    Json mount = Json::Object();
    if (zeros || input != 0) mount.Set("input", input);
    if (!selector.empty()) mount.Set("selector", selector);
    mount.Set("dest", target);
    if (zeros || output != 0) mount.Set("output", output);
    return mount;
  }

  Json MountOf(const Mount& mount, const RecordedStep& step, Inputs& inputs) {
    const std::string target = MountTarget(mount);
    if (mount.type == "bind") {
      const int input = inputs.Add(SourceOf(step, mount.from));
      const std::string selector = mount.source.empty() ? "" : CleanPath("/" + mount.source);
      Json object = MountObject(input, selector == "/" ? "" : selector, target, -1);
      return object.Set("readonly", mount.read_only);
    }
    if (mount.type == "cache" || mount.type == "tmpfs") {
      const bool cache = mount.type == "cache";
      Json object = MountObject(-1, "", target, -1);
      object.Set("mountType", cache ? 3 : 4);
      const std::string id = mount.id.empty() ? target : mount.id;
      if (!cache) return object.Set("TmpfsOpt", Json::Object());
      return object.Set("cacheOpt", Json::Object({{"ID", "/" + id}}));
    }
    const bool secret = mount.type == "secret";
    Json object = MountObject(spelling_ == StepSpelling::kWithZeros ? 0 : -1, "", target, 0);
    object.Set("mountType", secret ? 1 : 2);
    Json options = Json::Object();
    if (!mount.id.empty()) options.Set("ID", mount.id);
    options.Set("mode", mount.mode.value_or(secret ? 0400 : 0600));
    if (!mount.required) options.Set("optional", true);
    return object.Set(secret ? "secretOpt" : "SSHOpt", options);
  }

  static std::string MountTarget(const Mount& mount) {
    if (!mount.target.empty()) return mount.target;
    return mount.type == "ssh" ? "/run/buildkit/ssh_agent.0" : "/run/secrets/" + mount.id;
  }

  Input AfterRun(Input state, const RecordedStep& step) {
    Inputs inputs;
    Json mounts = Json::Array({MountObject(inputs.Add(state), "", "/", 0)});
    Json variables = Json::Array();
    std::vector<std::string> environment;
    for (const auto& [name, value] : step.environment) environment.push_back(name + "=" + value);
    for (const Mount& mount : step.mounts) {
      if (mount.type == "secret" && mount.env) {
        Json variable = Json::Object({{"ID", mount.id}, {"name", *mount.env}});
        variables.Append(mount.required ? variable : variable.Set("optional", true));
        if (mount.target.empty()) continue;
      }
      if (mount.type == "ssh") environment.push_back("SSH_AUTH_SOCK=" + MountTarget(mount));
      mounts.Append(MountOf(mount, step, inputs));
    }
    Json meta = Json::Object({{"args", StringList(step.command)},
                              {"env", StringList(environment)},
                              {"cwd", step.workdir}});
    if (!step.user.empty()) meta.Set("user", step.user);
    const Json proxies = Proxies();
    if (!proxies.IsEmptyValue()) meta.Set("proxy_env", proxies);
    meta.Set("removeMountStubsRecursive", true);
    Json exec = Json::Object({{"meta", meta}, {"mounts", mounts}});
    const std::string& network = std::get<Run>(step.instruction.command).network;
    if (network == "none") exec.Set("network", 2);
    if (network == "host") exec.Set("network", 1);
    if (!variables.items().empty()) exec.Set("secretenv", variables);
    const Json op = Finished(Wrapped("exec", std::move(exec)), &platform());
    return Add(op, inputs.all(), LinesOf(step));
  }

  Json Proxies() const {
    Json proxies = Json::Object();
    for (const char* name : {"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"}) {
      for (const auto& [key, value] : record_.arguments.values) {
        if (EqualIgnoringCase(key, name)) proxies.Set(name, value);
      }
    }
    return proxies;
  }

  // What equal operations on equal inputs make is made once.
  std::string Visit(BuildSteps& steps, size_t index) {
    const Vertex vertex = vertices_[index];
    Json inputs = Json::Array();
    std::string identity = Write(vertex.op, kGoCompact);
    for (const size_t input : vertex.inputs) {
      const std::string id = Visit(steps, input);
      identity += "\n" + id;
      inputs.Append(id + ":0");
    }
    const std::string digest = Digest(identity);
    if (const Json* known = steps.digests.Find(digest)) {
      AddLocation(steps, known->text(), vertex, index);
      return known->text();
    }
    const std::string id = "step" + std::to_string(steps.definition.items().size());
    Json step = Json::Object({{"id", id}, {"op", vertex.op}});
    if (!inputs.items().empty()) step.Set("inputs", inputs);
    steps.definition.Append(std::move(step));
    steps.digests.Set(digest, id);
    const bool end = vertex.op.members().size() == 1;
    if (!end) AddLocation(steps, id, vertex, index);
    return id;
  }

  void AddLocation(BuildSteps& steps, const std::string& id, const Vertex& vertex, size_t index) {
    Json location =
        steps.locations.Find(id) == nullptr ? Json::Object() : *steps.locations.Find(id);
    if (vertex.lines && located_.insert(index).second) {
      Json ranges = Json::Array();
      for (int line = vertex.lines->first; line <= vertex.lines->last; ++line) {
        const Json position = Json::Object({{"line", line}});
        ranges.Append(Json::Object({{"start", position}, {"end", position}}));
      }
      const Json* before = location.Find("locations");
      Json all = before == nullptr ? Json::Array() : *before;
      all.Append(Json::Object({{"ranges", std::move(ranges)}}));
      location.Set("locations", std::move(all));
    }
    steps.locations.Set(id, std::move(location));
  }

  const BuildRecord& record_;
  StepSpelling spelling_;
  std::vector<std::optional<Input>> results_;
  std::vector<Vertex> vertices_;
  Input context_;
  std::set<size_t> located_;
};

class DockerfileGraph : public Graph {
 public:
  DockerfileGraph(const BuildRecord& record, StepSpelling spelling) : Graph(record, spelling) {}

  BuildSteps Steps(const std::string& name) {
    std::vector<std::string> paths = {name, name + ".dockerignore"};
    if (name == "Dockerfile") paths.emplace_back("dockerfile");
    Json attributes = Json::Object({{"local.differ", "none"},
                                    {"local.followpaths", Write(StringList(paths), kGoCompact)},
                                    {"local.sharedkeyhint", "dockerfile"}});
    Json source = Json::Object({{"identifier", "local://dockerfile"}, {"attrs", attributes}});
    const size_t last = Add(Finished(Wrapped("source", std::move(source)), nullptr));
    BuildSteps steps;
    End(steps, last);
    return steps;
  }
};

}  // namespace

BuildSteps StepsOf(const BuildRecord& record, StepSpelling spelling) {
  return Graph(record, spelling).Steps();
}

BuildSteps DockerfileSteps(const std::string& name, StepSpelling spelling) {
  return DockerfileGraph(BuildRecord(), spelling).Steps(name);
}

}  // namespace watertight::generator
