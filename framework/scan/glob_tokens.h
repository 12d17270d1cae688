// A path pattern without braces, as tokens that match bytes.

#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

struct GlobToken {
  enum class Kind : unsigned char {
    kBytes,        // one byte of the set
    kStar,         // any bytes but '/'
    kAnything,     // any bytes
    kDirectories,  // nothing, or any bytes that end with '/'
  };

  Kind kind = Kind::kBytes;
  std::bitset<256> set;  // of kBytes
};

// The alternatives of braces, written out. Throws: Error, kUsage.
std::vector<std::string> ExpandBraces(const std::string& pattern);

// Throws: Error, kUsage, naming the place in pattern.
std::vector<GlobToken> ParseGlob(const std::string& alternative, const std::string& pattern);

// In time proportional to the product of both lengths, whatever the pattern.
bool MatchTokens(const std::vector<GlobToken>& tokens, std::string_view path);

}  // namespace watertight
