// The shape of a token, and drawing tokens of it.
//
//   "ghp_[b62:30][=github-classic]"
//
// Outside of brackets stands what every token has. [ALPHABET:N] are N drawn characters,
// [ALPHABET:N-M] are N to M of them, [{chars}:N] are of those characters; [=CHECK] is computed over
// all that stands before (checksums.h). Drawn text reads like no words and has high entropy
// (words.h); it neither begins nor ends with a separator.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "generator/credentials/checksums.h"
#include "generator/credentials/drbg.h"

namespace watertight::generator::credentials {

struct Alphabet {
  std::string_view name;  // "b62"
  std::string_view characters;
  char stranger;  // not among them, but close: what a loose pattern lets through
};

// Null for an unknown name.
const Alphabet* FindAlphabet(std::string_view name);

struct ShapePart {
  std::string literal;     // of a literal
  std::string characters;  // of drawn ones
  char stranger = 0;
  std::size_t least = 0;
  std::size_t most = 0;
  const Check* check = nullptr;  // of a check

  bool is_drawn() const { return !characters.empty(); }
};

// Throws: Error.
std::vector<ShapePart> ParseShape(std::string_view shape);

// What a near miss has wrong; everything else, checks included, is right.
enum class Flaw { kNone, kCheck, kLength, kAlphabet };

// Requires: the shape has a check, a part of fixed length, or an alphabet with a stranger, as the
// flaw needs it (CanHave). Throws: Error.
std::string DrawToken(const std::vector<ShapePart>& shape, Drbg& random, Flaw flaw = Flaw::kNone);

bool CanHave(const std::vector<ShapePart>& shape, Flaw flaw);

// Drawn text by itself: `count` of `characters`, by the same rules.
std::string DrawText(std::string_view characters, std::size_t count, Drbg& random);

// The least entropy of `count` drawn characters.
double LeastEntropy(std::size_t count, std::size_t alphabet_size);

}  // namespace watertight::generator::credentials
