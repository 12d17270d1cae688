#include "generator/build/shell/braces.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "generator/error.h"

namespace watertight::generator::shell {
namespace {

constexpr std::size_t kMostWords = 100'000;
constexpr std::int64_t kLargest = 1'000'000'000'000;

// Parts cut into pieces of one unquoted byte each, so that a place is an index.
std::vector<Part> Pieces(const Word& word) {
  std::vector<Part> pieces;
  for (const Part& part : word.parts) {
    if (part.kind != Part::Kind::kText || part.quoted) {
      pieces.push_back(part);
      continue;
    }
    for (const char c : part.text) pieces.push_back({.text = std::string(1, c)});
  }
  return pieces;
}

Word Joined(const std::vector<Part>& pieces) {
  Word word;
  for (const Part& piece : pieces) {
    const bool plain = piece.kind == Part::Kind::kText && !piece.quoted;
    if (plain && !word.parts.empty()) {
      Part& last = word.parts.back();
      if (last.kind == Part::Kind::kText && !last.quoted) {
        last.text += piece.text;
        continue;
      }
    }
    word.parts.push_back(piece);
  }
  return word;
}

bool Is(const Part& piece, char c) {
  return piece.kind == Part::Kind::kText && !piece.quoted && piece.text[0] == c;
}

// The braces that open at `open`: where they close, and the commas on their level.
struct Braces {
  std::size_t close = 0;
  std::vector<std::size_t> commas;
};

std::optional<Braces> FindBraces(const std::vector<Part>& pieces, std::size_t open) {
  Braces braces;
  int depth = 0;
  for (std::size_t at = open; at < pieces.size(); ++at) {
    if (Is(pieces[at], '{')) ++depth;
    if (Is(pieces[at], ',') && depth == 1) braces.commas.push_back(at);
    if (!Is(pieces[at], '}') || --depth > 0) continue;
    braces.close = at;
    return braces;
  }
  return {};
}

std::optional<std::int64_t> NumberOf(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

std::vector<std::string> Range(std::int64_t from, std::int64_t to, std::int64_t step, bool letters,
                               std::size_t width) {
  std::vector<std::string> texts;
  step = step < 0 ? -step : step;
  if (step == 0) step = 1;
  for (std::int64_t value = from; from <= to ? value <= to : value >= to;
       value += from <= to ? step : -step) {
    std::string text = letters ? std::string(1, static_cast<char>(value)) : std::to_string(value);
    if (!letters && text.size() < width) text.insert(value < 0 ? 1 : 0, width - text.size(), '0');
    texts.push_back(std::move(text));
    if (texts.size() > kMostWords) throw Error("RUN does not end: a brace expansion is too long");
  }
  return texts;
}

// x..y and x..y..step; nothing for other texts.
std::vector<std::string> Sequence(const std::string& text) {
  const std::size_t first = text.find("..");
  if (first == text.npos) return {};
  const std::size_t second = text.find("..", first + 2);
  const std::string from = text.substr(0, first);
  const std::string to = text.substr(first + 2, second == text.npos ? second : second - first - 2);
  std::int64_t step = 1;
  if (second != text.npos) {
    const auto given = NumberOf(text.substr(second + 2));
    if (!given) return {};
    step = *given;
  }
  const auto low = NumberOf(from);
  const auto high = NumberOf(to);
  for (const auto& number : {low, high, std::optional(step)}) {
    if (number && (*number > kLargest || *number < -kLargest)) return {};
  }
  if (low && high) {
    const bool padded = (from.size() > 1 && from[from[0] == '-' ? 1 : 0] == '0') ||
                        (to.size() > 1 && to[to[0] == '-' ? 1 : 0] == '0');
    return Range(*low, *high, step, false, padded ? std::max(from.size(), to.size()) : 0);
  }
  const auto letter = [](const std::string& word) {
    return word.size() == 1 && std::isalpha(static_cast<unsigned char>(word[0])) != 0;
  };
  if (letter(from) && letter(to)) return Range(from[0], to[0], step, true, 0);
  return {};
}

using PieceList = std::vector<Part>;

class Expander {
 public:
  std::vector<PieceList> Expand(const PieceList& pieces) {
    for (std::size_t open = 0; open < pieces.size(); ++open) {
      if (!Is(pieces[open], '{')) continue;
      const auto braces = FindBraces(pieces, open);
      if (!braces) continue;
      const std::vector<PieceList> middles = Middles(pieces, open, *braces);
      if (middles.empty()) continue;
      return Combined(pieces, open, braces->close, middles);
    }
    return {pieces};
  }

 private:
  // What the braces stand for; none when they are plain text.
  std::vector<PieceList> Middles(const PieceList& pieces, std::size_t open, const Braces& braces) {
    std::vector<PieceList> middles;
    if (braces.commas.empty()) {
      std::string text;
      for (std::size_t at = open + 1; at < braces.close; ++at) {
        if (pieces[at].kind != Part::Kind::kText || pieces[at].quoted) return {};
        text += pieces[at].text;
      }
      for (const std::string& value : Sequence(text)) middles.push_back({Part{.text = value}});
      return middles;
    }
    std::size_t begin = open + 1;
    std::vector<std::size_t> ends = braces.commas;
    ends.push_back(braces.close);
    for (const std::size_t end : ends) {
      const PieceList one(pieces.begin() + static_cast<std::ptrdiff_t>(begin),
                          pieces.begin() + static_cast<std::ptrdiff_t>(end));
      for (PieceList& expanded : Expand(one)) middles.push_back(std::move(expanded));
      begin = end + 1;
    }
    return middles;
  }

  std::vector<PieceList> Combined(const PieceList& pieces, std::size_t open, std::size_t close,
                                  const std::vector<PieceList>& middles) {
    const PieceList front(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(open));
    const PieceList back(pieces.begin() + static_cast<std::ptrdiff_t>(close) + 1, pieces.end());
    const std::vector<PieceList> backs = Expand(back);
    std::vector<PieceList> all;
    for (const PieceList& middle : middles) {
      for (const PieceList& tail : backs) {
        PieceList whole = front;
        whole.insert(whole.end(), middle.begin(), middle.end());
        whole.insert(whole.end(), tail.begin(), tail.end());
        all.push_back(std::move(whole));
        if (all.size() > kMostWords) throw Error("RUN does not end: a brace expansion is too long");
      }
    }
    return all;
  }
};

}  // namespace

std::vector<Word> ExpandBraces(const Word& word) {
  std::vector<Word> words;
  for (const PieceList& pieces : Expander().Expand(Pieces(word))) words.push_back(Joined(pieces));
  return words;
}

}  // namespace watertight::generator::shell
