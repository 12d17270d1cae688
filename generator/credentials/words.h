// What secret scanners take for no secret: text that reads like words, runs, too little entropy.
// Values must be free of it, or a scanner's misses would measure its filters and not its rules.
#pragma once

#include <string_view>

namespace watertight::generator::credentials {

// True if some four letters in a row, in any case, look like English or like a technical word, or
// if a character comes three times in a row, or four follow each other ("1234", "abcd").
bool ReadsLikeText(std::string_view value);

// The same of the part that ends with the last character: whether adding it made things worse.
bool EndReadsLikeText(std::string_view value);

// What scanners drop wherever it stands in a value: for texts such as keys, which are too long to
// hold nothing that looks like a word.
bool HoldsDroppedText(std::string_view value);

// Shannon entropy of the characters, in bits for each.
double Entropy(std::string_view value);

}  // namespace watertight::generator::credentials
