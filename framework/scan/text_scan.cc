#include <re2/re2.h>

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

// Without the quotes around it.
std::string_view Unquoted(std::string_view word) {
  for (const std::string_view quote : {"\\\"", "\"", "'"}) {
    if (word.size() > 2 * quote.size() && word.starts_with(quote) && word.ends_with(quote)) {
      return word.substr(quote.size(), word.size() - 2 * quote.size());
    }
  }
  return word;
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
    const std::string_view value = Unquoted({last.data(), last.size()});
    const auto offset = static_cast<std::size_t>(value.data() - text.data());
    PossibleSecret candidate{"", offset, value.size(), rule.rule->id, true};
    if (named) candidate.name.assign(groups[1].data(), groups[1].size());
    const bool wanted = !named || ClassifyName(candidate.name).rule != nullptr;
    if (wanted) found->push_back(std::move(candidate));
    // A line may hold the place again behind the value, or, for another name, right behind this.
    from = wanted ? offset + value.size()
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

void FindByTextRules(std::string_view text, std::vector<PossibleSecret>* found) {
  for (const CompiledRule& rule : Compiled()) FindOne(text, rule, found);
  for (std::size_t at = text.find("://"); at != std::string_view::npos;
       at = text.find("://", at + 3)) {
    TakeUrl(text, at, found);
  }
}

}  // namespace watertight
