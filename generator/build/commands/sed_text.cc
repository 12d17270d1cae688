#include "generator/build/commands/sed_text.h"

#include <cctype>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {
namespace {

void AddText(std::vector<SedReplacement>& pieces, char c) {
  if (pieces.empty() || pieces.back().kind != SedReplacement::Kind::kText) {
    pieces.push_back({.kind = SedReplacement::Kind::kText});
  }
  pieces.back().text += c;
}

}  // namespace

void RefuseSed(const std::string& what) { NotModelled("sed: " + what); }

bool IsSpecialInSed(char c) {
  return std::string_view("^$.*[]\\+?(){}|/").find(c) != std::string_view::npos;
}

std::string WithSedEscapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    const std::size_t letter = kSedEscapeLetters.find(c);
    if (letter != kSedEscapeLetters.npos) {
      out += kSedEscapeBytes[letter];
    } else if (c == 'x' && i + 2 < text.size() &&
               std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
               std::isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      const char byte =
          static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      if (IsSpecialInSed(byte)) out += '\\';
      out += byte;
      i += 2;
    } else if (c == 'c' || c == 'd' || c == 'o') {
      RefuseSed(std::string("\\") + c);
    } else {
      out += '\\';
      out += c;
    }
  }
  return out;
}

std::vector<SedReplacement> ParseSedReplacement(std::string_view text, bool has_cases) {
  std::vector<SedReplacement> pieces;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '&') {
      pieces.push_back({.kind = SedReplacement::Kind::kGroup});
      continue;
    }
    if (c != '\\' || i + 1 == text.size()) {
      AddText(pieces, c);
      continue;
    }
    const char next = text[++i];
    const std::size_t letter = kSedEscapeLetters.find(next);
    if (std::isdigit(static_cast<unsigned char>(next))) {
      pieces.push_back(
          {.kind = SedReplacement::Kind::kGroup, .group = static_cast<std::size_t>(next - '0')});
    } else if (has_cases && std::string_view("ULulE").find(next) != std::string_view::npos) {
      pieces.push_back({.kind = SedReplacement::Kind::kCase, .conversion = next});
    } else if (letter != kSedEscapeLetters.npos) {
      AddText(pieces, kSedEscapeBytes[letter]);
    } else if (next == 'x' && i + 2 < text.size()) {
      AddText(pieces,
              static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
    } else if (next == 'c' || next == 'd' || next == 'o') {
      RefuseSed(std::string("\\") + next);
    } else {
      AddText(pieces, next);
    }
  }
  return pieces;
}

std::string WithoutSedEscapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      c = text[++i];
      const std::size_t letter = kSedEscapeLetters.find(c);
      if (letter != kSedEscapeLetters.npos) c = kSedEscapeBytes[letter];
    }
    out += c;
  }
  return out;
}

}  // namespace watertight::generator::commands
