#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/possible_secret.h"
#include "framework/scan/secret_names.h"
#include "framework/scan/secret_values.h"
#include "framework/scan/text_rules.h"

namespace watertight {
namespace {

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

struct CompiledRule {
  const TextRule* rule;
  std::unique_ptr<re2::RE2> pattern;
};

const std::vector<CompiledRule>& Compiled() {
  static const auto* compiled = [] {
    auto* rules = new std::vector<CompiledRule>;
    for (const TextRule& rule : TextRules()) {
      rules->push_back({&rule, std::make_unique<re2::RE2>(rule.pattern)});
    }
    return rules;
  }();
  return *compiled;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// Without the quotes around it and printf's newline.
std::string_view Unquoted(std::string_view word) {
  for (const std::string_view quote : {"\\\"", "\"", "'"}) {
    if (word.size() > 2 * quote.size() && word.starts_with(quote) && word.ends_with(quote)) {
      word = word.substr(quote.size(), word.size() - 2 * quote.size());
      break;
    }
  }
  if (word.ends_with("\\n")) word.remove_suffix(2);
  return word;
}

// What the rule takes from the group: all of it, or what follows the user's name.
std::string_view Value(std::string_view text, const TextRule& rule, std::string_view group) {
  std::string_view value = Unquoted(group);
  // The next option, where no value follows.
  const auto at = static_cast<std::size_t>(value.data() - text.data());
  if (value.starts_with('-') && at > 0 && IsSpace(text[at - 1])) return value.substr(value.size());
  if (rule.behind == '\0') return value;
  const std::size_t user = value.find(rule.behind);
  value.remove_prefix(user == std::string_view::npos ? value.size() : user + 1);
  if (value.starts_with("//")) return value.substr(value.size());  // of a URL
  return Unquoted(value);
}

// `config set-token x` names a subcommand.
bool IsWanted(const std::string& name) {
  return !name.starts_with("set-") && ClassifyName(name).rule != nullptr;
}

void FindOne(std::string_view text, const CompiledRule& rule, std::vector<PossibleSecret>* found) {
  if (text.find(rule.rule->needle) == std::string_view::npos) return;
  const bool named = rule.pattern->NumberOfCapturingGroups() == 2;
  const int count = named ? 3 : 2;
  re2::StringPiece groups[3];
  std::size_t from = 0;
  while (from < text.size() &&
         rule.pattern->Match(Piece(text), from, text.size(), re2::RE2::UNANCHORED, groups, count)) {
    const re2::StringPiece& last = groups[count - 1];
    const std::string_view value = Value(text, *rule.rule, {last.data(), last.size()});
    const auto offset = static_cast<std::size_t>(value.data() - text.data());
    PossibleSecret candidate{"", offset, value.size(), rule.rule->id, true};
    if (named) candidate.name.assign(groups[1].data(), groups[1].size());
    const bool wanted = !named || IsWanted(candidate.name);
    if (wanted) found->push_back(std::move(candidate));
    // A line may hold the place again behind the value, or, for another name, right behind this.
    from = wanted ? std::max(offset + value.size(), from + 1)
                  : static_cast<std::size_t>(groups[1].data() - text.data()) + groups[1].size();
  }
}

constexpr std::string_view kDatabases[] = {"postgres",   "postgresql",  "mysql",       "mariadb",
                                           "mongodb",    "mongodb+srv", "redis",       "rediss",
                                           "amqp",       "amqps",       "mssql",       "sqlserver",
                                           "clickhouse", "oracle",      "cockroachdb", "couchdb"};

const char* UrlRule(std::string_view scheme) {
  for (const std::string_view database : kDatabases) {
    if (scheme.starts_with(database)) return "database-url";
  }
  return "generic-url-password";
}

// SCHEME://USER:PASSWORD@HOST and SCHEME://TOKEN@HOST. at: of "://".
void TakeUrl(std::string_view text, std::size_t at, std::vector<PossibleSecret>* found) {
  constexpr std::size_t kLongest = 4096;
  std::size_t begin = at;
  while (begin > 0 && at - begin < 32 &&
         std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-")
                 .find(text[begin - 1]) != std::string_view::npos) {
    --begin;
  }
  const std::string_view scheme = text.substr(begin, at - begin);
  const std::string_view rest = text.substr(at + 3, kLongest);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?# \t\r\n\"'<>\\`|,"));
  const std::size_t host = authority.rfind('@');
  if (scheme.empty() || host == std::string_view::npos) return;
  const std::string_view user = authority.substr(0, std::min(authority.find(':'), host));
  const std::size_t offset = at + 3;
  if (user.size() == host || user.size() + 1 == host) {  // no password, or an empty one
    const bool sentry = authority.substr(host).find("sentry") != std::string_view::npos;
    if (!sentry) found->push_back({"", offset, user.size(), UrlRule(scheme), false});
    return;
  }
  const std::string_view password = authority.substr(user.size() + 1, host - user.size() - 1);
  if (password == "x-oauth-basic") {
    found->push_back({"", offset, user.size(), UrlRule(scheme), true});
    return;
  }
  for (const std::string_view sample : {"password", "pass", "passwd", "secret", "token", "pwd"}) {
    if (password == sample && (user == "user" || user == "username" || user == "login")) return;
  }
  found->push_back({"", offset + user.size() + 1, password.size(), UrlRule(scheme), true});
}

}  // namespace

std::string_view SecretOfPlace(const TextRule& rule, std::string_view text, std::string_view name,
                               std::string_view group) {
  if (!name.empty() && !IsWanted(std::string(name))) return {};
  return Value(text, rule, group);
}

void FindByTextRules(std::string_view text, std::vector<PossibleSecret>* found) {
  for (const CompiledRule& rule : Compiled()) FindOne(text, rule, found);
  for (std::size_t at = text.find("://"); at != std::string_view::npos;
       at = text.find("://", at + 3)) {
    TakeUrl(text, at, found);
  }
}

}  // namespace watertight
