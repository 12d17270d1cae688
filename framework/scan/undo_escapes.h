// Takes one level of escapes out of a text: of what is escaped twice or in two ways, the outer one.
//
// Spellings know values that are escaped once, and the usual two at once; every other chain is
// undone around the places where a part of a value stands as it is, and searched again.

#pragma once

#include <cstdint>
#include <string_view>

#include "framework/scan/encoded_runs.h"

namespace watertight {

enum class Escaping : std::uint8_t { kPercent, kBackslash, kHtml, kQuotedPrintable };

constexpr Escaping kEscapings[] = {Escaping::kPercent, Escaping::kBackslash, Escaping::kHtml,
                                   Escaping::kQuotedPrintable};

// All of the text, with what is no escape as it is. False when it holds no escape of that kind.
bool UndoEscapes(std::string_view text, std::uint64_t offset, Escaping escaping, EncodedRun* run);

}  // namespace watertight
