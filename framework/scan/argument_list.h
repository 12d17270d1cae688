// The list of build arguments with which a recorded RUN begins: "|2 OTHER=x SECRET=a b /bin/sh -c
// …". No quotes tell where a value ends; recorded_step.h has the builders' spellings.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/recorded_step.h"

namespace watertight {

// A part of the text, with its place.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Boundary {
  std::size_t begin = 0;  // of NAME
  std::size_t equals = 0;
};

struct ArgumentList {
  Span span;
  std::vector<Boundary> boundaries;
  bool certain = false;  // the count that the builder wrote agrees
};

struct WrittenCount {
  std::size_t count = 0;
  std::size_t behind = 0;  // where the list begins
};

// Places where a NAME= stands at the start of a word.
std::vector<Boundary> Boundaries(std::string_view text, Span span);
std::string NameAt(std::string_view text, const Boundary& boundary);

// A value may end at this place: at the end of the text, or before a space.
bool EndsWord(std::string_view text, std::size_t at, std::size_t end);
// The end of the longest certain value of the name that the text continues with.
std::optional<std::size_t> KnownEnd(std::string_view text, std::size_t from, std::size_t end,
                                    const std::string& name, const KnownBindings& known);

// N of "|N ", where the body begins with it and N is not 0.
std::optional<WrittenCount> ArgumentCount(std::string_view text, Span body);
// One reading for each place where the command may begin.
std::vector<ArgumentList> Readings(std::string_view text, Span rest, std::size_t count,
                                   const KnownBindings& known);
std::string_view ListText(std::string_view text, const ArgumentList& list);
// The best reading of the list that the body begins with.
std::optional<ArgumentList> Arguments(std::string_view text, Span body, const KnownBindings& known);

}  // namespace watertight
