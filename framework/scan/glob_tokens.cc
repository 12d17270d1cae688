#include "framework/scan/glob_tokens.h"

#include <cstddef>
#include <utility>

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight {
namespace {

constexpr std::size_t kMostAlternatives = 10'000;
constexpr std::size_t kMostExpandedBytes = std::size_t{16} << 20;

[[noreturn]] void Fail(const std::string& pattern, const std::string& problem) {
  throw Error(ErrorCode::kUsage, "pattern '" + Printable(pattern) + "': " + problem);
}

[[noreturn]] void FailAt(const std::string& pattern, std::size_t at, const std::string& problem) {
  Fail(pattern, problem + " at byte " + std::to_string(at));
}

// The byte after the set that begins at open, or npos. A ']' that stands first belongs to the set.
std::size_t SetEnd(std::string_view text, std::size_t open) {
  std::size_t at = open + 1;
  if (at < text.size() && (text[at] == '!' || text[at] == '^')) ++at;
  if (at < text.size() && text[at] == ']') ++at;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '[' && at + 1 < text.size() && text[at + 1] == ':') {
      const std::size_t end = text.find(":]", at + 2);
      if (end != std::string_view::npos) at = end + 1;
    } else if (text[at] == ']') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

struct Braces {
  std::size_t open = 0;
  std::size_t close = 0;
  std::vector<std::string> choices;
};

// The first braces of a pattern; close is 0 when it has none.
Braces FirstBraces(const std::string& text, const std::string& pattern) {
  Braces braces;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      ++at;
    } else if (c == '[') {
      const std::size_t end = SetEnd(text, at);
      if (end == std::string::npos) FailAt(pattern, at, "a [ is not closed");
      at = end - 1;
    } else if (c == '{' && depth++ == 0) {
      braces.open = at;
      begin = at + 1;
    } else if (depth == 1 && (c == ',' || c == '}')) {
      braces.choices.push_back(text.substr(begin, at - begin));
      begin = at + 1;
      if (c == ',') continue;
      braces.close = at;
      return braces;
    } else if (c == '}' && depth > 1) {
      --depth;
    }
  }
  if (depth > 0) FailAt(pattern, braces.open, "a { is not closed");
  return braces;
}

struct NamedSet {
  std::string_view name;
  bool (*has)(unsigned char);
};

bool IsLower(unsigned char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(unsigned char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(unsigned char c) { return c >= '0' && c <= '9'; }

constexpr NamedSet kNamedSets[] = {
    {"alpha", [](unsigned char c) { return IsLower(c) || IsUpper(c); }},
    {"digit", IsDigit},
    {"alnum", [](unsigned char c) { return IsLower(c) || IsUpper(c) || IsDigit(c); }},
    {"lower", IsLower},
    {"upper", IsUpper},
    {"space", [](unsigned char c) { return c == ' ' || (c >= 9 && c <= 13); }},
    {"xdigit",
     [](unsigned char c) {
       return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
     }},
    {"punct",
     [](unsigned char c) {
       return c > ' ' && c < 127 && !IsLower(c) && !IsUpper(c) && !IsDigit(c);
     }},
};

void AddNamedSet(std::string_view name, std::size_t at, const std::string& pattern,
                 std::bitset<256>* set) {
  for (const NamedSet& named : kNamedSets) {
    if (named.name != name) continue;
    for (unsigned c = 0; c < 256; ++c) {
      if (named.has(static_cast<unsigned char>(c))) set->set(c);
    }
    return;
  }
  FailAt(pattern, at, "no class is named [:" + std::string(name) + ":]");
}

// body: what stands between the brackets.
std::bitset<256> ParseSet(std::string_view body, std::size_t at, const std::string& pattern) {
  std::bitset<256> set;
  const bool negated = body.starts_with('!') || body.starts_with('^');
  if (negated) body.remove_prefix(1);
  const auto take = [&body](std::size_t* next) {
    if (body[*next] == '\\' && *next + 1 < body.size()) ++*next;
    return static_cast<unsigned char>(body[(*next)++]);
  };
  for (std::size_t next = 0; next < body.size();) {
    if (body.substr(next).starts_with("[:")) {
      const std::size_t end = body.find(":]", next + 2);
      if (end != std::string_view::npos) {
        AddNamedSet(body.substr(next + 2, end - next - 2), at, pattern, &set);
        next = end + 2;
        continue;
      }
    }
    const unsigned first = take(&next);
    unsigned last = first;
    if (next + 1 < body.size() && body[next] == '-') {
      ++next;
      last = take(&next);
    }
    if (last < first) FailAt(pattern, at, "a range of the set runs backwards");
    for (unsigned c = first; c <= last; ++c) set.set(c);
  }
  if (negated) set.flip();
  set.reset('/');
  return set;
}

GlobToken Byte(char c) {
  GlobToken token;
  token.set.set(static_cast<unsigned char>(c));
  return token;
}

// Stars at text[*at]; moves past them, and past the slash that belongs to "**/".
GlobToken ParseStars(std::string_view text, std::size_t* at) {
  const bool at_component = *at == 0 || text[*at - 1] == '/';
  std::size_t stars = 0;
  while (*at < text.size() && text[*at] == '*') {
    ++*at;
    ++stars;
  }
  GlobToken token;
  if (stars == 1) {
    token.kind = GlobToken::Kind::kStar;
  } else if (at_component && *at < text.size() && text[*at] == '/') {
    ++*at;
    token.kind = GlobToken::Kind::kDirectories;
  } else {
    token.kind = GlobToken::Kind::kAnything;
  }
  return token;
}

}  // namespace

std::vector<std::string> ExpandBraces(const std::string& pattern) {
  std::vector<std::string> done;
  std::vector<std::string> open = {pattern};
  std::size_t bytes = 0;
  while (!open.empty()) {
    const std::string text = std::move(open.back());
    open.pop_back();
    const Braces braces = FirstBraces(text, pattern);
    if (braces.close == 0) {
      done.push_back(text);
      bytes += text.size();
    }
    // From the last, so that the alternatives come out in the order in which they are written.
    for (auto choice = braces.choices.rbegin(); choice != braces.choices.rend(); ++choice) {
      open.push_back(text.substr(0, braces.open) + *choice + text.substr(braces.close + 1));
    }
    if (done.size() + open.size() > kMostAlternatives || bytes > kMostExpandedBytes) {
      Fail(pattern, "expands to more than 10,000 alternatives");
    }
  }
  return done;
}

std::vector<GlobToken> ParseGlob(const std::string& alternative, const std::string& pattern) {
  std::vector<GlobToken> tokens;
  for (std::size_t at = 0; at < alternative.size();) {
    const char c = alternative[at];
    if (c == '*') {
      tokens.push_back(ParseStars(alternative, &at));
    } else if (c == '[') {
      const std::size_t end = SetEnd(alternative, at);
      if (end == std::string::npos) FailAt(pattern, at, "a [ is not closed");
      GlobToken token;
      token.set = ParseSet(std::string_view(alternative).substr(at + 1, end - at - 2), at, pattern);
      tokens.push_back(token);
      at = end;
    } else if (c == '?') {
      GlobToken token;
      token.set.set().reset('/');
      tokens.push_back(token);
      ++at;
    } else {
      if (c == '\\' && at + 1 < alternative.size()) ++at;
      tokens.push_back(Byte(alternative[at++]));
    }
  }
  return tokens;
}

bool MatchTokens(const std::vector<GlobToken>& tokens, std::string_view path) {
  // reached[i]: the tokens before i match the path's bytes so far.
  using Kind = GlobToken::Kind;
  std::vector<unsigned char> reached(tokens.size() + 1, 0);
  std::vector<unsigned char> next(reached);
  // A token other than kBytes also matches nothing.
  const auto close = [&tokens](std::vector<unsigned char>* states) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if ((*states)[i] != 0 && tokens[i].kind != Kind::kBytes) (*states)[i + 1] = 1;
    }
  };
  // Inside "**/" only a slash leads on; a second row tells "inside" from "not yet begun".
  std::vector<unsigned char> inside(reached);
  reached[0] = 1;
  close(&reached);
  for (const char c : path) {
    std::fill(next.begin(), next.end(), static_cast<unsigned char>(0));
    bool alive = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const GlobToken& token = tokens[i];
      if (token.kind == Kind::kDirectories) {
        inside[i] = static_cast<unsigned char>(inside[i] | reached[i]);
        if (inside[i] == 0) continue;
        alive = true;
        if (c == '/') next[i + 1] = 1;
        continue;
      }
      if (reached[i] == 0) continue;
      if (token.kind == Kind::kBytes) {
        if (token.set[static_cast<unsigned char>(c)]) next[i + 1] = 1;
      } else if (token.kind == Kind::kAnything || c != '/') {
        next[i] = 1;
      }
    }
    close(&next);
    reached.swap(next);
    for (const unsigned char state : reached) alive = alive || state != 0;
    if (!alive) return false;
  }
  return reached.back() != 0;
}

}  // namespace watertight
