// How the text behind an instruction's keyword falls into flags, words and NAME=value pairs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

// The words that begin with -- at the start of `text`, quotes removed, and the text behind them.
struct LeadingFlags {
  std::vector<std::string> flags;
  std::string rest;
};
LeadingFlags TakeFlags(std::string_view text, char escape);

// Words with their quotes and escapes as written.
std::vector<std::string> SplitWords(std::string_view text, char escape);

struct NameValue {
  std::string name;
  std::string value;
  bool old_syntax = false;  // NAME VALUE, without =
  bool operator==(const NameValue&) const = default;
};

// The pairs of ENV and LABEL. Throws: Error, which names `keyword`.
std::vector<NameValue> SplitNameValues(std::string_view text, std::string_view keyword,
                                       char escape);

}  // namespace watertight::generator
