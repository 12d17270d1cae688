// A shell script as a tree: words with what is to be expanded in them, and commands of words.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace watertight::generator::shell {

struct Node;
struct Parameter;
// Shared, for functions outlive the text that defined them.
using NodePointer = std::shared_ptr<const Node>;

// A part of a word. What is quoted is neither split nor a pattern.
struct Part {
  enum class Kind { kText, kParameter, kCommand, kArithmetic };
  Kind kind = Kind::kText;
  bool quoted = false;
  std::string text = {};
  std::shared_ptr<const Parameter> parameter = {};
  NodePointer command = {};           // null for $()
  std::vector<Part> expression = {};  // of $((…))
};

struct Word {
  std::vector<Part> parts = {};
};

// $name, or ${name…}.
struct Parameter {
  enum class Operation {
    kNone,
    kLength,          // ${#x}
    kDefault,         // ${x-word}
    kAssign,          // ${x=word}
    kError,           // ${x?word}
    kAlternative,     // ${x+word}
    kShortestPrefix,  // ${x#word}
    kLongestPrefix,   // ${x##word}
    kShortestSuffix,  // ${x%word}
    kLongestSuffix,   // ${x%%word}
    kSubstring,       // ${x:word:second}
    kReplace,         // ${x/word/second}
    kReplaceAll,      // ${x//word/second}
    kUpper,
    kUpperFirst,  // ${x^^} ${x^}
    kLower,
    kLowerFirst,  // ${x,,} ${x,}
    kIndirect,    // ${!x}
    kBad,         // a mistake that counts only when it is expanded
  };
  std::string name = {};
  Operation operation = Operation::kNone;
  bool colon = false;  // an empty value counts as none
  Word word = {};
  Word second = {};
  bool has_second = false;
};

struct HereDocument {
  Word body = {};
  std::string delimiter = {};
  bool quoted = false;
  bool strip_tabs = false;
};

struct Redirection {
  enum class Kind {
    kRead,        // <
    kWrite,       // >
    kClobber,     // >|
    kAppend,      // >>
    kReadWrite,   // <>
    kDuplicate,   // <& and >&
    kHere,        // << and <<-
    kHereString,  // <<<
    kBoth,        // &> and >& FILE
    kBothAppend,  // &>>
  };
  Kind kind = Kind::kRead;
  int descriptor = 0;
  Word target = {};
  std::shared_ptr<HereDocument> here = {};
};

struct Assignment {
  std::string name = {};
  Word value = {};
  bool append = false;  // +=
};

struct CaseItem {
  std::vector<Word> patterns = {};
  NodePointer body = {};       // null for none
  bool falls_through = false;  // ;&
};

struct Node {
  enum class Kind {
    kSimple,
    kPipe,  // children
    kNot,   // child 0
    kAnd,   // children 0 and 1
    kOr,
    kSequence,
    kBackground,  // child 0
    kSubshell,    // child 0
    kGroup,       // child 0
    kIf,          // children: condition, then, perhaps else
    kWhile,       // children: condition, body
    kUntil,
    kFor,         // name in words; child 0. Without `in`: the positional parameters
    kCase,        // words[0], items
    kFunction,    // name, child 0
    kTest,        // words of [[ … ]]
    kArithmetic,  // words[0] of ((…))
  };
  Kind kind = Kind::kSimple;
  int line = 0;
  std::vector<NodePointer> children = {};
  std::vector<Redirection> redirections = {};
  std::vector<Assignment> assignments = {};
  std::vector<Word> words = {};
  std::string name = {};
  std::vector<CaseItem> items = {};
  bool has_in = false;
};

// The whole word as text when nothing in it is quoted or expanded, else null.
inline const std::string* LiteralText(const Word& word) {
  if (word.parts.size() != 1) return nullptr;
  const Part& part = word.parts[0];
  return part.kind == Part::Kind::kText && !part.quoted ? &part.text : nullptr;
}

}  // namespace watertight::generator::shell
