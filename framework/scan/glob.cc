#include "watertight/glob.h"

#include <algorithm>
#include <utility>

#include "framework/image/path.h"
#include "framework/scan/glob_tokens.h"
#include "watertight/error.h"

namespace watertight {
namespace {

// Slashes doubled, leading and trailing, and a leading "./", do not tell one path from another. A
// slash anywhere but at the end ties the pattern to the root.
std::string Anchored(const std::string& alternative) {
  std::string clean;
  for (std::size_t at = 0; at < alternative.size(); ++at) {
    if (alternative[at] == '/' && !clean.empty() && clean.back() == '/') continue;
    clean += alternative[at];
    if (alternative[at] == '\\' && at + 1 < alternative.size()) clean += alternative[++at];
  }
  if (clean.size() > 1 && clean.ends_with('/')) clean.pop_back();
  const bool from_root = clean.find('/') != std::string::npos;
  while (clean.starts_with("./")) clean.erase(0, 2);
  if (clean.starts_with('/')) clean.erase(0, 1);
  return from_root ? clean : "**/" + clean;
}

}  // namespace

// Bytes that a path must hold refuse nearly every path at once.
struct Glob::Alternative {
  explicit Alternative(std::vector<GlobToken> parsed) : tokens(std::move(parsed)) {
    for (const GlobToken& token : tokens) {
      if (token.kind == GlobToken::Kind::kBytes && token.set.count() == 1) {
        ending += OnlyByte(token);
        if (ending.size() > part.size()) part = ending;
      } else {
        ending.clear();
      }
    }
  }

  static char OnlyByte(const GlobToken& token) {
    unsigned byte = 0;
    while (!token.set[byte]) ++byte;
    return static_cast<char>(byte);
  }

  bool Matches(std::string_view path) const {
    return path.ends_with(ending) && path.find(part) != std::string_view::npos &&
           MatchTokens(tokens, path);
  }

  std::vector<GlobToken> tokens;
  std::string ending;  // after the last token that is not one byte
  std::string part;    // the longest such between two
};

Glob::Glob(std::string pattern) : pattern_(std::move(pattern)) {
  if (pattern_.empty()) throw Error(ErrorCode::kUsage, "a pattern is empty");
  std::vector<Alternative> alternatives;
  for (const std::string& text : ExpandBraces(pattern_)) {
    if (text.empty()) continue;
    alternatives.emplace_back(ParseGlob(Anchored(text), pattern_));
  }
  alternatives_ = std::make_shared<const std::vector<Alternative>>(std::move(alternatives));
}

bool Glob::Matches(std::string_view path) const {
  return std::any_of(alternatives_->begin(), alternatives_->end(),
                     [path](const auto& alternative) { return alternative.Matches(path); });
}

void PrintTo(const Glob& glob, std::ostream* out) { *out << Printable(glob.pattern()); }

}  // namespace watertight
