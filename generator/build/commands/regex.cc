#include "generator/build/commands/regex.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "generator/build/commands/regex_syntax.h"
#include "generator/error.h"

namespace watertight::generator::commands {

namespace {

using Instruction = Regex::Instruction;
using Kind = Instruction::Kind;

constexpr std::size_t kMostInstructions = 1 << 18;
constexpr std::size_t kMostSteps = 20'000'000;  // of a search with back-references
constexpr std::size_t kNowhere = std::string_view::npos;

bool IsWord(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  const auto c = static_cast<unsigned char>(text[at]);
  return c < 128 && (std::isalnum(c) != 0 || c == '_');
}

bool Holds(char assertion, std::string_view text, std::size_t at, bool multiple_lines) {
  const bool before = at > 0 && IsWord(text, at - 1);
  const bool after = IsWord(text, at);
  switch (assertion) {
    case '^':
      return at == 0 || (multiple_lines && text[at - 1] == '\n');
    case '$':
      return at == text.size() || (multiple_lines && text[at] == '\n');
    case '`':
      return at == 0;
    case '\'':
      return at == text.size();
    case 'b':
      return before != after;
    case 'B':
      return before == after;
    case '<':
      return !before && after;
    default:  // '>'
      return before && !after;
  }
}

}  // namespace

// Lays the tree out as instructions.
class RegexCompiler {
 public:
  explicit RegexCompiler(Regex& regex) : regex_(regex) {}

  void Compile(const RegexTree& tree) {
    loop_slot_ = 2 * (tree.group_count + 1);
    Emit(tree.root);
    Add({.kind = Kind::kMatch});
    regex_.slot_count_ = loop_slot_;
  }

 private:
  std::uint32_t Here() const { return static_cast<std::uint32_t>(regex_.program_.size()); }
  std::uint32_t Add(Instruction instruction) {
    if (Here() >= kMostInstructions) throw RegexError{"Regular expression too big"};
    instruction.next = Here() + 1;
    regex_.program_.push_back(instruction);
    return Here() - 1;
  }
  void Save(std::size_t slot) {
    Add({.kind = Kind::kSave, .other = static_cast<std::uint32_t>(slot)});
  }

  void Emit(const RegexNode& node) {
    switch (node.kind) {
      case RegexNode::Kind::kBytes:
        Add({.kind = Kind::kBytes, .other = static_cast<std::uint32_t>(regex_.sets_.size())});
        regex_.sets_.push_back(node.set);
        return;
      case RegexNode::Kind::kAssert:
        Add({.kind = Kind::kAssert, .assertion = node.assertion});
        return;
      case RegexNode::Kind::kBackReference:
        Add({.kind = Kind::kBackReference, .other = static_cast<std::uint32_t>(node.number)});
        return;
      case RegexNode::Kind::kGroup:
        Save(2 * node.number);
        Emit(node.children[0]);
        Save(2 * node.number + 1);
        return;
      case RegexNode::Kind::kConcat:
        for (const RegexNode& child : node.children) Emit(child);
        return;
      case RegexNode::Kind::kAlternate:
        return EmitAlternate(node);
      case RegexNode::Kind::kRepeat:
        return EmitRepeat(node);
    }
  }

  void EmitAlternate(const RegexNode& node) {
    std::vector<std::uint32_t> jumps;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const bool last = i + 1 == node.children.size();
      const std::uint32_t split = last ? 0 : Add({.kind = Kind::kSplit});
      Emit(node.children[i]);
      if (last) break;
      jumps.push_back(Add({.kind = Kind::kJump}));
      regex_.program_[split].other = Here();
    }
    for (const std::uint32_t jump : jumps) regex_.program_[jump].next = Here();
  }

  void EmitRepeat(const RegexNode& node) {
    const RegexNode& child = node.children[0];
    const bool endless = node.most == RegexNode::kEndless;
    const int copies = endless ? std::max(node.least - 1, 0) : node.least;
    for (int i = 0; i < copies; ++i) Emit(child);
    if (endless) return EmitLoop(child, node.least == 0);
    std::vector<std::uint32_t> splits;
    for (int i = node.least; i < node.most; ++i) {
      splits.push_back(Add({.kind = Kind::kSplit}));
      Emit(child);
    }
    for (const std::uint32_t split : splits) regex_.program_[split].other = Here();
  }

  // Once or more, or not at all if `optional`.
  void EmitLoop(const RegexNode& child, bool optional) {
    const std::uint32_t skip = optional ? Add({.kind = Kind::kSplit}) : 0;
    const std::size_t slot = loop_slot_++;
    const std::uint32_t begin = Here();
    Save(slot);
    Emit(child);
    const std::uint32_t again = Add({.kind = Kind::kSplit});
    Add({.kind = Kind::kProgress, .other = static_cast<std::uint32_t>(slot)});
    const std::uint32_t jump = Add({.kind = Kind::kJump});
    regex_.program_[jump].next = begin;
    regex_.program_[again].other = Here();
    if (optional) regex_.program_[skip].other = Here();
  }

  Regex& regex_;
  std::size_t loop_slot_ = 0;
};

Regex::Regex(std::string_view pattern, const RegexOptions& options)
    : multiple_lines_(options.multiple_lines), ignore_case_(options.ignore_case) {
  const RegexTree tree = ParseRegex(pattern, options);
  group_count_ = tree.group_count;
  has_back_references_ = tree.has_back_references;
  RegexCompiler(*this).Compile(tree);
}

namespace {

struct Program {
  const std::vector<Instruction>& code;
  const std::vector<std::bitset<256>>& sets;
  bool multiple_lines;
  bool ignore_case;

  bool Takes(const Instruction& instruction, std::string_view text, std::size_t at) const {
    return at < text.size() && sets[instruction.other][static_cast<unsigned char>(text[at])];
  }
};

struct Span {
  std::size_t begin = kNowhere;
  std::size_t end = kNowhere;
};

// All states at once, in one pass over the text: finds where the leftmost longest match is.
class Simulation {
 public:
  Simulation(const Program& program, std::string_view text)
      : program_(program), text_(text), marks_(program.code.size(), kNowhere) {}

  std::optional<Span> Run(std::size_t from) {
    for (std::size_t at = from; at <= text_.size(); ++at) {
      if (best_.begin == kNowhere) Follow(0, at, at);
      if (next_.empty() && best_.begin != kNowhere) break;
      std::swap(now_, next_);
      next_.clear();
      for (const Thread& thread : now_) {
        if (thread.begin > best_.begin) break;  // npos is the largest
        const Instruction& instruction = program_.code[thread.pc];
        if (program_.Takes(instruction, text_, at)) Follow(instruction.next, thread.begin, at + 1);
      }
      if (at == text_.size()) break;
    }
    if (best_.begin == kNowhere) return std::nullopt;
    return best_;
  }

 private:
  struct Thread {
    std::uint32_t pc;
    std::size_t begin;
  };

  // Enters the states that can be reached without taking a byte. Those of earlier beginnings come
  // first, and keep the state.
  void Follow(std::uint32_t start, std::size_t begin, std::size_t at) {
    std::vector<std::uint32_t>& stack = stack_;
    stack.push_back(start);
    while (!stack.empty()) {
      const std::uint32_t pc = stack.back();
      stack.pop_back();
      if (marks_[pc] == at) continue;
      marks_[pc] = at;
      const Instruction& instruction = program_.code[pc];
      switch (instruction.kind) {
        case Kind::kBytes:
          next_.push_back({pc, begin});
          break;
        case Kind::kMatch:
          if (best_.begin == kNowhere || begin <= best_.begin) best_ = {begin, at};
          break;
        case Kind::kSplit:
          stack.push_back(instruction.other);
          stack.push_back(instruction.next);
          break;
        case Kind::kAssert:
          if (!Holds(instruction.assertion, text_, at, program_.multiple_lines)) break;
          stack.push_back(instruction.next);
          break;
        default:
          stack.push_back(instruction.next);
      }
    }
  }

  const Program& program_;
  std::string_view text_;
  std::vector<std::size_t> marks_;  // by instruction: the position that entered it last
  std::vector<Thread> now_;
  std::vector<Thread> next_;
  std::vector<std::uint32_t> stack_;
  Span best_;
};

// One way after the other, from one beginning: finds the groups, and follows back-references.
class Backtracking {
 public:
  Backtracking(const Program& program, std::string_view text, std::size_t slots)
      : program_(program), text_(text), slots_(slots, kNowhere) {}

  // Slots of the first way that ends at `end`.
  std::vector<std::size_t> To(std::size_t begin, std::size_t end) {
    wanted_ = end;
    visited_.assign(program_.code.size() * (end - begin + 1), false);
    first_ = begin;
    Explore(begin);
    return best_;
  }

  // Slots of the longest way, empty if there is none.
  std::vector<std::size_t> Longest(std::size_t begin) {
    Explore(begin);
    return best_;
  }

 private:
  struct Choice {
    std::uint32_t pc;
    std::size_t at;
    std::size_t slot;  // kNowhere, or a slot to be restored to `at`
  };

  void Explore(std::size_t begin) {
    choices_.push_back({0, begin, kNowhere});
    while (!choices_.empty()) {
      const Choice choice = choices_.back();
      choices_.pop_back();
      if (choice.slot != kNowhere) {
        slots_[choice.slot] = choice.at;
      } else if (Follow(choice.pc, choice.at)) {
        return;
      }
    }
  }

  // Returns whether the search is over.
  bool Follow(std::uint32_t pc, std::size_t at) {
    while (true) {
      if (Visit(pc, at)) return false;
      const Instruction& instruction = program_.code[pc];
      pc = instruction.next;
      switch (instruction.kind) {
        case Kind::kBytes:
          if (!program_.Takes(instruction, text_, at)) return false;
          ++at;
          break;
        case Kind::kJump:
          break;
        case Kind::kSplit:
          choices_.push_back({instruction.other, at, kNowhere});
          break;
        case Kind::kSave:
          choices_.push_back({0, slots_[instruction.other], instruction.other});
          slots_[instruction.other] = at;
          break;
        case Kind::kAssert:
          if (!Holds(instruction.assertion, text_, at, program_.multiple_lines)) return false;
          break;
        case Kind::kBackReference:
          if (!Repeats(instruction.other, at)) return false;
          break;
        case Kind::kProgress:
          if (slots_[instruction.other] == at) return false;
          break;
        case Kind::kMatch:
          return Arrive(at);
      }
    }
  }

  // Whether it was here before, on a search whose way does not matter.
  bool Visit(std::uint32_t pc, std::size_t at) {
    if (visited_.empty()) {
      if (++steps_ > kMostSteps) throw Error("a regular expression takes too many steps");
      return false;
    }
    if (at > wanted_) return true;
    const std::size_t index = pc * (wanted_ - first_ + 1) + (at - first_);
    if (visited_[index]) return true;
    visited_[index] = true;
    return false;
  }

  bool Repeats(std::size_t group, std::size_t& at) const {
    const std::size_t begin = slots_[2 * group];
    const std::size_t end = slots_[2 * group + 1];
    if (begin == kNowhere || end == kNowhere || end < begin) return false;
    const std::size_t length = end - begin;
    if (text_.size() - at < length) return false;
    for (std::size_t i = 0; i < length; ++i) {
      const auto a = static_cast<unsigned char>(text_[begin + i]);
      const auto b = static_cast<unsigned char>(text_[at + i]);
      if (a != b && !(program_.ignore_case && std::tolower(a) == std::tolower(b))) return false;
    }
    at += length;
    return true;
  }

  bool Arrive(std::size_t at) {
    if (wanted_ != kNowhere && at != wanted_) return false;
    if (best_.empty() || at > best_[1]) {
      best_ = slots_;
      best_[1] = at;
    }
    return wanted_ != kNowhere;
  }

  const Program& program_;
  std::string_view text_;
  std::vector<std::size_t> slots_;
  std::vector<std::size_t> best_;
  std::vector<Choice> choices_;
  std::vector<bool> visited_;
  std::size_t wanted_ = kNowhere;
  std::size_t first_ = 0;
  std::size_t steps_ = 0;
};

RegexMatch MatchOf(const std::vector<std::size_t>& slots, std::size_t groups, Span whole) {
  RegexMatch match;
  match.groups.push_back({whole.begin, whole.end});
  for (std::size_t group = 1; group <= groups; ++group) {
    match.groups.push_back({slots[2 * group], slots[2 * group + 1]});
    RegexMatch::Group& found = match.groups.back();
    if (found.end == kNowhere) found.begin = kNowhere;
  }
  return match;
}

}  // namespace

std::optional<RegexMatch> Regex::Search(std::string_view text, std::size_t from) const {
  const Program program{program_, sets_, multiple_lines_, ignore_case_};
  if (has_back_references_) {
    for (std::size_t begin = from; begin <= text.size(); ++begin) {
      const auto slots = Backtracking(program, text, slot_count_).Longest(begin);
      if (!slots.empty()) return MatchOf(slots, group_count_, {begin, slots[1]});
    }
    return std::nullopt;
  }
  const std::optional<Span> span = Simulation(program, text).Run(from);
  if (!span) return std::nullopt;
  std::vector<std::size_t> slots;
  if (group_count_ > 0) {
    slots = Backtracking(program, text, slot_count_).To(span->begin, span->end);
  }
  return MatchOf(slots, group_count_, *span);
}

}  // namespace watertight::generator::commands
