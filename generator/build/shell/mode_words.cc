#include "generator/build/shell/mode_words.h"

#include <algorithm>

namespace watertight::generator::shell {
namespace {

constexpr std::string_view kLetters = "rwx";

std::uint32_t BitsOf(std::string_view letters, std::uint32_t old, bool& valid) {
  std::uint32_t bits = 0;
  for (const char c : letters) {
    const std::size_t index = kLetters.find(c);
    if (index != kLetters.npos) {
      bits |= 0111U << (2 - index);
    } else if (c == 'X') {
      if ((old & 0111) != 0) bits |= 0111;
    } else {
      valid = false;
    }
  }
  return bits;
}

std::optional<std::uint32_t> ApplyClause(std::string_view clause, std::uint32_t mode) {
  std::uint32_t who = 0;
  std::size_t at = 0;
  for (; at < clause.size(); ++at) {
    if (clause[at] == 'u')
      who |= 0700;
    else if (clause[at] == 'g')
      who |= 0070;
    else if (clause[at] == 'o')
      who |= 0007;
    else if (clause[at] == 'a')
      who |= 0777;
    else
      break;
  }
  if (who == 0) who = 0777;
  if (at == clause.size()) return {};
  while (at < clause.size()) {
    const char operation = clause[at++];
    const std::size_t end = std::min(clause.find_first_of("+-=", at), clause.size());
    bool valid = std::string_view("+-=").find(operation) != std::string_view::npos;
    const std::uint32_t bits = BitsOf(clause.substr(at, end - at), mode, valid) & who;
    if (!valid) return {};
    if (operation == '=') mode = (mode & ~who) | bits;
    if (operation == '+') mode |= bits;
    if (operation == '-') mode &= ~bits;
    at = end;
  }
  return mode;
}

}  // namespace

std::string SymbolicMode(std::uint32_t mode) {
  std::string text;
  for (const auto& [name, shift] : {std::pair{'u', 6}, std::pair{'g', 3}, std::pair{'o', 0}}) {
    text += std::string(text.empty() ? "" : ",") + name + "=";
    for (std::size_t bit = 0; bit < 3; ++bit) {
      if ((mode >> shift & 4U >> bit) != 0) text += kLetters[bit];
    }
  }
  return text;
}

std::string OctalMode(std::uint32_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3)
    digits += static_cast<char>('0' + (mode >> shift & 7));
  return digits;
}

std::optional<std::uint32_t> ParseUmask(std::string_view text, std::uint32_t present) {
  if (text.empty()) return {};
  if (text[0] >= '0' && text[0] <= '9') {
    std::uint32_t mask = 0;
    for (const char c : text) {
      if (c < '0' || c > '7' || mask > 07777) return {};
      mask = mask * 8 + static_cast<std::uint32_t>(c - '0');
    }
    return mask & 0777;
  }
  std::uint32_t mode = 0777 & ~present;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::optional<std::uint32_t> changed = ApplyClause(text.substr(0, comma), mode);
    if (!changed) return {};
    mode = *changed;
    if (comma == text.npos) return 0777 & ~mode;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace watertight::generator::shell
