#include "cli/structure_tests/engine.h"

#include <charconv>
#include <filesystem>
#include <string_view>

#include "framework/image/path.h"
#include "framework/image/process.h"

namespace watertight::cli {
namespace {

using Words = std::vector<std::string>;

void Append(const Words& more, Words* words) {
  words->insert(words->end(), more.begin(), more.end());
}

std::string FirstLine(const std::string& text) {
  return Printable(text.substr(0, text.find('\n')));
}

std::string Trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \n\r") + 1);
  return text;
}

bool Succeeds(const Words& words) { return RunProcess(words).exit_code == 0; }

bool HasImage(const std::string& program, const std::string& name) {
  return Succeeds({program, "image", "inspect", name});
}

// "app:ci" of "Loaded image: app:ci", when it is the only one; else empty.
std::string LoadedName(const std::string& output) {
  std::string name;
  std::size_t begin = 0;
  while (begin < output.size()) {
    const std::size_t end = std::min(output.find('\n', begin), output.size());
    const std::string line = output.substr(begin, end - begin);
    begin = end + 1;
    if (!line.starts_with("Loaded image")) continue;
    if (!name.empty()) return "";
    name = Trimmed(line.substr(std::min(line.find(": "), line.size() - 2) + 2));
  }
  return name;
}

Engines::Found Loaded(const std::string& program, const Image& image) {
  if (HasImage(program, image.id())) {
    return {std::make_unique<EngineImage>(program, image.id(), false), ""};
  }
  std::error_code error;
  if (!std::filesystem::is_regular_file(image.archive_path(), error)) {
    return {nullptr, program + " loads archives only, and has no image of this id"};
  }
  // Loading would take the name away from it.
  for (const std::string& tag : image.tags()) {
    if (!HasImage(program, tag)) continue;
    return {nullptr, program + " has another image of the name " + Printable(tag)};
  }
  const ProcessResult loaded = RunProcess({program, "load", "--input", image.archive_path()});
  if (loaded.exit_code != 0) {
    return {nullptr, program + " cannot load the image: " + FirstLine(loaded.error)};
  }
  // A store may have ids of its own.
  const bool by_id = HasImage(program, image.id());
  const std::string name = by_id ? image.id() : LoadedName(loaded.output);
  if (name.empty()) return {nullptr, program + " does not tell the name of the image it loaded"};
  return {std::make_unique<EngineImage>(program, name, true), ""};
}

Words OptionWords(const RunOptions& options, const ContainerPlan::Variables& env) {
  Words words;
  if (!options.user.empty()) Append({"--user", options.user}, &words);
  if (options.privileged) words.emplace_back("--privileged");
  if (options.tty) words.emplace_back("--tty");
  if (!options.env_file.empty()) Append({"--env-file", options.env_file}, &words);
  for (const std::string& name : options.env) Append({"--env", name}, &words);
  for (const std::string& capability : options.capabilities) {
    Append({"--cap-add", capability}, &words);
  }
  for (const std::string& mount : options.bind_mounts) Append({"--volume", mount}, &words);
  for (const auto& [name, value] : env) Append({"--env", name + "=" + value}, &words);
  return words;
}

// One container, removed at the end.
class Container {
 public:
  // options: of the engine.
  Container(const std::string& program, const std::string& image, const Words& options,
            const Words& command)
      : program_(program) {
    Words words = {program, "create"};
    Append(options, &words);
    Append({"--entrypoint", "", image}, &words);
    Append(command, &words);
    const ProcessResult created = RunProcess(words);
    if (created.exit_code == 0) id_ = Trimmed(created.output);
    if (id_.empty()) problem_ = "no container can be made: " + FirstLine(created.error);
  }
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;
  ~Container() {
    if (!id_.empty()) (void)RunProcess({program_, "rm", "--force", id_});
  }

  ContainerResult Run() const {
    ContainerResult result;
    result.problem = problem_;
    if (!problem_.empty()) return result;
    ProcessResult started = RunProcess({program_, "start", "--attach", id_});
    const ProcessResult state =
        RunProcess({program_, "inspect", "--format", "{{.State.ExitCode}} {{.State.Error}}", id_});
    const std::string told = Trimmed(state.output);
    const char* const end = told.data() + told.size();
    const auto parsed = std::from_chars(told.data(), end, result.exit_code);
    if (state.exit_code != 0 || parsed.ec != std::errc() || parsed.ptr != end) {
      result.problem = "it cannot be started: " + FirstLine(started.error);
    }
    result.output = std::move(started.output);
    result.error = std::move(started.error);
    return result;
  }

  // The id of an image with its changes; empty when there is none.
  std::string Commit() const {
    const ProcessResult committed = RunProcess({program_, "commit", id_});
    return committed.exit_code == 0 ? Trimmed(committed.output) : "";
  }

 private:
  std::string program_;
  std::string id_;
  std::string problem_;
};

}  // namespace

EngineImage::~EngineImage() {
  if (loaded_) (void)RunProcess({program_, "rmi", "--force", name_});
}

ContainerResult EngineImage::Run(const ContainerPlan& plan) const {
  Words made;  // images, each of the one before it
  std::string image = name_;
  ContainerResult result;
  const Words in_setup = OptionWords(plan.options, plan.setup_env);
  for (const Words& command : plan.setup) {
    const Container container(program_, image, in_setup, command);
    result = container.Run();
    if (result.problem.empty()) image = container.Commit();
    if (image.empty()) result.problem = "no image can be made of it";
    if (!result.problem.empty()) {
      result.problem = "in setup: " + result.problem;
      break;
    }
    made.push_back(image);
  }
  if (result.problem.empty()) {
    const Words options = OptionWords(plan.options, plan.env);
    result = Container(program_, image, options, plan.command).Run();
  }
  for (auto one = made.rbegin(); one != made.rend(); ++one) {
    (void)RunProcess({program_, "rmi", "--force", *one});
  }
  return result;
}

const Engines::Found& Engines::For(const Image& image) {
  const auto [place, is_new] = found_.try_emplace(image.archive_path() + "\n" + image.id());
  Found& found = place->second;
  if (!is_new) return found;
  found.why = "it runs in a container, and neither docker nor podman answers";
  for (const char* program : {"docker", "podman"}) {
    if (!Succeeds({program, "ps", "--quiet"})) continue;
    found = Loaded(program, image);
    if (found.image != nullptr) break;
  }
  return found;
}

}  // namespace watertight::cli
