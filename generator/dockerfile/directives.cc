#include "generator/dockerfile/directives.h"

#include <algorithm>
#include <optional>

#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kAsciiSpaces = "\t\n\f\r ";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void SkipSpaces(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kAsciiSpaces), text.size()));
}

std::string_view TakeName(std::string_view& text) {
  size_t size = 0;
  while (size < text.size() && static_cast<unsigned char>(text[size]) < 0x80 &&
         (IsLetter(static_cast<unsigned char>(text[size])) ||
          (size > 0 && IsDigit(static_cast<unsigned char>(text[size]))))) {
    ++size;
  }
  const std::string_view name = text.substr(0, size);
  text.remove_prefix(size);
  return name;
}

// `# name = value`, of any name.
std::optional<Directive> Match(std::string_view line) {
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  SkipSpaces(line);
  const std::string_view name = TakeName(line);
  SkipSpaces(line);
  if (name.empty() || !line.starts_with('=')) return std::nullopt;
  line.remove_prefix(1);
  SkipSpaces(line);
  const size_t last = line.find_last_not_of(kAsciiSpaces);
  if (last == std::string_view::npos) return std::nullopt;
  const std::string_view value = line.substr(0, last + 1);
  if (value.find('\n') != std::string_view::npos) return std::nullopt;
  return Directive{Lower(name), std::string(value)};
}

}  // namespace

bool DirectiveReader::Read(std::string_view line, int number) {
  if (done_) return false;
  auto directive = Match(line);
  const bool known =
      directive && (directive->name == "syntax" || directive->name == "escape" ||
                    (directive->name == "check" && Has(dialect_, Feature::kCheckDirective)));
  if (!known) {
    done_ = true;
    return false;
  }
  if (std::ranges::find(directives_, directive->name, &Directive::name) != directives_.end()) {
    throw Error("only one " + directive->name + " parser directive can be used");
  }
  if (directive->name == "escape") {
    if (directive->value != "`" && directive->value != "\\") {
      if (dialect_.family == Family::kBuildah) {
        throw Error("invalid ESCAPE '" + directive->value + "'. Must be ` or \\");
      }
      throw Error("invalid escape token '" + directive->value + "' does not match ` or \\");
    }
    escape_ = directive->value[0];
  }
  directive->line = number;
  directives_.push_back(std::move(*directive));
  return true;
}

std::string DetectSyntax(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  bool first = true;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool interpreter = first && line.starts_with("#!");
    first = false;
    if (interpreter) continue;
    const auto directive = Match(line);
    if (!directive) break;
    if (directive->name == "syntax") return directive->value.substr(0, directive->value.find(' '));
    if (directive->name != "escape" && directive->name != "check") break;
  }
  return "";
}

}  // namespace watertight::generator
