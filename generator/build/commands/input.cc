#include "generator/build/commands/input.h"

#include <array>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {

std::optional<Rope> ReadInput(Process& process, const std::string& name, const InputWords& words) {
  if (name == "-") return process.ReadAll(0);
  std::errc error{};
  auto content = process.ReadFile(name, error);
  if (content) return content;
  const bool directory = error == std::errc::is_a_directory;
  std::string coreutils = QuotedIfOdd(name);
  if (!words.before.empty() && !(directory && words.opens_directories)) {
    coreutils = std::string(words.before) + Quoted(name) + std::string(words.behind);
  } else if (directory && words.opens_directories && !words.before.empty()) {
    coreutils = "error reading " + Quoted(name);
  }
  const std::string busybox = directory ? "read error" : "can't open '" + name + "'";
  Complain(process, coreutils, busybox, error);
  return std::nullopt;
}

bool ReadInputs(Process& process, const std::vector<std::string>& names, const InputWords& words,
                const std::function<void(const std::string&, const Rope&)>& take) {
  bool all = true;
  const std::vector<std::string> standard_input = {"-"};
  for (const std::string& name : names.empty() ? standard_input : names) {
    const auto content = ReadInput(process, name, words);
    if (content) {
      take(name, *content);
    } else {
      all = false;
    }
  }
  return all;
}

std::vector<std::string_view> LinesOf(std::string_view text, char end) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t at = text.find(end);
    const std::size_t length = at == text.npos ? text.size() : at + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

std::string_view Chomped(std::string_view line, char end) {
  if (line.ends_with(end)) line.remove_suffix(1);
  return line;
}

std::optional<std::uint64_t> SizeFrom(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::uint64_t factor;
  };
  constexpr std::uint64_t kKilo = 1000;
  constexpr std::uint64_t kKibi = 1024;
  constexpr std::array kUnits = {
      Unit{"", 1},
      Unit{"c", 1},
      Unit{"w", 2},
      Unit{"b", 512},
      Unit{"k", kKibi},
      Unit{"K", kKibi},
      Unit{"KiB", kKibi},
      Unit{"kB", kKilo},
      Unit{"KB", kKilo},
      Unit{"m", kKibi * kKibi},
      Unit{"M", kKibi * kKibi},
      Unit{"MiB", kKibi * kKibi},
      Unit{"MB", kKilo * kKilo},
      Unit{"G", kKibi * kKibi * kKibi},
      Unit{"GiB", kKibi * kKibi * kKibi},
      Unit{"GB", kKilo * kKilo * kKilo},
  };
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = NumberOf(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (unit.name == text.substr(digits)) return static_cast<std::uint64_t>(*number) * unit.factor;
  }
  return std::nullopt;
}

}  // namespace watertight::generator::commands
