// A rule: how credentials of one kind are recognised. Rules are rows of the tables in this folder,
// one table for each class of kinds.
//
// All literals of all rules are searched for in one pass. Around the hit of a literal the pattern
// is tried on a short part of the text, and what it matches is held to the check. The costs thus
// hardly depend on how many rules there are.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "watertight/finding.h"

namespace watertight {

// What a pattern matched.
struct RuleHit {
  std::string_view text;   // the part of the text that was looked at
  std::size_t begin = 0;   // of the value, in text
  std::string_view value;  // the first group that took part, or all of the match
  std::string_view match;
};

// The part of the value that may be the secret; empty when there is none.
using RulePart = std::string_view (*)(const RuleHit& hit);

// False when it is no credential. level comes as the rule's, and may be lowered.
using RuleCheck = bool (*)(const RuleHit& hit, Level* level);

// False where no match can hold the literal that begins there: it saves a trial of the pattern. A
// value may hold the literal once more.
using RuleLook = bool (*)(std::string_view text, std::size_t at);

// What must not stand beside a match, as its part.
enum class Edge : unsigned char {
  kNone,
  kWord,    // letters and digits; behind an escape such as \n they are apart
  kToken,   // and - and _, behind it
  kClosed,  // behind it all but blanks, quotes and what closes or ends a value
};

struct OwnRule;
struct TextRule;

struct Rule {
  const char* id;  // the kind's, or generic-…
  const char* family;
  const char* title;
  Level level;
  // One at least stands in every match: apart by blanks, ~ for any case; in one that begins with !,
  // _ for a blank and __ for _.
  const char* literals;
  const char* pattern;  // RE2
  RuleCheck check = nullptr;
  // A match begins at most so many bytes before the literal, and ends at most so many behind it.
  std::size_t reach = 0;
  std::size_t length = 256;
  Edge edge = Edge::kWord;
  // Stands behind the literal in every match, before any blank, control byte, quote, < or >.
  char then = '\0';
  const OwnRule* own = nullptr;     // of the user's; it has literals and a pattern of its own
  const TextRule* place = nullptr;  // whose groups tell where the value stands
  RulePart part = nullptr;          // null: all of it
  RuleLook look = nullptr;          // null: a match may stand anywhere
};

using RuleRows = std::vector<Rule>;

// The tables. Of two rules whose matches overlap, the one that comes first tells more.
RuleRows PrivateKeyRules();
RuleRows VcsRules();
RuleRows AiRules();
RuleRows RegistryRules();
RuleRows PaymentRules();
RuleRows ChatRules();
RuleRows CloudRules();
RuleRows AzureRules();
RuleRows SaasRules();
RuleRows WebTokenRules();
RuleRows EncryptionKeyRules();
RuleRows DatabaseRules();
RuleRows LoginRules();
RuleRows PasswordRules();
RuleRows CommandRules();
RuleRows CallRules();

}  // namespace watertight
