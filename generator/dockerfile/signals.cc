#include "generator/dockerfile/signals.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kNames[] = {
    "ABRT", "ALRM",   "BUS",  "CHLD", "CLD",  "CONT",  "FPE",    "HUP",   "ILL",
    "INT",  "IO",     "IOT",  "KILL", "PIPE", "POLL",  "PROF",   "PWR",   "QUIT",
    "SEGV", "STOP",   "SYS",  "TERM", "TRAP", "TSTP",  "TTIN",   "TTOU",  "URG",
    "USR1", "STKFLT", "USR2", "XCPU", "XFSZ", "WINCH", "VTALRM", "RTMIN", "RTMAX"};

constexpr int kMostAboveMin = 15;
constexpr int kMostBelowMax = 14;

bool IsNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  long value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end && value != 0;
}

// RTMIN+1 to RTMIN+15, RTMAX-1 to RTMAX-14.
bool IsRealTime(std::string_view name) {
  const bool above = name.starts_with("RTMIN+");
  if (!above && !name.starts_with("RTMAX-")) return false;
  const int most = above ? kMostAboveMin : kMostBelowMax;
  for (int i = 1; i <= most; ++i) {
    if (name.substr(6) == std::to_string(i)) return true;
  }
  return false;
}

}  // namespace

void CheckSignal(const std::string& signal, const Dialect& dialect) {
  const std::string upper = Upper(signal);
  std::string_view name = upper;
  if (name.starts_with("SIG")) name.remove_prefix(3);
  if (IsNumber(signal) || IsRealTime(name) || std::ranges::find(kNames, name) != std::end(kNames)) {
    return;
  }
  throw Error((Has(dialect, Feature::kSuggestions) ? "invalid signal: " : "Invalid signal: ") +
              signal);
}

}  // namespace watertight::generator
