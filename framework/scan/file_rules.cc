#include "framework/scan/file_rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "framework/image/contents.h"
#include "framework/scan/owner_names.h"
#include "framework/scan/places.h"
#include "framework/scan/rules/drawn.h"
#include "framework/scan/rules/providers_form.h"
#include "framework/scan/rules/token_checks.h"
#include "framework/scan/secret_names.h"
#include "framework/scan/secret_values.h"
#include "watertight/glob.h"

namespace watertight {
namespace {

struct FileRule {
  const char* glob;
  const char* id;
  const char* family;
  const char* title;
  Level level;
  const char* pattern;  // each match of its first group
  bool drawn = false;   // the name of the file is one of others too
};

constexpr FileRule kFileRules[] = {
    {"**/config/{master,credentials/*}.key", "rails-master-key", "encryption-key",
     "Rails master key", Level::kError, R"(\A([0-9a-f]{32})\s*\z)"},
    {".vault-token", "vault-old", "saas", "Vault token of the older form", Level::kError,
     R"(\A(s\.[0-9A-Za-z]{24})\s*\z)"},
    {"{.pgpass,pgpass.conf}", "pgpass", "generic-password", "PostgreSQL password file",
     Level::kError, R"((?m)^[^#:\n]*(?::[^:\n]*){3}:((?:[^\n\\]|\\.)+)$)"},
    // pppd(8): client, server, secret.
    {"{chap,pap}-secrets", "generic-password", "generic-password", "password of pppd",
     Level::kError,
     R"re((?m)^[ \t]*(?:"[^"\n]*"|[^\s"#]\S*)[ \t]+(?:"[^"\n]*"|\S+)[ \t]+"?([^\s"]+))re"},
    // postconf(5): smtp_sasl_password_maps.
    {"sasl_passwd", "generic-password", "generic-password", "password of a mail server",
     Level::kError, R"((?m)^[^#\s]\S*[ \t]+[^\s:]+:(\S+)[ \t]*$)"},
    // PgBouncer's, of whose lines many hold a hash.
    {"userlist.txt", "generic-password", "generic-password", "password of a database's user",
     Level::kError,
     R"re((?m)^"[^"\n]+"[ \t]+"(?:md5[0-9a-f]{32}|SCRAM-[^"\n]*|([^"\s]+))"[ \t]*$)re"},
    {"{.,}mbsyncrc", "generic-password", "generic-password", "password of a mailbox", Level::kError,
     R"re((?m)^[ \t]*Pass[ \t]+"?([^\s"]+))re"},
    // mount.davfs(8): URL, user, password.
    {"{**/davfs2/,.davfs2/}secrets", "generic-password", "generic-password", "password of WebDAV",
     Level::kError, R"re((?m)^[^#\s]\S*[ \t]+\S+[ \t]+"?([^\s"]+))re"},
    // openvpn(8), auth-user-pass: user, password.
    {"**/openvpn/**/*{auth,login,pass,userpass,credentials}*{,.txt,.conf}", "generic-password",
     "generic-password", "login of OpenVPN", Level::kError,
     R"(\A[^\s:=]{1,64}\r?\n(\S{6,128})\s*\z)"},
    {"{auth,login,userpass,auth-user-pass,vpn-auth,vpn-login,credentials}.{txt,conf}",
     "generic-password", "generic-password", "user and password alone", Level::kError,
     R"(\A[^\s:=]{1,64}\r?\n(\S{8,128})\s*\z)", true},
    {".curlrc", "generic-password", "generic-password", "password in a file of curl's options",
     Level::kError, R"re((?m)^\s*(?:-u|-?-?(?:proxy-)?user)[\s=:]+"?[^:"\s]+:([^"\s]+))re"},
    {"*.{pass,passwd,password,secret,token}", "generic-password", "generic-password",
     "file that holds a password alone", Level::kError, R"(\A(\S{12,200})\s*\z)"},
    {"*htpasswd*", "htpasswd", "password-hash", "password hash of a web server", Level::kNote,
     R"((?m)^[^:#\s]+:(\$apr1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}|\$2[abxy]\$[0-9]{2}\$[./0-9A-Za-z]{53}|\$[56]\$[./0-9A-Za-z$=]{20,}|\{SHA\}[A-Za-z0-9+/]{27}=)$)"},
    {"**/etc/{shadow,gshadow}{,-}", "shadow", "password-hash", "password hash of an account",
     Level::kNote, R"((?m)^[^:\n]+:(\$[0-9a-z]+\$[./0-9A-Za-z$=,]{20,})(?::|$))"},
};

// General rules know the name of a value, not the file's grammar.
struct KindOfFile {
  const char* glob;
  const char* kind;
};
constexpr KindOfFile kKinds[] = {
    {"*.tfstate{,.*}", "terraform-state-secret"},
    {"{settings,settings-security}.xml", "maven-password"},
    {"{NuGet,nuget}.{Config,config}", "nuget-password"},
    {"auth.json", "composer-auth"},
    {"gradle.properties", "gradle-password"},
    {".yarnrc{,.yml}", "yarn-auth"},
    {"{pip.conf,pip.ini,.pypirc,requirements*.txt}", "pip-index-password"},
    {"{.netrc,_netrc}", "netrc"},
    {"{.my.cnf,.mylogin.cnf,my.cnf}", "my-cnf"},
    {".npmrc", "npm-legacy-token"},
    {".git-credentials", "git-credentials-line"},
};

constexpr std::uint64_t kLargest = std::uint64_t{64} << 10;

// Files whose name says what the one word in them is: "db_password", "api-key.txt".
constexpr const char* kOneWord = R"(\A([^\s.]{12,200})\s*\z)";
constexpr std::uint64_t kLargestWord = 256;
constexpr std::size_t kByName = std::size(kFileRules);  // in the place of a row

const char* RuleOfName(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view ending : {".txt", ".key"}) {
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  }
  if (name == "license" || name == "licence") return "generic-api-key";
  return ClassifyName(name).rule;
}

// passwd(5), group(5) and shadow(5) of one account.
bool IsAccount(std::string_view line) {
  static const re2::RE2 kAccount(R"([\w.-]+:[^:]{0,2}:[0-9]*:.*)");
  return re2::RE2::FullMatch({line.data(), line.size()}, kAccount);
}

bool IsValue(std::string_view value) {
  return IsSecretValue("password", value, true) && IsIssued(value) && !HasProvidersForm(value);
}

// kFileRules, compiled once, and behind them the pattern of files by name.
struct CompiledRules {
  std::vector<Glob> globs;
  std::vector<std::unique_ptr<re2::RE2>> patterns;
};

const CompiledRules& Compiled() {
  static const auto* compiled = [] {
    auto* rules = new CompiledRules;
    for (const FileRule& rule : kFileRules) {
      rules->globs.emplace_back(rule.glob);
      rules->patterns.push_back(std::make_unique<re2::RE2>(rule.pattern));
    }
    rules->patterns.push_back(std::make_unique<re2::RE2>(kOneWord));
    return rules;
  }();
  return *compiled;
}

// The row of kFileRules, or kByName; nothing for most files.
std::optional<std::size_t> RuleFor(std::string_view path, std::uint64_t size) {
  if (size == 0 || size > kLargest) return std::nullopt;
  const std::vector<Glob>& globs = Compiled().globs;
  const auto glob = std::find_if(globs.begin(), globs.end(),
                                 [path](const Glob& one) { return one.Matches(path); });
  if (glob != globs.end()) return static_cast<std::size_t>(glob - globs.begin());
  if (size <= kLargestWord && RuleOfName(path) != nullptr) return kByName;
  return std::nullopt;
}

class FileSearch {
 public:
  FileSearch(const Image& image, const ReadyContents& ready, ValueSearch* result)
      : image_(image), ready_(ready), result_(result) {
    for (const Finding& finding : result->findings) {
      if (finding.carrier != Carrier::kFile || !finding.entry || !finding.nested.empty()) continue;
      taken_[{*finding.layer, *finding.entry}].Add(finding.offset, finding.offset + finding.length);
    }
  }

  void Run() {
    for (std::size_t layer = 0; layer < image_.layers().size(); ++layer) SearchLayer(layer);
  }

 private:
  void SearchLayer(std::size_t number) {
    const Layer& layer = image_.layers()[number];
    std::map<const Entry*, std::size_t> wanted;  // the rule
    std::vector<const Entry*> entries;
    for (const Entry& entry : layer.entries()) {
      if (entry.type() != EntryType::kFile) continue;
      const std::optional<std::size_t> rule = RuleFor(entry.path(), entry.size());
      if (!rule) continue;
      wanted[&entry] = *rule;
      entries.push_back(&entry);
    }
    std::map<const Entry*, std::string> contents;
    const auto sink = [&](const Entry& entry, std::string_view piece) {
      std::string& content = contents[&entry];
      if (content.size() < entry.size()) content += piece;
    };
    ReadContents(layer, entries, sink, &ready_);
    for (const Entry* entry : entries) {
      Search(static_cast<int>(number), *entry, contents[entry], wanted[entry]);
    }
  }

  void Search(int layer, const Entry& entry, const std::string& content, std::size_t number) {
    const bool by_name = number == kByName;
    const char* const rule = by_name ? RuleOfName(entry.path()) : kFileRules[number].id;
    const Level level = by_name ? Level::kError : kFileRules[number].level;
    const auto index = static_cast<std::size_t>(
        &entry - image_.layers()[static_cast<std::size_t>(layer)].entries().data());
    Places& taken = taken_[{layer, index}];
    re2::StringPiece rest(content);
    re2::StringPiece value;
    while (re2::RE2::FindAndConsume(&rest, *Compiled().patterns[number], &value)) {
      const auto begin = static_cast<std::size_t>(value.data() - content.data());
      const std::size_t end = begin + value.size();
      if (value.empty() || taken.Overlaps(begin, end)) continue;
      const std::string_view text(value.data(), value.size());
      if (level != Level::kNote && !IsValue(text)) continue;  // a hash is none
      const bool drawn = !by_name && kFileRules[number].drawn;
      if (drawn && !LooksDrawn(text) && !LooksRandom(text)) continue;
      if (by_name && (!LooksRandom(text) || IsAccount(text))) continue;
      Finding finding;
      finding.rule = rule;
      finding.level = level;
      finding.layer = layer;
      finding.entry = index;
      finding.blob = image_.layers()[static_cast<std::size_t>(layer)].blob();
      finding.path = entry.path();
      finding.offset = begin;
      finding.length = value.size();
      finding.value.assign(value.data(), value.size());
      const std::string_view before = std::string_view(content).substr(0, begin);
      finding.line = 1 + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
      finding.column = begin - (before.rfind('\n') + 1) + 1;
      taken.Add(begin, end);
      result_->findings.push_back(std::move(finding));
    }
  }

  const Image& image_;
  const ReadyContents& ready_;
  ValueSearch* result_;
  std::map<std::pair<int, std::size_t>, Places> taken_;  // by layer and entry
};

void NameKinds(std::vector<Finding>* findings) {
  static const auto* globs = [] {
    auto* all = new std::vector<Glob>;
    for (const KindOfFile& row : kKinds) all->emplace_back(row.glob);
    return all;
  }();
  for (Finding& finding : *findings) {
    if (!finding.rule.starts_with("generic-") || finding.path.empty()) continue;
    const std::string& path = finding.nested.empty() ? finding.path : finding.nested.back();
    for (std::size_t i = 0; i < globs->size(); ++i) {
      if ((*globs)[i].Matches(path)) finding.rule = kKinds[i].kind;
    }
  }
}

// Layers first.
int OrderOf(const Finding& finding) {
  constexpr int kDocuments = 1 << 30;
  return finding.step ? kDocuments : finding.layer.value_or(kDocuments);
}

}  // namespace

bool HasFileRule(std::string_view path, std::uint64_t size) {
  return RuleFor(path, size).has_value();
}

void AddFileFindings(const Image& image, const ReadyContents& ready, ValueSearch* result) {
  try {
    FileSearch(image, ready, result).Run();
    AddOwnerNames(image, result);
  } catch (const Error& error) {
    // The search of the bytes tells of a layer that cannot be read.
    if (result->unreadable.empty()) result->unreadable.emplace_back(error.what());
  }
  NameKinds(&result->findings);
  std::stable_sort(result->findings.begin(), result->findings.end(),
                   [](const Finding& a, const Finding& b) { return OrderOf(a) < OrderOf(b); });
}

std::vector<SecretKind> FileKinds() {
  std::vector<SecretKind> kinds;
  for (const FileRule& rule : kFileRules) {
    kinds.push_back({rule.id, rule.family, rule.title, rule.level});
  }
  for (const KindOfFile& row : kKinds) {
    kinds.push_back(
        {row.kind, "generic-password", std::string("secret in ") + row.glob, Level::kError});
  }
  return kinds;
}

}  // namespace watertight
