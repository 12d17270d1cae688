// Matchers of the configuration.

#include "watertight/matchers/config.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <sstream>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/shown_value.h"
#include "framework/matchers/verdict.h"

namespace watertight {
namespace internal {

struct ConfigClaim {
  std::string claim;     // "runs as node"
  std::string negation;  // "does not run as node"
  std::function<Verdict(const RuntimeConfig&)> judge;
};

}  // namespace internal

namespace {

using Judge = std::function<Verdict(const RuntimeConfig&)>;

ConfigMatcher Make(std::string claim, std::string negation, Judge judge) {
  return ConfigMatcher(
      internal::ConfigClaim{std::move(claim), std::move(negation), std::move(judge)});
}

Verdict Found(bool yes, std::string text) {
  return {yes ? Answer::kYes : Answer::kNo, std::move(text)};
}

template <typename T>
std::string Described(const ::testing::Matcher<T>& matcher, bool negation) {
  std::ostringstream text;
  if (negation) {
    matcher.DescribeNegationTo(&text);
  } else {
    matcher.DescribeTo(&text);
  }
  return text.str();
}

std::string Quoted(const std::string& text) { return "\"" + Printable(text) + "\""; }

std::vector<std::string> Split(const std::string& user) {
  const std::size_t colon = user.find(':');
  if (colon == std::string::npos) return {user};
  return {user.substr(0, colon), user.substr(colon + 1)};
}

bool IsRoot(const std::string& name) { return name.empty() || name == "0" || name == "root"; }

bool SameUser(const std::string& a, const std::string& b) {
  return a == b || (IsRoot(a) && IsRoot(b));
}

bool UserFits(const std::string& actual, const std::string& wanted) {
  const std::vector<std::string> have = Split(actual);
  const std::vector<std::string> want = Split(wanted);
  if (!SameUser(have[0], want[0])) return false;
  return want.size() == 1 || (have.size() == 2 && SameUser(have[1], want[1]));
}

std::string UserText(const RuntimeConfig& config) {
  return config.user.empty() ? "which states no user, so runs as root"
                             : "whose user is " + Quoted(config.user);
}

std::string NamesOf(const RuntimeConfig& config) {
  std::vector<std::string> names;
  names.reserve(config.env.size());
  for (const std::string& entry : config.env) names.push_back(entry.substr(0, entry.find('=')));
  return names.empty() ? "no variables" : "only " + Printable(Enumerated(names));
}

std::string NamesOf(const std::map<std::string, std::string>& labels) {
  std::vector<std::string> names;
  names.reserve(labels.size());
  for (const auto& [name, value] : labels) names.push_back(name);
  return names.empty() ? "no labels" : "only " + Printable(Enumerated(names));
}

std::string ListText(const char* what, const std::vector<std::string>& items) {
  return items.empty() ? std::string("which ") + what + " nothing"
                       : std::string("which ") + what + " " + Printable(Enumerated(items));
}

ConfigMatcher Words(const std::string& noun, const WordsMatcher& words,
                    const std::optional<std::vector<std::string>> RuntimeConfig::*field) {
  return Make("has " + noun + " that " + Described(words, false),
              "has " + noun + " that " + Described(words, true), [=](const RuntimeConfig& config) {
                const auto& stated = config.*field;
                const bool yes = words.Matches(stated.value_or(std::vector<std::string>{}));
                return Found(yes, stated ? "whose " + noun.substr(noun.find(' ') + 1) + " is " +
                                               ShownWords(*stated)
                                         : "which has none");
              });
}

std::string WithProtocol(const std::string& port) {
  return port.find('/') == std::string::npos ? port + "/tcp" : port;
}

bool RunsHealthcheck(const RuntimeConfig& config) {
  return config.healthcheck && !config.healthcheck->test.empty() &&
         config.healthcheck->test[0] != "NONE";
}

std::string HealthcheckText(const RuntimeConfig& config) {
  if (!RunsHealthcheck(config)) return "which runs no healthcheck";
  return "whose healthcheck is " + ShownWords(config.healthcheck->test);
}

}  // namespace

ConfigMatcher::ConfigMatcher(internal::ConfigClaim claim)
    : claim_(std::make_shared<const internal::ConfigClaim>(std::move(claim))) {}

bool ConfigMatcher::MatchAndExplain(const RuntimeConfig& config, std::ostream* out) const {
  return Report(claim_->judge(config), out);
}

bool ConfigMatcher::MatchAndExplain(const Image& image, std::ostream* out) const {
  return MatchAndExplain(image.config(), out);
}

void ConfigMatcher::DescribeTo(std::ostream* out) const { *out << claim_->claim; }
void ConfigMatcher::DescribeNegationTo(std::ostream* out) const { *out << claim_->negation; }

ConfigMatcher RunsAs(const std::string& user) {
  const std::string name = Printable(user);
  return Make("runs as " + name, "does not run as " + name, [user](const RuntimeConfig& config) {
    return Found(UserFits(config.user, user), UserText(config));
  });
}

ConfigMatcher RunsAsNonRoot() {
  return Make("runs as another user than root", "runs as root", [](const RuntimeConfig& config) {
    return Found(!IsRoot(Split(config.user)[0]), UserText(config));
  });
}

ConfigMatcher HasEnv(const std::string& name) {
  const std::string shown = Printable(name);
  return Make("has the variable " + shown, "does not have the variable " + shown,
              [name](const RuntimeConfig& config) {
                const char* value = config.FindEnv(name);
                return Found(value != nullptr,
                             value != nullptr
                                 ? "whose " + Printable(name) + " is " + ShownValue(name, value)
                                 : "which has " + NamesOf(config));
              });
}

ConfigMatcher HasEnv(const std::string& name, const StringMatcher& value) {
  const std::string claim = "has the variable " + Printable(name) + ", whose value ";
  return Make(claim + Described(value, false), claim + Described(value, true),
              [name, value](const RuntimeConfig& config) {
                const char* found = config.FindEnv(name);
                if (found == nullptr) return Found(false, "which has " + NamesOf(config));
                return Found(value.Matches(std::string(found)),
                             "whose " + Printable(name) + " is " + ShownValue(name, found));
              });
}

ConfigMatcher HasLabel(const std::string& name) {
  const std::string shown = Printable(name);
  return Make("has the label " + shown, "does not have the label " + shown,
              [name](const RuntimeConfig& config) {
                const auto found = config.labels.find(name);
                const bool yes = found != config.labels.end();
                return Found(
                    yes, yes ? "whose " + Printable(name) + " is " + ShownValue(name, found->second)
                             : "which has " + NamesOf(config.labels));
              });
}

ConfigMatcher HasLabel(const std::string& name, const StringMatcher& value) {
  const std::string claim = "has the label " + Printable(name) + ", whose value ";
  return Make(claim + Described(value, false), claim + Described(value, true),
              [name, value](const RuntimeConfig& config) {
                const auto found = config.labels.find(name);
                if (found == config.labels.end()) {
                  return Found(false, "which has " + NamesOf(config.labels));
                }
                return Found(value.Matches(found->second),
                             "whose " + Printable(name) + " is " + ShownValue(name, found->second));
              });
}

ConfigMatcher HasEntrypoint(std::initializer_list<std::string> words) {
  return HasEntrypoint(std::vector<std::string>(words));
}
ConfigMatcher HasEntrypoint(const std::vector<std::string>& words) {
  return HasEntrypoint(WordsMatcher(words));
}
ConfigMatcher HasEntrypoint(const WordsMatcher& words) {
  return Words("an entrypoint", words, &RuntimeConfig::entrypoint);
}
ConfigMatcher HasCmd(std::initializer_list<std::string> words) {
  return HasCmd(std::vector<std::string>(words));
}
ConfigMatcher HasCmd(const std::vector<std::string>& words) { return HasCmd(WordsMatcher(words)); }
ConfigMatcher HasCmd(const WordsMatcher& words) {
  return Words("a command", words, &RuntimeConfig::cmd);
}

ConfigMatcher HasWorkdir(const StringMatcher& path) {
  return Make("has a working directory that " + Described(path, false),
              "has a working directory that " + Described(path, true),
              [path](const RuntimeConfig& config) {
                const std::string folder = config.working_dir.empty() ? "/" : config.working_dir;
                return Found(path.Matches(folder), "whose working directory is " + Quoted(folder));
              });
}

ConfigMatcher Exposes(const std::string& port) {
  const std::string wanted = WithProtocol(port);
  return Make("exposes " + Printable(wanted), "does not expose " + Printable(wanted),
              [wanted](const RuntimeConfig& config) {
                const std::vector<std::string>& ports = config.exposed_ports;
                const bool yes = std::any_of(ports.begin(), ports.end(), [&](const auto& stated) {
                  return WithProtocol(stated) == wanted;
                });
                return Found(yes, ListText("exposes", ports));
              });
}

ConfigMatcher Exposes(int port) { return Exposes(std::to_string(port)); }

ConfigMatcher HasVolume(const std::string& path) {
  return Make("has the volume " + Printable(path), "does not have the volume " + Printable(path),
              [path](const RuntimeConfig& config) {
                const std::vector<std::string>& volumes = config.volumes;
                const bool yes = std::find(volumes.begin(), volumes.end(), path) != volumes.end();
                return Found(yes, volumes.empty()
                                      ? "which has no volume"
                                      : "whose volumes are " + Printable(Enumerated(volumes)));
              });
}

ConfigMatcher HasStopSignal(const StringMatcher& signal) {
  return Make("has a stop signal that " + Described(signal, false),
              "has a stop signal that " + Described(signal, true),
              [signal](const RuntimeConfig& config) {
                return Found(signal.Matches(config.stop_signal),
                             config.stop_signal.empty()
                                 ? "which states no stop signal"
                                 : "whose stop signal is " + Quoted(config.stop_signal));
              });
}

ConfigMatcher HasHealthcheck() {
  return Make("runs a healthcheck", "runs no healthcheck", [](const RuntimeConfig& config) {
    return Found(RunsHealthcheck(config), HealthcheckText(config));
  });
}

ConfigMatcher HasHealthcheck(const ::testing::Matcher<const Healthcheck&>& healthcheck) {
  return Make("runs a healthcheck that " + Described(healthcheck, false),
              "runs no healthcheck, or one that " + Described(healthcheck, true),
              [healthcheck](const RuntimeConfig& config) {
                return Found(RunsHealthcheck(config) && healthcheck.Matches(*config.healthcheck),
                             HealthcheckText(config));
              });
}

}  // namespace watertight
