// Reads a script command by command, as shells do: what stands before a mistake is run.
//
//   Parser parser("mkdir a && cd a\n", Language::kDash);
//   while (const NodePointer command = parser.Next()) interpreter.Run(*command);
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/build/shell/language.h"
#include "generator/build/shell/syntax_tree.h"

namespace watertight::generator::shell {

// The text with the place where it is read; shared by the parsers of nested substitutions.
struct Cursor {
  std::string text = {};
  std::size_t at = 0;
  int line = 1;
  int depth = 0;  // of nesting
};

struct Token {
  enum class Kind { kWord, kOperator, kNumber, kNewline, kEnd };
  Kind kind = Kind::kEnd;
  std::string text = {};  // an operator, or the digits before one
  Word word = {};
  int line = 0;
};

class Parser {
 public:
  Parser(std::string text, Language language);

  // The commands up to the end of a line, null at the end of the text. Throws: ScriptError.
  NodePointer Next();

  // The whole text as the inside of double quotes: a here-document, PS4.
  static Word Quoted(std::string text, Language language);

 private:
  Parser(std::shared_ptr<Cursor> cursor, Language language)
      : cursor_(std::move(cursor)), language_(language) {}

  // Characters.
  char Look(std::size_t ahead = 0) const;
  bool AtEnd() const { return cursor_->at >= cursor_->text.size(); }
  char Take();
  bool Skip(std::string_view text);
  void SkipContinuations();
  [[noreturn]] void Unterminated(std::string_view what) const;

  // Words (words.cc). The inside of what kind of quotes is read decides what is special.
  enum class Quotes { kNone, kDouble, kHere };
  Word ReadWord();
  void ReadSingleQuotes(Word& word);
  void ReadDollarQuotes(Word& word);
  void ReadDoubleQuotes(Word& word);
  void ReadBackslash(Word& word, Quotes quotes);
  void ReadBackquotes(Word& word, bool quoted);
  bool ReadDollar(Word& word, bool quoted);
  void ReadCommandSubstitution(Word& word, bool quoted);
  void ReadArithmetic(Word& word, bool quoted);
  void ReadBraces(Word& word, bool quoted);
  void ReadOperation(Parameter& parameter, bool quoted);
  void ReadPatternOperation(Parameter& parameter, bool quoted);
  // Up to one of `ends` outside of quotes, which is not taken.
  Word ReadUntil(std::string_view ends, bool quoted);

  // Tokens (tokens.cc).
  const Token& Peek();
  Token TakeToken();
  Token ReadToken();
  void SkipBlanks();
  void ReadHereDocuments();
  void ReadHereDocument(HereDocument& document);

  // Grammar.
  NodePointer List(bool until_newline);
  NodePointer CompoundList();
  NodePointer AndOr();
  NodePointer Pipeline();
  NodePointer Command();
  NodePointer Simple();
  NodePointer If();
  NodePointer Loop(Node::Kind kind);
  NodePointer For();
  NodePointer Case();
  NodePointer Group(Node::Kind kind, std::string_view end);
  NodePointer FunctionBody(const std::string& name, int line);
  NodePointer TestCommand();
  NodePointer ArithmeticCommand();
  void Redirections(Node& node);
  bool TakeRedirection(Node& node);
  bool TakeAssignment(Node& node);
  bool TakeTestOperator(Node& node);
  bool IsReserved(std::string_view word);
  bool IsOperator(std::string_view text);
  bool TakeReserved(std::string_view word);
  bool TakeOperator(std::string_view text);
  void Expect(std::string_view word);
  void SkipNewlines();
  bool EndsList();
  [[noreturn]] void Unexpected(std::string_view expected = {});

  std::shared_ptr<Cursor> cursor_;
  Language language_;
  std::optional<Token> peeked_;
  std::vector<std::shared_ptr<HereDocument>> pending_;
};

bool IsNameStart(char c);
bool IsNameCharacter(char c);
bool IsName(std::string_view text);

}  // namespace watertight::generator::shell
