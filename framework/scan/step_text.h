// History steps as messages show them.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "watertight/finding.h"
#include "watertight/history.h"

namespace watertight {

// One line: secrets redacted, the builder's decoration removed ("/bin/sh -c #(nop)", "# buildkit"),
// "RUN" put where it is understood, hashes cut, control characters escaped. findings: those of
// FindHistoryLeaks. A step without created_by gives its comment, in parentheses.
std::string StepText(const HistoryStep& step, const std::vector<Finding>& findings);

// At most `width` characters, the last one "…" when something was cut.
std::string Cut(const std::string& text, std::size_t width);
// The same, keeping what stands around `kept` (when the text holds it).
std::string CutAround(const std::string& text, std::string_view kept, std::size_t width);
// Characters (code points) of UTF-8 text.
std::size_t Width(std::string_view text);
// The text with spaces behind it, `width` characters wide.
std::string Padded(std::string text, std::size_t width);

}  // namespace watertight
