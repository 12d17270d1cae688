#include "cli/check_init.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "cli/check_work.h"
#include "cli/image_run.h"
#include "cli/policy/conditions.h"
#include "cli/policy/policy_file.h"
#include "cli/redaction.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/scan/allowances.h"
#include "framework/scan/also_hidden.h"
#include "framework/scan/finding_text.h"

namespace watertight::cli {
namespace {

// The YAML of a text: as it is where that is plain, else in quotes.
std::string Scalar(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  constexpr std::string_view kWords[] = {"true", "false", "null", "yes", "no", "on", "off"};
  std::string lower = text;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool word = std::find(std::begin(kWords), std::end(kWords), lower) != std::end(kWords);
  const bool starts =
      !text.empty() && (text.front() == '/' || (lower.front() >= 'a' && lower.front() <= 'z'));
  if (starts && !word && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted;
  AppendJsonString(text, &quoted);
  return quoted;
}

std::string List(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + Scalar(text);
  return "[" + list + "]";
}

// A pattern of that path alone.
std::string Quoted(std::string_view path) {
  std::string glob;
  for (const char c : path) {
    if (std::string_view("*?[]{}\\").find(c) != std::string_view::npos) glob += '\\';
    glob += c;
  }
  return glob;
}

// "140 MB": two digits of it, rounded up, so that it is no less.
std::string RoundedUp(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"", " kB", " MB", " GB", " TB"};
  std::uint64_t step = 1;
  while (bytes / step >= 100) step *= 10;
  std::uint64_t count = (bytes + step - 1) / step * step;
  std::size_t unit = 0;
  std::uint64_t scale = 1;
  while (count / scale >= 1000 && unit + 1 < std::size(kUnits)) {
    scale *= 1000;
    ++unit;
  }
  std::string text = std::to_string(count / scale);
  const std::uint64_t tenths = count % scale * 10 / scale;
  return text + (tenths > 0 ? "." + std::to_string(tenths) : "") + kUnits[unit];
}

// The image's configuration, and the same without secrets.
struct Documents {
  const Image& image;
  OrderedJson plain;
  OrderedJson redacted;

  explicit Documents(const Image& of) : image(of) {
    const std::string& json = of.config().json;
    const OrderedJson document = OrderedJson::parse(IsUtf8(json) ? json : ToUtf8(json));
    const OrderedJson* const config = FindMember(document, "config");
    if (config != nullptr && config->is_object()) plain = *config;
    redacted = RedactedDocuments(of).config();
  }

  // A secret stands in the member of that name.
  bool Hides(const char* name) const {
    const OrderedJson* const a = FindMember(plain, name);
    const OrderedJson* const b = FindMember(redacted, name);
    return (a == nullptr) != (b == nullptr) || (a != nullptr && *a != *b);
  }
};

std::string NameOf(const std::string& variable) { return variable.substr(0, variable.find('=')); }

// Of the variables, those that a secret makes no other.
std::string EnvNames(const Documents& documents) {
  const OrderedJson* const shown = FindMember(documents.redacted, "Env");
  const std::vector<std::string>& env = documents.image.config().env;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < env.size(); ++i) {
    const bool is_text =
        shown != nullptr && shown->is_array() && i < shown->size() && (*shown)[i].is_string();
    const std::string name = NameOf(env[i]);
    if (!is_text || name.empty() || NameOf((*shown)[i].get<std::string>()) != name) continue;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names.empty() ? "" : List(names);
}

std::string LabelNames(const Documents& documents) {
  const OrderedJson* const shown = FindMember(documents.redacted, "Labels");
  std::vector<std::string> names;
  for (const auto& [name, value] : documents.image.config().labels) {
    if (shown != nullptr && shown->contains(name)) names.push_back(name);
  }
  return names.empty() ? "" : List(names);
}

std::string SetuidFiles(const Documents& documents) {
  constexpr int kBits = 06000;
  std::string files;
  for (const RootfsEntry& entry : documents.image.rootfs()) {
    if (entry.type() != EntryType::kFile || (entry.mode().bits & kBits) == 0) continue;
    files += "\n      - " + Scalar(Quoted(entry.path()));
  }
  return files.empty() ? "true" : "\n    except:" + files;
}

std::string Waste(const Documents& documents) {
  const std::uint64_t size = documents.image.size();
  if (size == 0) return "0%";
  const double share =
      100.0 * static_cast<double>(documents.image.wasted()) / static_cast<double>(size);
  return std::to_string(std::min(100, static_cast<int>(share) + 2)) + "%";
}

// A check that may hold, and what it says of the image; nothing: it says nothing.
struct InitCheck {
  const char* name;
  const char* member;  // of the configuration, that it tells; null: another thing
  const char* remark;  // behind it
  std::string (*value)(const Documents& documents);
};

const std::vector<InitCheck>& InitChecks() {
  static const auto words = [](const std::optional<std::vector<std::string>>& all) {
    return all && !all->empty() ? List(*all) : "";
  };
  static const auto text = [](const std::string& one) { return one.empty() ? "" : Scalar(one); };
  static const auto list = [](const std::vector<std::string>& all) {
    return all.empty() ? "" : List(all);
  };
  static const std::vector<InitCheck> checks = {
      {"RunsAs", "User", "", [](const Documents& all) { return text(all.image.config().user); }},
      {"RunsAsNonRoot", nullptr, "", [](const Documents& /*all*/) { return std::string("true"); }},
      {"HasEntrypoint", "Entrypoint", "",
       [](const Documents& all) { return words(all.image.config().entrypoint); }},
      {"HasCmd", "Cmd", "", [](const Documents& all) { return words(all.image.config().cmd); }},
      {"HasWorkdir", "WorkingDir", "",
       [](const Documents& all) { return text(all.image.config().working_dir); }},
      {"HasStopSignal", "StopSignal", "",
       [](const Documents& all) { return text(all.image.config().stop_signal); }},
      {"HasHealthcheck", nullptr, "", [](const Documents& /*all*/) { return std::string("true"); }},
      {"Exposes", "ExposedPorts", "",
       [](const Documents& all) {
         std::vector<std::string> ports = all.image.config().exposed_ports;
         std::erase_if(ports, [](const std::string& port) { return !IsPort(port); });
         return list(ports);
       }},
      {"HasVolume", "Volumes", "",
       [](const Documents& all) { return list(all.image.config().volumes); }},
      {"HasEnv", nullptr, "by their names", EnvNames},
      {"HasLabel", nullptr, "by their names", LabelNames},
      {"HasNoSetuidFiles", nullptr, "", SetuidFiles},
      {"HasLayerCount", nullptr, "",
       [](const Documents& all) {
         return "{at_most: " + std::to_string(all.image.layers().size()) + "}";
       }},
      {"HasSize", nullptr, "some tenth more than now",
       [](const Documents& all) {
         return "{at_most: " + RoundedUp(all.image.size() + all.image.size() / 10) + "}";
       }},
      {"WastesAtMost", nullptr, "of what is stored, the container does not show", Waste},
  };
  return checks;
}

class PolicyWriter {
 public:
  PolicyWriter(ImageRun* run, std::vector<const CheckResult*> results)
      : run_(run), results_(std::move(results)), documents_(run->image()) {
    for (const CheckResult* result : results_) {
      for (const CheckFinding& found : result->findings) Hide(found.finding);
      for (const Finding& told : result->told) Hide(told);
    }
  }

  std::string Write() {
    text_ =
        "# A first policy, of " + Safe(Printable(run_->reference())) +
        ", as watertight check --init wrote it.\n"
        "# Its checks hold now. Take out what the image need not promise, tighten what it must:\n"
        "# docs/policy.md tells what else there is.\n"
        "version: 1\n"
        "\n"
        "checks:\n"
        "  # Intact, NoLeakedFile, HistoryClean, ConfigClean and NoSecrets are made unless they "
        "are false.\n"
        "  Intact: true\n";
    for (const InitCheck& check : InitChecks()) AddCheck(check);
    AddFindings();
    return text_;
  }

 private:
  void Hide(const Finding& finding) {
    if (!finding.value.empty()) hidden_.insert(finding.value);
  }

  bool ShowsSecret(const std::string& text) const {
    return std::any_of(hidden_.begin(), hidden_.end(), [&](const std::string& value) {
      return text.find(value) != std::string::npos;
    });
  }

  std::string Safe(const std::string& text) const { return ShowsSecret(text) ? "an image" : text; }

  // The image is held to it, as a policy that says no more.
  bool Holds(const std::string& check) const {
    try {
      const PolicyFile policy = PolicyFile::Read("version: 1\nchecks:\n" + check, "");
      const auto& claims = policy.base().claims;
      return std::all_of(claims.begin(), claims.end(), [&](const Claim& claim) {
        return std::all_of(claim.matchers.begin(), claim.matchers.end(), [&](const auto& matcher) {
          return Ask(run_->image(), matcher, "").matches;
        });
      });
    } catch (const Error&) {
      return false;
    }
  }

  void AddCheck(const InitCheck& check) {
    std::string value;
    try {
      value = check.value(documents_);
    } catch (const Error&) {
      return;  // of a layer that cannot be read
    }
    if (value.empty()) return;
    const std::string line =
        std::string("  ") + check.name + ":" + (value.front() == '\n' ? "" : " ") + value;
    const bool hides = check.member != nullptr && documents_.Hides(check.member);
    if (hides || ShowsSecret(line)) {
      text_ += std::string("  # ") + check.name + " is left out: a secret stands in it.\n";
    } else if (Holds(line + "\n")) {
      text_ += line + (*check.remark == '\0' ? "" : std::string("  # ") + check.remark) + "\n";
    }
  }

  // The entry of allow for it.
  std::string EntryOf(const CheckResult& result, const CheckFinding& found) const {
    const Finding& finding = found.finding;
    const bool has_path = finding.carrier == Carrier::kFile && IsUtf8(finding.path) &&
                          !finding.path.empty() && !ShowsSecret(finding.path);
    std::string entry = "\n#  - rule: " + finding.rule + "\n";
    if (has_path) entry += "#    path: " + Scalar(Quoted(finding.path)) + "\n";
    if (!finding.value.empty())
      entry += "#    fingerprint: \"" + FingerprintOf(finding.value) + "\"\n";
    const std::string place = PlaceText(finding);
    entry += "#    reason: \"\"  # " + result.name;
    return entry + (ShowsSecret(place) ? "" : ": " + place) + "\n";
  }

  void AddFindings() {
    std::string entries;
    std::string others;
    std::set<std::string> known;
    for (const CheckResult* result : results_) {
      if (result->status != CheckStatus::kFailed) continue;
      bool any = !result->told.empty();
      for (const CheckFinding& found : result->findings) {
        if (!IsError(found)) continue;
        any = true;
        const std::string entry = EntryOf(*result, found);
        if (known.insert(entry.substr(0, entry.find("#    reason:"))).second) entries += entry;
      }
      if (!any) others += "\n# " + result->name + " fails: " + Safe(result->detail) + "\n";
    }
    text_ += others;
    if (entries.empty()) return;
    text_ +=
        "\n"
        "# What fails now. Mend it (docs/fixing-leaks.md); or say why it may stand there, and take "
        "the #\n"
        "# away from allow and from the entry.\n"
        "#allow:" +
        entries;
  }

  ImageRun* run_;
  std::vector<const CheckResult*> results_;
  Documents documents_;
  std::set<std::string> hidden_;
  std::string text_;
};

}  // namespace

std::string FirstPolicy(const std::string& reference, const OpenFlags& flags) {
  const auto policy = std::make_shared<const Policy>();
  const std::vector<Check> checks = ChecksOf(*policy);
  CheckOptions options;
  options.open = flags;
  ImageRun run(reference, policy, checks, options);
  run.image();
  run.search();
  std::vector<const CheckResult*> results;
  std::vector<Finding> found;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    results.push_back(&run.Result(i));
    for (const CheckFinding& one : results.back()->findings) found.push_back(one.finding);
    found.insert(found.end(), results.back()->told.begin(), results.back()->told.end());
  }
  const AlsoHidden hidden(found);
  return PolicyWriter(&run, results).Write();
}

}  // namespace watertight::cli
