// Tokens, and the here-documents that follow a line.

#include <cctype>
#include <utility>

#include "generator/build/shell/parser.h"

namespace watertight::generator::shell {
namespace {

// The longest first.
constexpr std::string_view kOperators[] = {
    "&>>", "<<<", "<<-", ";;&", "&&", "||", ";;", ";&", "<<", ">>", "<&",
    ">&",  "<>",  ">|",  "&>",  "<",  ">",  ";",  "&",  "|",  "(",  ")",
};

bool KnowsOperator(std::string_view text, Language language) {
  if (text == ";&" || text == ";;&" || text == "<<<" || text == "&>>") {
    return language == Language::kBash;
  }
  if (text == "&>") return language != Language::kDash;
  return true;
}

// A word's text with its quotes removed, and whether it had any.
std::string Unquoted(const Word& word, bool& quoted) {
  std::string text;
  for (const Part& part : word.parts) {
    quoted = quoted || part.quoted;
    text += part.kind == Part::Kind::kParameter ? "$" + part.parameter->name : part.text;
  }
  return text;
}

}  // namespace

const Token& Parser::Peek() {
  if (!peeked_) peeked_ = ReadToken();
  return *peeked_;
}

Token Parser::TakeToken() {
  Peek();
  Token token = std::move(*peeked_);
  peeked_.reset();
  return token;
}

void Parser::SkipBlanks() {
  while (!AtEnd()) {
    SkipContinuations();
    if (Look() == '#') {
      while (!AtEnd() && Look() != '\n') Take();
      return;
    }
    if (Look() != ' ' && Look() != '\t') return;
    Take();
  }
}

Token Parser::ReadToken() {
  SkipBlanks();
  Token token;
  token.line = cursor_->line;
  if (AtEnd()) {
    ReadHereDocuments();
    return token;
  }
  if (Look() == '\n') {
    Take();
    token.kind = Token::Kind::kNewline;
    ReadHereDocuments();
    return token;
  }
  std::size_t digits = 0;
  while (std::isdigit(static_cast<unsigned char>(Look(digits))) != 0) ++digits;
  if (digits > 0 && digits < 5 && (Look(digits) == '<' || Look(digits) == '>')) {
    token.kind = Token::Kind::kNumber;
    token.text = cursor_->text.substr(cursor_->at, digits);
    cursor_->at += digits;
    return token;
  }
  for (const std::string_view text : kOperators) {
    if (!KnowsOperator(text, language_) || !Skip(text)) continue;
    token.kind = Token::Kind::kOperator;
    token.text = text;
    return token;
  }
  token.kind = Token::Kind::kWord;
  token.word = ReadWord();
  return token;
}

void Parser::ReadHereDocuments() {
  for (const auto& document : std::exchange(pending_, {})) ReadHereDocument(*document);
}

void Parser::ReadHereDocument(HereDocument& document) {
  std::string body;
  const int line = cursor_->line;
  while (!AtEnd()) {
    const std::size_t end = std::min(cursor_->text.find('\n', cursor_->at), cursor_->text.size());
    std::string text = cursor_->text.substr(cursor_->at, end - cursor_->at);
    const bool last = end == cursor_->text.size();
    cursor_->at = last ? end : end + 1;
    ++cursor_->line;
    if (document.strip_tabs) text.erase(0, std::min(text.find_first_not_of('\t'), text.size()));
    // A continued line cannot be the delimiter.
    const bool continues =
        !document.quoted && !body.empty() && body.ends_with("\\\n") && !body.ends_with("\\\\\n");
    if (!continues && text == document.delimiter) break;
    body += text + (last ? "" : "\n");
  }
  if (document.quoted) {
    document.body.parts.push_back({.quoted = true, .text = std::move(body)});
    return;
  }
  auto inside = std::make_shared<Cursor>(Cursor{std::move(body), 0, line, cursor_->depth});
  Parser parser(inside, language_);
  document.body = parser.ReadUntil({}, true);
}

bool Parser::TakeRedirection(Node& node) {
  using Kind = Redirection::Kind;
  struct Row {
    std::string_view text;
    Kind kind;
    int descriptor;
  };
  static constexpr Row kRows[] = {
      {"<", Kind::kRead, 0},         {">", Kind::kWrite, 1},      {">|", Kind::kClobber, 1},
      {">>", Kind::kAppend, 1},      {"<>", Kind::kReadWrite, 0}, {"<&", Kind::kDuplicate, 0},
      {">&", Kind::kDuplicate, 1},   {"<<", Kind::kHere, 0},      {"<<-", Kind::kHere, 0},
      {"<<<", Kind::kHereString, 0}, {"&>", Kind::kBoth, 1},      {"&>>", Kind::kBothAppend, 1},
  };
  int descriptor = -1;
  if (Peek().kind == Token::Kind::kNumber) descriptor = std::stoi(TakeToken().text);
  if (Peek().kind != Token::Kind::kOperator) return false;
  for (const Row& row : kRows) {
    if (Peek().text != row.text) continue;
    TakeToken();
    if (Peek().kind != Token::Kind::kWord) Unexpected();
    Redirection redirection{.kind = row.kind,
                            .descriptor = descriptor >= 0 ? descriptor : row.descriptor};
    redirection.target = std::move(peeked_->word);
    if (row.kind == Kind::kHere) {
      redirection.here = std::make_shared<HereDocument>();
      redirection.here->strip_tabs = row.text == "<<-";
      redirection.here->delimiter = Unquoted(redirection.target, redirection.here->quoted);
      pending_.push_back(redirection.here);
    }
    TakeToken();
    node.redirections.push_back(std::move(redirection));
    return true;
  }
  return false;
}

}  // namespace watertight::generator::shell
