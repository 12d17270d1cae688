// Checks of tokens: what only a value that was really issued can have.

#pragma once

#include <string_view>

#include "framework/scan/rules/rule.h"

namespace watertight {

// Not filled in later, not of one character, no counting, no published sample. Holds every value.
bool IsIssued(std::string_view value);
// Bits for each byte.
double Entropy(std::string_view value);
// Letters and digits in turns, as no word and no identifier has them.
bool LooksRandom(std::string_view value);
// Fingers that lie on the middle row of a keyboard.
bool IsTypedAtRandom(std::string_view value);

// Each as a rule's check.
bool MadeByChance(const RuleHit& hit, Level* level);
bool HasGithubChecksum(const RuleHit& hit, Level* level);
bool HasFineGrainedChecksum(const RuleHit& hit, Level* level);
bool HasGitlabChecksum(const RuleHit& hit, Level* level);
bool HasGrafanaChecksum(const RuleHit& hit, Level* level);
bool HasAtlassianChecksum(const RuleHit& hit, Level* level);
bool HasCaskChecksum(const RuleHit& hit, Level* level);
bool HasEntraChecksum(const RuleHit& hit, Level* level);
bool HasAzureChecksum(const RuleHit& hit, Level* level);
bool IsAgeKey(const RuleHit& hit, Level* level);
bool IsPypiToken(const RuleHit& hit, Level* level);
bool IsJfrogKey(const RuleHit& hit, Level* level);
bool IsJfrogReference(const RuleHit& hit, Level* level);
bool IsDiscordToken(const RuleHit& hit, Level* level);
bool IsBase64Json(const RuleHit& hit, Level* level);
bool IsLogin(const RuleHit& hit, Level* level);  // base64 of user:password
bool IsWebToken(const RuleHit& hit, Level* level);
bool IsStatelessToken(const RuleHit& hit, Level* level);

}  // namespace watertight
