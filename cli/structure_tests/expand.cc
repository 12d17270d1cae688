#include "cli/structure_tests/expand.h"

#include <cctype>
#include <string_view>

namespace watertight::cli {
namespace {

// "$*" and the like, one character long.
bool IsSpecial(char c) {
  return std::string_view("*#$@!?-0123456789").find(c) != std::string::npos;
}

bool IsOfName(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

struct Name {
  std::string text;
  std::size_t length = 0;  // of what stands behind the "$"
};

Name NameAt(std::string_view rest) {
  if (rest[0] == '{') {
    if (rest.size() > 2 && IsSpecial(rest[1]) && rest[2] == '}') {
      return {std::string(rest.substr(1, 1)), 3};
    }
    const std::size_t end = rest.find('}');
    if (end == std::string_view::npos) return {"", 1};
    return {std::string(rest.substr(1, end - 1)), end + 1};
  }
  if (IsSpecial(rest[0])) return {std::string(rest.substr(0, 1)), 1};
  std::size_t end = 0;
  while (end < rest.size() && IsOfName(rest[end])) ++end;
  return {std::string(rest.substr(0, end)), end};
}

}  // namespace

std::string Expand(const std::string& text,
                   const std::function<std::string(const std::string& name)>& value) {
  std::string expanded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      expanded += text[i];
      continue;
    }
    const Name name = NameAt(std::string_view(text).substr(i + 1));
    if (!name.text.empty()) expanded += value(name.text);
    if (name.text.empty() && name.length == 0) expanded += '$';
    i += name.length;
  }
  return expanded;
}

}  // namespace watertight::cli
