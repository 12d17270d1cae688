// Which names promise that the value bound to them is a secret.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight {

struct NameRule {
  const char* phrase;  // words of a name, in lower case
  const char* rule;
  // How much the name alone proves when the phrase ends it, and when more words follow.
  enum class Proof : unsigned char { kNone, kWithValue, kAlone } at_end, inside;
};

// A name proves alone, or only together with a value that looks made by chance; rule is null when
// the name says nothing.
struct SecretName {
  const char* rule = nullptr;
  bool alone = false;
};

// {"my", "api", "key"} of "MY_API_KEY", "myApiKey", "my.api-key2".
std::vector<std::string> NameWords(std::string_view name);

SecretName ClassifyName(std::string_view name);

// For tests and the page of rules.
const std::vector<NameRule>& NameRules();

}  // namespace watertight
