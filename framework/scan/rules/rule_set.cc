#include "framework/scan/rules/rule_set.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

#include "framework/scan/rules/edges.h"
#include "framework/scan/text_rules.h"

namespace watertight {
namespace {

// "!a_b" stands for "a b", "!a__b" for "a_b".
std::string WithBlanks(std::string_view literal) {
  std::string text;
  for (std::size_t at = 0; at < literal.size(); ++at) {
    const bool doubled = literal.substr(at, 2) == "__";
    text += literal[at] == '_' && !doubled ? ' ' : literal[at];
    if (doubled) ++at;
  }
  return text;
}

// "~token" stands for token, Token and TOKEN.
std::vector<std::string> Spelled(std::string literal) {
  if (literal.front() == '!') return {WithBlanks(std::string_view(literal).substr(1))};
  if (literal.front() != '~') return {literal};
  std::string lower = literal.substr(1);
  std::string upper = lower;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string first = lower;
  first.front() = upper.front();
  return {lower, first, upper};
}

RuleRows AllRows() {
  RuleRows all;
  for (const auto table :
       {PrivateKeyRules, VcsRules, AiRules, RegistryRules, PaymentRules, ChatRules, CloudRules,
        AzureRules, SaasRules, WebTokenRules, EncryptionKeyRules, DatabaseRules, LoginRules,
        PasswordRules, CommandRules, CallRules}) {
    RuleRows rows = table();
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  }
  return all;
}

// Whether a pattern captures something, without compiling it.
bool HasGroup(std::string_view pattern) {
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      ++at;
    } else if (c == '[' || c == ']') {
      in_class = c == '[';
    } else if (c == '(' && !in_class && !pattern.substr(at + 1).starts_with('?')) {
      return true;
    }
  }
  return false;
}

// Most URLs end before an @.
bool StandsAhead(char wanted, std::string_view text) {
  for (const char c : text) {
    if (c == wanted) return true;
    if (c >= 0 && c <= ' ') return false;
    if (c == '"' || c == '\'' || c == '<' || c == '>') return false;
  }
  return false;
}

std::string_view Text(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }

// The first group that took part, or all of the match. A place knows its groups.
std::string_view ValueOf(const Rule& row, std::string_view text, const re2::StringPiece* groups,
                         int count) {
  if (row.place != nullptr) {
    const std::string_view name = count > 2 ? Text(groups[1]) : std::string_view();
    return SecretOfPlace(*row.place, text, name, Text(groups[count - 1]));
  }
  int first = 1;
  while (first < count && groups[first].data() == nullptr) ++first;
  return Text(groups[first < count ? first : 0]);
}

// value: a part of text, as match is.
RuleHit HitOf(std::string_view text, std::string_view value, std::string_view match) {
  const auto begin = value.empty() ? 0 : static_cast<std::size_t>(value.data() - text.data());
  return {text, begin, value, match};
}

}  // namespace

RuleSet::RuleSet(RuleRows rows) {
  for (const Rule& row : rows) Add(row);
}

RuleSet::RuleSet(std::vector<OwnRule> own) : own_(std::move(own)) {
  for (const OwnRule& one : own_) {
    if (one.rule.level == Level::kError) AddOwn(one);
  }
  for (const Rule& row : AllRows()) Add(row);
  for (const OwnRule& one : own_) {
    if (one.rule.level != Level::kError) AddOwn(one);
  }
}

void RuleSet::Add(const Rule& rule) {
  patterns_.emplace_back(std::string(rule.pattern));
  std::istringstream literals(rule.literals);
  for (std::string literal; literals >> literal;) {
    for (std::string& spelled : Spelled(literal)) {
      leads_.push_back({std::move(spelled), rows_.size()});
    }
  }
  rows_.push_back(rule);
}

void RuleSet::AddOwn(const OwnRule& own) {
  for (const std::string& lead : own.leads) leads_.push_back({lead, rows_.size()});
  patterns_.emplace_back(own.pattern);
  const SecretRule& rule = own.rule;
  rows_.push_back({rule.id.c_str(), "own", rule.title.c_str(), rule.level, "", rule.pattern.c_str(),
                   nullptr, own.reach, kOwnLength, Edge::kNone, '\0', &own});
}

const RuleSet& RuleSet::BuiltIn() {
  static const auto* set = new RuleSet(AllRows());
  return *set;
}

bool RuleSet::IsWhole(std::size_t rule) const { return !HasGroup(rows_[rule].pattern); }

bool RuleSet::IsAllOf(std::size_t rule, std::string_view text) const {
  const Rule& row = rows_[rule];
  if (!re2::RE2::FullMatch({text.data(), text.size()}, pattern(rule))) return false;
  Level level = row.level;
  return row.check == nullptr || row.check({text, 0, text, text}, &level);
}

// A part of the window in which a rule is tried.
struct RuleSet::Part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The user's rules know lines. Those of a file in a tar begin and end at NULs, too.
RuleSet::Part RuleSet::PartOfOwn(const Rule& row, std::size_t at, std::size_t end,
                                 std::string_view bytes) {
  // One byte more than a match may reach, so that a line does not seem to begin there.
  std::size_t begin = at - std::min(at, row.reach + 1);
  const std::size_t before = bytes.substr(begin, at - begin).rfind('\0');
  if (before != std::string_view::npos) begin += before + 1;
  return {begin, at + std::min(end - at, bytes.substr(at, end - at).find('\0'))};
}

RuleMatch RuleSet::MatchAround(std::size_t rule, std::size_t at, std::size_t size,
                               const TextWindow& window) const {
  const Rule& row = rows_[rule];
  const std::size_t end = std::min(window.bytes.size(), at + size + row.length);
  if (!window.ends && end < at + size + row.length) return {Fit::kUndecided};
  // The match would begin here: within a run of words none need be looked for.
  if (row.reach == 0 && !BeginsApart(window.bytes, at, row.edge)) return {};
  if (row.then != '\0' && !StandsAhead(row.then, window.bytes.substr(at + size, end - at - size))) {
    return {};
  }
  if (row.look != nullptr && !row.look(window.bytes.substr(0, end), at)) return {};
  const Part part = row.own == nullptr ? Part{0, end} : PartOfOwn(row, at, end, window.bytes);
  RuleMatch match =
      MatchIn(rule, at - part.begin, size, window.bytes.substr(part.begin, part.end - part.begin));
  match.begin += part.begin;
  match.end += part.begin;
  return match;
}

RuleMatch RuleSet::MatchIn(std::size_t rule, std::size_t at, std::size_t size,
                           std::string_view text) const {
  const Rule& row = rows_[rule];
  std::size_t from = at - std::min(at, row.reach);
  const re2::RE2& pattern = this->pattern(rule);
  // Of few places each is tried: a search would go on to matches that begin behind the literal.
  constexpr std::size_t kFew = 16;
  const bool each = row.reach <= kFew;
  const auto anchor = each ? re2::RE2::ANCHOR_START : re2::RE2::UNANCHORED;
  constexpr int kGroups = 5;
  re2::StringPiece groups[kGroups];
  const int count = std::min(kGroups, pattern.NumberOfCapturingGroups() + 1);
  for (; from <= at; ++from) {
    if (!pattern.Match({text.data(), text.size()}, from, text.size(), anchor, groups, count)) {
      if (each) continue;
      break;
    }
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    if (begin > at) break;
    from = begin;
    if (begin + groups[0].size() < at + size || !IsApart(text, begin, groups[0].size(), row.edge)) {
      continue;
    }
    RuleHit hit = HitOf(text, ValueOf(row, text, groups, count), Text(groups[0]));
    if (row.part != nullptr && !hit.value.empty()) hit = HitOf(text, row.part(hit), hit.match);
    if (hit.value.empty()) continue;
    Level level = row.level;
    if (row.check != nullptr && !row.check(hit, &level)) continue;
    if (row.own != nullptr && !IsValueOf(*row.own, hit.value)) continue;
    return {Fit::kYes, hit.begin, hit.begin + hit.value.size(), level};
  }
  return {};
}

}  // namespace watertight
