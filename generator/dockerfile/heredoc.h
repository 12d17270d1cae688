// Here-documents: `COPY <<EOF /file`, `RUN <<-"EOF" sh`. The marker stands among the words of the
// instruction, the body in the lines below it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/dockerfile/dialect.h"

namespace watertight::generator {

struct Heredoc {
  std::string name;
  std::string content;      // every line with its end of line, tabs included
  bool expand = true;       // variables count in the body: no part of the marker was quoted
  bool strip_tabs = false;  // <<-
  unsigned file_descriptor = 0;
};

// The marker that is this whole word, if it is one. Throws: Error for an unclosed quote.
std::optional<Heredoc> ParseHeredoc(std::string_view word, const Dialect& dialect);

// All markers of a logical line.
std::vector<Heredoc> HeredocsIn(std::string_view line, const Dialect& dialect);

std::string WithoutLeadingTabs(std::string_view content);

}  // namespace watertight::generator
