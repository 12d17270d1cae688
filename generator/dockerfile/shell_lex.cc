#include "generator/dockerfile/shell_lex.h"

#include <algorithm>
#include <optional>

#include "generator/dockerfile/shell_pattern.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr char32_t kEnd = 0xFFFFFFFF;
constexpr int kDeepest = 200;  // ${a:-${b:-…}}; the stack ends somewhere
constexpr char32_t kByteOrderMark = 0xFEFF;

// What BuildKit says where it prints the end of the text as a character.
std::string Show(char32_t rune) {
  std::string text;
  Append(text, rune == kEnd ? kReplacement : rune);
  return text;
}

bool IsSpecialParameter(char32_t rune) {
  return rune < 0x80 &&
         std::string_view("@*#?-$!0").find(static_cast<char>(rune)) != std::string_view::npos;
}

// Collects the words of a text. The buffer belongs to the lexer and is shared with the text inside
// ${…}, which empties it: BuildKit loses what stands in front of it in the same word (from 1.9).
struct Words {
  std::string* buffer;
  std::vector<std::string> done;
  bool in_word = false;

  void Add(char32_t rune) {
    if (!IsSpace(rune)) {
      AddRaw(rune);
    } else if (in_word && !buffer->empty()) {
      done.push_back(*buffer);
      buffer->clear();
      in_word = false;
    }
  }
  void AddRaw(char32_t rune) {
    Append(*buffer, rune);
    in_word = true;
  }
  void AddRaw(const std::string& text) {
    *buffer += text;
    in_word = true;
  }
  void Finish() {
    if (!buffer->empty()) done.push_back(*buffer);
    buffer->clear();
    in_word = false;
  }
};

struct Processed {
  std::string text;
  std::vector<std::string> words;
};

class Lexer {
 public:
  Lexer(std::string_view source, const Environment& variables, const LexOptions& options,
        std::vector<std::string>* unset)
      : source_(Decode(source)),
        variables_(variables),
        options_(options),
        unset_(unset),
        raw_escapes_(options.raw_escapes) {
    if (source_.starts_with(kByteOrderMark)) source_.erase(0, 1);
  }

  Processed Run() { return ProcessUntil(kEnd, options_.raw_escapes); }

 private:
  char32_t Peek() const { return at_ < source_.size() ? source_[at_] : kEnd; }
  char32_t Next() { return at_ < source_.size() ? source_[at_++] : kEnd; }
  bool IsEscape(char32_t rune) const { return rune == static_cast<char32_t>(options_.escape); }
  bool IsBuildah() const { return options_.dialect.family == Family::kBuildah; }
  bool Allows(Feature feature) const { return Has(options_.dialect, feature); }

  Processed ProcessUntil(char32_t stop, bool raw_escapes);
  void ProcessPlain(std::string& text, Words& words);
  std::optional<std::string> ProcessSpecial(char32_t rune);
  std::string SingleQuoted();
  std::string DoubleQuoted();
  std::string Dollar();
  std::string Braced();
  std::string BuildahBraced();
  std::string OldBraced(const std::string& name);
  std::string Modified(const std::string& name, std::string modifier, char32_t kind);
  std::string Replaced(const std::string& name);
  std::string Name();
  std::string PossibleHeredoc();

  std::string Inner(char32_t stop, bool raw_escapes, const char* missing);
  const std::string* Find(const std::string& name);

  std::u32string source_;
  size_t at_ = 0;
  int depth_ = 0;
  const Environment& variables_;
  const LexOptions& options_;
  std::vector<std::string>* unset_;
  bool raw_escapes_;
  std::string shared_buffer_;
};

Processed Lexer::ProcessUntil(char32_t stop, bool raw_escapes) {
  std::string own_buffer;
  const bool shared = Allows(Feature::kSharedWordBuffer);
  if (shared) shared_buffer_.clear();
  Words words{shared ? &shared_buffer_ : &own_buffer, {}};
  const bool before = raw_escapes_;
  raw_escapes_ = raw_escapes;
  std::string text;
  while (Peek() != kEnd) {
    const char32_t rune = Peek();
    if (rune == stop) {
      Next();
      words.Finish();
      raw_escapes_ = before;
      return {text, words.done};
    }
    if (const auto special = ProcessSpecial(rune)) {
      text += *special;
      if (rune == U'$') {
        for (const char32_t part : Decode(*special)) words.Add(part);
      } else {
        words.AddRaw(*special);
      }
    } else {
      ProcessPlain(text, words);
    }
  }
  raw_escapes_ = before;
  if (stop != kEnd) {
    throw Error("unexpected end of statement while looking for matching " + Show(stop));
  }
  words.Finish();
  return {text, words.done};
}

void Lexer::ProcessPlain(std::string& text, Words& words) {
  char32_t rune = Next();
  if (!IsEscape(rune)) {
    words.Add(rune);
    Append(text, rune);
    return;
  }
  if (raw_escapes_) {
    words.AddRaw(rune);
    Append(text, rune);
  }
  rune = Next();
  if (rune == kEnd) return;  // an escape character at the very end is dropped
  words.AddRaw(rune);
  Append(text, rune);
}

std::optional<std::string> Lexer::ProcessSpecial(char32_t rune) {
  if (rune == U'$') return Dollar();
  if (rune == U'<' && Allows(Feature::kHeredocBlank)) return PossibleHeredoc();
  if (rune == U'\'' && !options_.keep_quotes) return SingleQuoted();
  if (rune == U'"' && !options_.keep_quotes) return DoubleQuoted();
  return std::nullopt;
}

std::string Lexer::SingleQuoted() {
  std::string text;
  if (options_.raw_quotes) Append(text, Peek());
  Next();
  for (;;) {
    const char32_t rune = Next();
    if (rune == kEnd) {
      throw Error("unexpected end of statement while looking for matching single-quote");
    }
    if (rune != U'\'' || options_.raw_quotes) Append(text, rune);
    if (rune == U'\'') return text;
  }
}

std::string Lexer::DoubleQuoted() {
  std::string text;
  if (options_.raw_quotes) Append(text, Peek());
  Next();
  for (;;) {
    if (Peek() == kEnd) {
      throw Error("unexpected end of statement while looking for matching double-quote");
    }
    if (Peek() == U'$') {
      text += Dollar();
      continue;
    }
    char32_t rune = Next();
    if (rune == U'"') {
      if (options_.raw_quotes) Append(text, rune);
      return text;
    }
    if (IsEscape(rune)) {
      if (raw_escapes_) Append(text, rune);
      if (Peek() == kEnd) continue;
      if (Peek() == U'"' || Peek() == U'$' || IsEscape(Peek())) rune = Next();
    }
    Append(text, rune);
  }
}

std::string Lexer::Dollar() {
  Next();
  if (Peek() == U'{') {
    Next();
    if (++depth_ > kDeepest) throw Error("substitutions nested too deeply");
    std::string text = IsBuildah() ? BuildahBraced() : Braced();
    --depth_;
    return text;
  }
  const std::string name = Name();
  if (name.empty()) return "$";
  const std::string* value = Find(name);
  if (value != nullptr) return *value;
  return options_.skip_unset ? "$" + name : "";
}

std::string Lexer::Braced() {
  const char32_t first = Peek();
  if (first == kEnd) throw Error("syntax error: missing '}'");
  if (first == U'{' || first == U'}' || first == U':') {
    throw Error("syntax error: bad substitution");
  }
  const std::string name = Name();
  if (Peek() == U'}') {
    Next();
    const std::string* value = Find(name);
    if (value != nullptr) return *value;
    return options_.skip_unset ? "${" + name + "}" : "";
  }
  if (!Allows(Feature::kPlainOperators)) return OldBraced(name);
  char32_t kind = Next();
  std::string modifier = Show(kind);
  if (kind == U':') {
    kind = Next();
    modifier += Show(kind);
    return Modified(name, modifier, kind);
  }
  const bool pattern = kind == U'#' || kind == U'%' || kind == U'/';
  if (kind == U'/' && Allows(Feature::kPatternOperators)) return Replaced(name);
  if (kind == U'+' || kind == U'-' || kind == U'?' ||
      (pattern && Allows(Feature::kPatternOperators))) {
    return Modified(name, modifier, kind);
  }
  throw Error("unsupported modifier (" + modifier + ") in substitution");
}

// Before 1.6: ${x?e}, and + - ? behind a colon.
std::string Lexer::OldBraced(const std::string& name) {
  char32_t kind = Next();
  if (kind == U'?') return Modified(name, "?", kind);
  if (kind != U':') throw Error("missing ':' in substitution");
  kind = Next();
  return Modified(name, ":" + Show(kind), kind);
}

// ${x:-d} and ${x:+a} only, of any name, also of none.
std::string Lexer::BuildahBraced() {
  const std::string name = Name();
  const std::string* value = Find(name);
  const std::string text = value == nullptr ? "" : *value;
  const char32_t next = Next();
  if (next == U'}') return text;
  if (next != U':') throw Error("Missing ':' in substitution: " + Encode(source_));
  const char32_t kind = Next();
  const std::string word = ProcessUntil(U'}', false).text;
  if (kind == U'-') return text.empty() ? word : text;
  if (kind == U'+') return text.empty() ? "" : word;
  throw Error("Unsupported modifier (" + Show(kind) + ") in substitution: " + Encode(source_));
}

std::string Lexer::Inner(char32_t stop, bool raw_escapes, const char* missing) {
  try {
    return ProcessUntil(stop, raw_escapes).text;
  } catch (const Error&) {
    if (Peek() == kEnd) throw Error(missing);
    throw;
  }
}

std::string Lexer::Modified(const std::string& name, std::string modifier, char32_t kind) {
  const bool colon = modifier.starts_with(':');
  const bool pattern = kind == U'#' || kind == U'%';
  const bool shown_whole = Allows(Feature::kPlainOperators);
  const Error unsupported("unsupported modifier (" + (shown_whole ? modifier : Show(kind)) +
                          ") in substitution");
  if (colon && pattern && Allows(Feature::kStrictColon)) throw unsupported;
  std::string word = Inner(U'}', pattern, "syntax error: missing '}'");
  const bool known = kind == U'+' || kind == U'-' || kind == U'?' || pattern;
  if (!known && !shown_whole) throw unsupported;
  const std::string* value = Find(name);
  if (options_.skip_unset && value == nullptr) return "${" + name + modifier + word + "}";
  const bool unset = value == nullptr || (colon && value->empty());
  const std::string text = value == nullptr ? "" : *value;
  if (kind == U'-') return unset ? word : text;
  if (kind == U'+') return unset ? "" : word;
  if (kind == U'?') {
    if (!unset) return text;
    const char* message =
        value == nullptr ? "is not allowed to be unset" : "is not allowed to be empty";
    throw Error(name + ": " + (word.empty() ? message : word));
  }
  if (!pattern || !Allows(Feature::kPatternOperators)) throw unsupported;
  const bool greedy = !word.empty() && static_cast<char32_t>(word[0]) == kind;
  if (greedy) word.erase(0, 1);
  return kind == U'%' ? TrimSuffix(word, text, greedy) : TrimPrefix(word, text, greedy);
}

std::string Lexer::Replaced(const std::string& name) {
  const bool all = Peek() == U'/';
  if (all) Next();
  const std::string pattern = Inner(U'/', true, "syntax error: missing '/' in ${}");
  const std::string replacement = Inner(U'}', true, "syntax error: missing '}'");
  const std::string* value = Find(name);
  if (options_.skip_unset && value == nullptr) {
    return "${" + name + "/" + pattern + "/" + replacement + "}";
  }
  return ReplacePattern(pattern, replacement, value == nullptr ? "" : *value, all);
}

// Letters, digits, underscores; or digits alone; or one special parameter. To buildah a number has
// one digit, and no parameter is special.
std::string Lexer::Name() {
  std::string name;
  if (IsBuildah() && IsDigit(Peek())) return Show(Next());
  if (IsDigit(Peek())) {
    while (IsDigit(Peek())) Append(name, Next());
    return name;
  }
  if (!IsBuildah() && IsSpecialParameter(Peek())) return Show(Next());
  while (Peek() != kEnd && (IsLetter(Peek()) || IsDigit(Peek()) || Peek() == U'_')) {
    Append(name, Next());
  }
  return name;
}

// Blanks between << and its word belong to the word.
std::string Lexer::PossibleHeredoc() {
  Next();
  if (Peek() != U'<') return "<";
  Next();
  std::string text = "<<";
  while (Peek() == U'\t' || Peek() == U'\r' || Peek() == U' ') Append(text, Next());
  return text;
}

const std::string* Lexer::Find(const std::string& name) {
  const std::string* value = variables_.Find(name);
  if (value == nullptr && unset_ != nullptr && std::ranges::find(*unset_, name) == unset_->end()) {
    unset_->push_back(name);
  }
  return value;
}

Processed Process(std::string_view word, const Environment& variables, const LexOptions& options,
                  std::vector<std::string>* unset) {
  try {
    return Lexer(word, variables, options, unset).Run();
  } catch (const Error& error) {
    if (options.dialect.family == Family::kBuildah) throw;
    throw Error("failed to process " + Quote(word) + ": " + error.message());
  }
}

}  // namespace

std::string ProcessWord(std::string_view word, const Environment& variables,
                        const LexOptions& options, std::vector<std::string>* unset) {
  return Process(word, variables, options, unset).text;
}

std::vector<std::string> ProcessWords(std::string_view word, const Environment& variables,
                                      const LexOptions& options) {
  return Process(word, variables, options, nullptr).words;
}

}  // namespace watertight::generator
