// Values drawn by chance, told from words, identifiers and what people type: also short ones, for
// which a count of their bytes proves nothing.

#pragma once

#include <string_view>

namespace watertight {

// Bits that the value costs more as words, numbers and marks than as letters and digits that are
// drawn by chance: far above 0 for a drawn value, far below 0 for text of any language that is
// written in Latin letters.
double BitsAgainstWords(std::string_view value);

// Drawn by chance, of eight characters or more. Less is asked of a value whose letters and digits
// take turns, more of one that is all letters.
bool LooksDrawn(std::string_view value);

// "Winter-Sunset-42": what a person thinks up for a secret, of letters of both cases and digits. So
// are names of products; the place must say more.
bool LooksChosen(std::string_view value);

}  // namespace watertight
