// base64.

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string Encode(std::string_view bytes, std::int64_t width) {
  std::string text;
  std::int64_t column = 0;
  const auto put = [&](char c) {
    text += c;
    if (width > 0 && ++column == width) {
      text += '\n';
      column = 0;
    }
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    const std::size_t left = bytes.size() - i;
    put(kAlphabet[group >> 18]);
    put(kAlphabet[group >> 12 & 63]);
    put(left > 1 ? kAlphabet[group >> 6 & 63] : '=');
    put(left > 2 ? kAlphabet[group & 63] : '=');
  }
  if (column > 0) text += '\n';
  return text;
}

// Returns whether all of it was base64; `bytes` is what came before the mistake.
bool Decode(std::string_view text, bool ignores_garbage, std::string& bytes) {
  std::uint32_t group = 0;
  int digits = 0;
  int padding = 0;
  for (const char c : text) {
    if (c == '\n') continue;
    const std::size_t value = kAlphabet.find(c);
    if (c == '=' && digits >= 2) {
      if (++padding + digits == 4) {
        bytes += static_cast<char>(group >> (digits == 2 ? 4 : 10));
        if (digits == 3) bytes += static_cast<char>(group >> 2);
        digits = padding = 0;
        group = 0;
      }
      continue;
    }
    if (value == kAlphabet.npos || padding > 0) {
      if (ignores_garbage) continue;
      return false;
    }
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (++digits < 4) continue;
    for (int shift = 16; shift >= 0; shift -= 8) bytes += static_cast<char>(group >> shift);
    group = 0;
    digits = 0;
  }
  if (digits >= 2) bytes += static_cast<char>(group >> (digits == 2 ? 4 : 10));
  if (digits == 3) bytes += static_cast<char>(group >> 2);
  return digits == 0;
}

}  // namespace

int Base64(Process& process) {
  const Options options =
      process.busybox()
          ? Options(process, "dw:")
          : Options(process, "dw:i", {{"decode", 'd'}, {"wrap", 'w'}, {"ignore-garbage", 'i'}});
  const std::vector<std::string>& names = options.operands();
  if (names.size() > 1) return MisusedBy(process, "extra operand " + Quoted(names[1]));
  const auto content = ReadInput(process, names.empty() ? "-" : names[0], {});
  if (!content) return 1;
  if (!options.Has('d')) {
    const auto width = NumberOf(options.Value('w').value_or("76"));
    if (!width) return process.Fail("invalid wrap size: " + Quoted(*options.Value('w')));
    process.Write(1, Encode(content->ToString(), *width));
    return 0;
  }
  std::string bytes;
  const bool good = Decode(content->ToString(), options.Has('i'), bytes);
  process.Write(1, bytes);
  if (good) return 0;
  return Complain(process, "invalid input", "truncated base64 input");
}

}  // namespace watertight::generator::commands
