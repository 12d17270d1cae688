#include "generator/builders/buildkit_history.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "generator/build/apply_config.h"
#include "generator/builders/go_format.h"
#include "generator/dockerfile/shell_lex.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr const char* kSuffix = " # buildkit";

std::string Joined(const std::vector<NameValue>& pairs) {
  std::string text;
  for (const NameValue& pair : pairs) text += " " + pair.name + "=" + pair.value;
  return text;
}

std::string Assignment(const ArgName& name) {
  return name.name + (name.value ? "=" + *name.value : "");
}

// {"80/tcp", "53/udp"} as fmt prints a map: sorted, without repetitions.
std::string PortMap(const Words& ports) {
  const std::set<std::string> sorted(ports.begin(), ports.end());
  Words entries;
  for (const std::string& port : sorted) entries.push_back(port + ":{}");
  return "map" + Listed(entries);
}

class Text {
 public:
  Text(const Step& step, const BuildkitVersion& version)
      : step_(step), version_(version), config_(step.stage.config) {}

  std::string operator()(const Env& env) const { return "ENV" + Joined(env.variables); }
  std::string operator()(const Label& label) const { return "LABEL" + Joined(label.labels); }
  std::string operator()(const Arg& arg) const {
    // The declarations of this instruction are the last ones.
    const std::vector<ArgName>& declared = step_.stage.scope.declared();
    const auto first = declared.end() - static_cast<std::ptrdiff_t>(arg.names.size());
    Words words;
    if (version_.arg_values) {
      std::transform(first, declared.end(), std::back_inserter(words), Assignment);
    } else {
      std::ranges::transform(arg.names, std::back_inserter(words), Assignment);
    }
    return "ARG " + Join(words, " ");
  }
  std::string operator()(const User& user) const { return "USER " + user.name; }
  std::string operator()(const Volume& volume) const { return "VOLUME " + Listed(volume.paths); }
  std::string operator()(const Expose& expose) const {
    return "EXPOSE " + (version_.port_map ? PortMap(expose.ports) : Listed(expose.ports));
  }
  std::string operator()(const StopSignal& stop) const { return "STOPSIGNAL " + stop.signal; }
  std::string operator()(const Maintainer& each) const { return "MAINTAINER " + each.name; }
  std::string operator()(const Shell& shell) const { return "SHELL " + Listed(shell.words); }
  std::string operator()(const Workdir&) const { return "WORKDIR " + config_.workdir; }
  std::string operator()(const Cmd& cmd) const {
    return "CMD " + QuotedList(CommandWords(cmd, step_.stage));
  }
  std::string operator()(const Entrypoint& entrypoint) const {
    return "ENTRYPOINT " + QuotedList(CommandWords(entrypoint, step_.stage));
  }
  std::string operator()(const Healthcheck& check) const {
    Words fields = {QuotedList(check.test)};
    for (const auto duration : {check.interval, check.timeout, check.start_period}) {
      fields.push_back(Quote(GoDuration(duration)));
    }
    if (version_.start_interval) fields.push_back(Quote(GoDuration(check.start_interval)));
    fields.push_back(QuoteRune(check.retries));
    return "HEALTHCHECK &{" + Join(fields, " ") + "}";
  }
  std::string operator()(const Copy& copy) const {
    const bool parents = version_.transfer_flags && copy.parents;
    return (parents ? "COPY --parents" : "COPY") + Transferred(copy);
  }
  std::string operator()(const Add& add) const { return "ADD" + Transferred(add); }
  std::string operator()(const Run& run) const {
    return "RUN " + Arguments() + CommandOf(run) + kSuffix;
  }
  std::string operator()(const Onbuild&) const { return ""; }
  std::string operator()(const Refused&) const { return ""; }

  std::string CommandOf(const Run& run) const {
    CommandLine line = run;
    if (!step_.instruction.source.heredocs.empty()) line.words = {Script(run)};
    return Join(CommandWords(line, step_.stage), " ");
  }

 private:
  // What the shell gets of a RUN with here-documents: the body of the only one, a file for a body
  // with an interpreter of its own, or the command with all bodies put back.
  std::string Script(const Run& run) const {
    const std::vector<Heredoc>& heredocs = step_.instruction.source.heredocs;
    const Heredoc& first = heredocs[0];
    if (run.script && first.content.starts_with("#!")) return "/dev/pipes/" + first.name;
    if (run.script) {
      return first.strip_tabs ? WithoutLeadingTabs(first.content) : first.content;
    }
    std::string script = run.words[0];
    for (const Heredoc& each : heredocs) script += "\n" + each.content + each.name;
    return script;
  }

  // "|2 A=1 B= ", in the order of declaration; the later of ARG and ENV gives the value.
  std::string Arguments() const {
    const Environment variables = step_.stage.scope.variables();
    Environment once;
    Words all;
    for (const ArgName& arg : step_.stage.scope.declared()) {
      const std::string* value = variables.Find(arg.name);
      const std::string text = value != nullptr ? *value : arg.value.value_or("");
      all.push_back(arg.name + "=" + text);
      once.Set(arg.name, text);
    }
    if (!version_.repeated_args) {
      all.clear();
      for (const auto& [name, value] : once) all.push_back(name + "=" + value);
    }
    if (all.empty()) return "";
    return "|" + std::to_string(all.size()) + " " + Join(all, " ") + " ";
  }

  std::string Transferred(const Transfer& transfer) const {
    std::string text;
    if (version_.transfer_flags) {
      if (!transfer.chown.empty()) text += " --chown=" + transfer.chown;
      if (!transfer.chmod.empty()) text += " --chmod=" + transfer.chmod;
    }
    for (const std::string& source : transfer.sources) text += " " + source;
    for (const InlineFile& file : transfer.inline_files) text += " <<" + file.name;
    return text + " " + transfer.destination + kSuffix;
  }

  const Step& step_;
  const BuildkitVersion& version_;
  const ImageConfig& config_;
};

size_t LayersOf(const std::vector<HistoryEntry>& history) {
  return static_cast<size_t>(std::ranges::count(history, false, &HistoryEntry::empty_layer));
}

// A base whose history is too long: what has no layer is marked so.
void MarkEmpty(std::vector<HistoryEntry>& history, size_t layers) {
  size_t seen = 0;
  for (HistoryEntry& entry : history) {
    if (seen >= layers) entry.empty_layer = true;
    if (!entry.empty_layer) ++seen;
  }
}

// The time of the first new layer, else of the last layer of all.
std::string FirstTime(const std::vector<HistoryEntry>& history) {
  std::string time;
  bool missing = false;
  for (const HistoryEntry& entry : history) {
    if (entry.created.empty()) {
      missing = true;
      continue;
    }
    time = entry.created;
    if (missing) break;
  }
  return time;
}

void FillTimes(std::vector<HistoryEntry>& history) {
  std::string time = FirstTime(history);
  bool missing = false;
  for (HistoryEntry& entry : history) {
    if (entry.created.empty()) {
      missing = true;
      entry.created = time;
    } else if (missing) {
      time = entry.created;
    }
  }
}

// "[2/3] COPY a b", as the progress of a build shows it.
std::string NameOf(const Step& step) {
  const Scope& scope = step.stage.scope;
  std::string code = step.written.source.text;
  try {
    const LexOptions options{.dialect = scope.dialect(), .escape = scope.escape()};
    code = ProcessWord(code, scope.variables(), options);
  } catch (const Error&) {
    // Shown as it is written.
  }
  const size_t keyword = std::min(code.find(' '), code.size());
  StepNumbers& numbers = step.stage.numbers;
  const std::string all = std::to_string(numbers.all);
  std::string at = std::to_string(++numbers.done);
  if (at.size() < all.size()) at.insert(0, all.size() - at.size(), ' ');
  const std::string stage = numbers.stage.empty() ? "" : numbers.stage + " ";
  return "[" + stage + at + "/" + all + "] " + Upper(code.substr(0, keyword)) +
         code.substr(keyword);
}

// Entries for the layers that the history does not speak of; they are taken to be the last ones.
void AddMissing(std::vector<HistoryEntry>& history, const FinishedBuild& build) {
  const StageBuild& stage = build.stage;
  const size_t own = stage.layer_texts.size();
  const size_t base = stage.layers.size() - own;
  for (size_t layer = LayersOf(history); layer < stage.layers.size(); ++layer) {
    HistoryEntry entry;
    entry.created = build.created;
    entry.created_by = layer < base ? "from local " : stage.layer_texts[layer - base];
    entry.comment = "buildkit.exporter.image.v0";
    history.push_back(entry);
  }
}

}  // namespace

std::string BuildkitText(const Step& step, const BuildkitVersion& version) {
  return std::visit(Text(step, version), step.instruction.command);
}

std::string BuildkitLayerText(const Step& step, const BuildkitVersion& version) {
  const std::string name = NameOf(step);  // counts
  const auto* run = std::get_if<Run>(&step.instruction.command);
  if (run != nullptr) return "mount / from exec " + Text(step, version).CommandOf(*run);
  return version.named_file_steps ? name : "fileop target";
}

std::vector<HistoryEntry> BuildkitHistory(const FinishedBuild& build) {
  std::vector<HistoryEntry> history = build.stage.history;
  const size_t layers = build.stage.layers.size();
  if (LayersOf(history) > layers) MarkEmpty(history, layers);
  for (HistoryEntry& entry : history) {
    if (!entry.empty_layer && entry.created.empty()) entry.created = build.created;
  }
  AddMissing(history, build);
  FillTimes(history);
  return history;
}

}  // namespace watertight::generator
