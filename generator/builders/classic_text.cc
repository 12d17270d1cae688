#include "generator/builders/classic_text.h"

#include <algorithm>

#include "generator/build/apply_config.h"
#include "generator/builders/go_format.h"
#include "generator/dockerfile/expand.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

std::string Joined(const std::vector<NameValue>& pairs) {
  std::string text;
  for (const NameValue& pair : pairs) text += " " + pair.name + "=" + pair.value;
  return text;
}

// A pointer to Go's struct, printed with %q until the builds of 28 print it with %v.
std::string HealthcheckText(const Healthcheck& check, const ClassicVersion& version) {
  std::vector<std::chrono::nanoseconds> durations = {check.interval, check.timeout,
                                                     check.start_period};
  if (version.start_interval) durations.push_back(check.start_interval);
  const bool quoted = version.quoted_healthcheck;
  std::string text = "&{" + (quoted ? QuotedList(check.test) : Listed(check.test));
  for (const auto& duration : durations) {
    text += " " + (quoted ? Quote(GoDuration(duration)) : GoDuration(duration));
  }
  return text + " " + (quoted ? QuoteRune(check.retries) : std::to_string(check.retries)) + "}";
}

// The comment behind "#(nop) ".
class Comment {
 public:
  Comment(const Step& step, const ClassicVersion& version) : step_(step), version_(version) {}

  std::string operator()(const Env& env) const { return "ENV" + Joined(env.variables); }
  std::string operator()(const Label& label) const { return "LABEL" + Joined(label.labels); }
  std::string operator()(const Arg& arg) const {
    Words names;
    for (const ArgName& name : arg.names) {
      names.push_back(name.name + (name.value ? "=" + *name.value : ""));
    }
    return "ARG " + Join(names, " ");
  }
  std::string operator()(const User& user) const { return "USER " + user.name; }
  std::string operator()(const Volume& volume) const { return "VOLUME " + Listed(volume.paths); }
  std::string operator()(const Expose&) const {
    // As written: neither the protocol nor a range is filled in.
    const auto& written = std::get<Expose>(step_.written.command);
    return "EXPOSE " + Join(ExposeWords(written, step_.stage.scope), " ");
  }
  std::string operator()(const StopSignal& stop) const { return "STOPSIGNAL " + stop.signal; }
  std::string operator()(const Maintainer& each) const { return "MAINTAINER " + each.name; }
  std::string operator()(const Onbuild& onbuild) const { return "ONBUILD " + onbuild.trigger; }
  std::string operator()(const Shell& shell) const { return "SHELL " + Listed(shell.words); }
  std::string operator()(const Workdir&) const { return "WORKDIR " + config().workdir; }
  std::string operator()(const Cmd&) const {
    return "CMD " + QuotedList(config().cmd.value_or(Words()));
  }
  std::string operator()(const Entrypoint&) const {
    return "ENTRYPOINT " + QuotedList(config().entrypoint.value_or(Words()));
  }
  std::string operator()(const Healthcheck& check) const {
    return "HEALTHCHECK " + HealthcheckText(check, version_);
  }
  std::string operator()(const Copy& copy) const { return "COPY " + Transferred(copy); }
  std::string operator()(const Add& add) const { return "ADD " + Transferred(add); }
  std::string operator()(const Refused&) const { return ""; }
  std::string operator()(const Run&) const { return ""; }

 private:
  const ImageConfig& config() const { return step_.stage.config; }

  std::string Transferred(const Transfer& transfer) const {
    std::string text;
    if (!transfer.chown.empty()) {
      text = "--chown=" + transfer.chown + (version_.glued_chown ? "" : " ");
    }
    return text + step_.content + " in " + transfer.destination + " ";
  }

  const Step& step_;
  const ClassicVersion& version_;
};

// "|2", "A=1", "B=2", or nothing when no argument was given or has a value. Proxies that were
// given but not declared make it "|0".
Words Arguments(const StageBuild& stage, const ClassicVersion& version) {
  const auto is_declared = [&](const std::string& name) {
    const auto& declared = stage.scope.declared();
    return std::ranges::find(declared, name, &ArgName::name) != declared.end();
  };
  Words arguments;
  bool any = false;
  for (const auto& [name, value] : stage.scope.variables()) {
    if (stage.config.env.Find(name) != nullptr) continue;
    if (is_declared(name)) arguments.push_back(name + "=" + value);
    const bool unknown_proxy = !version.all_proxy && Upper(name) == "ALL_PROXY";
    any = any || is_declared(name) || !unknown_proxy;
  }
  if (!any) return {};
  std::ranges::sort(arguments);
  arguments.insert(arguments.begin(), "|" + std::to_string(arguments.size()));
  return arguments;
}

// WORKDIR, COPY and ADD have the comment in one word with its mark, the others in two, so that
// two spaces stand in the history.
bool IsOneWord(const Command& command) {
  return std::holds_alternative<Workdir>(command) || std::holds_alternative<Copy>(command) ||
         std::holds_alternative<Add>(command);
}

}  // namespace

Words ClassicCommand(const Step& step, const ClassicVersion& version) {
  const Command& command = step.instruction.command;
  if (const auto* run = std::get_if<Run>(&command)) {
    Words words = Arguments(step.stage, version);
    const Words line = CommandWords(*run, step.stage);
    words.insert(words.end(), line.begin(), line.end());
    return words;
  }
  Words words = ShellOf(step.stage.config);
  const std::string comment = std::visit(Comment(step, version), command);
  if (IsOneWord(command)) {
    words.push_back("#(nop) " + comment);
  } else {
    words.insert(words.end(), {"#(nop) ", comment});
  }
  return words;
}

}  // namespace watertight::generator
