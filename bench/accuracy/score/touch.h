// Whether a finding and a label are of the same thing: they agree on the place and on the content.

#pragma once

#include <cstdint>
#include <optional>

#include "bench/accuracy/score/corpus.h"
#include "bench/accuracy/score/scanner_run.h"

namespace watertight::bench {

// What the agreement on content rests on, strongest first.
enum class Evidence : std::uint8_t { kValue, kHash, kSpan, kLine, kPlace };
const char* ToString(Evidence evidence);

enum class LayerRule : std::uint8_t { kMustAgree, kIgnored };

// Whether the rule that fired is one for the label's kind or its class.
bool FamilyFits(const Finding& finding, const Label& label);

// Whether a finding is in the label's file, or in its field or document, in whatever layer; one
// that tells no place may be anywhere.
bool PlacesAgree(const Finding& finding, const Label& label);

// Overlap is enough; equality is not asked for. nullopt: they do not touch.
//  - A value that a scanner shows must be the label's, or one must contain the other, with at least
//    8 bytes; else only its span decides.
//  - A hash that differs may be of a part of the value: then line and family decide.
//  - Of an encoded label value and hash differ when the scanner reads the encoded text: then span
//    or line decide alone.
//  - A masked value is never compared.
//  - Lines are of a file; of a configuration scanners make a text of their own. An offset counts in
//    the same field too.
//  - Without any of these, the place and the family decide; the place alone for a scanner that
//    reads names and no contents.
//  - Truths name one path of a hard-linked file: in the channel "links" the value decides alone;
//    so it does for a finding that names members of what is a plain file in the label, or a folder
//    that holds the label's file.
std::optional<Evidence> Touches(const Finding& finding, const Label& label, LayerRule layers);

// Agreement on the content alone, wherever it is: kValue, kHash or nullopt.
std::optional<Evidence> SharesValue(const Finding& finding, const Label& label);

}  // namespace watertight::bench
