#include "framework/scan/spelling_anchors.h"

#include <algorithm>

namespace watertight {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Files are mostly lower-case words, zeros and blanks.
int Rarity(char c) {
  if (c == '\0' || c == ' ' || c == '0' || c == '-' || c == '/') return 0;
  if (IsLower(c)) return 2;
  return IsUpper(c) ? 4 : 3;
}

// A byte that occurs again adds nothing: runs of one byte are common.
int Rarity(std::string_view part) {
  int sum = 0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part.find(part[i]) < i) continue;
    sum += Rarity(part[i]) + (IsUnescaped(part[i]) ? 4 : 0);
  }
  return sum;
}

}  // namespace

bool IsUnescaped(char c) {
  return IsLower(c) || IsUpper(c) || IsDigit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

bool Repeats(std::string_view part) {
  for (std::size_t period = 1; period <= part.size() / 2; ++period) {
    if (part.substr(period) == part.substr(0, part.size() - period)) return true;
  }
  return false;
}

std::size_t RarestPart(std::string_view text, std::size_t size) {
  constexpr std::size_t kMostUnits = 3 * kAnchorUnits;  // when those before repeat themselves
  std::size_t best = 0;
  int rarest = -1;
  for (std::size_t at = 0; at < kMostUnits && at + size <= text.size(); ++at) {
    if (at >= kAnchorUnits && !Repeats(text.substr(best, size))) break;
    const int rarity = Rarity(text.substr(at, size));
    if (rarity > rarest) {
      rarest = rarity;
      best = at;
    }
  }
  return best;
}

}  // namespace watertight
