#include "generator/dockerfile/heredoc.h"

#include <algorithm>

#include "generator/dockerfile/shell_lex.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

struct Marker {
  unsigned file_descriptor = 0;
  bool strip_tabs = false;
  std::string_view word;
};

// FD<<WORD or FD<<-WORD, from the first byte to the last.
std::optional<Marker> MatchMarker(std::string_view text, bool blank_allowed) {
  Marker marker;
  size_t at = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    const unsigned digit = static_cast<unsigned>(text[at] - '0');
    marker.file_descriptor = marker.file_descriptor * 10 + digit;
  }
  text.remove_prefix(at);
  if (!text.starts_with("<<")) return std::nullopt;
  text.remove_prefix(2);
  marker.strip_tabs = text.starts_with('-');
  if (marker.strip_tabs) text.remove_prefix(1);
  if (blank_allowed) text.remove_prefix(std::min(text.find_first_not_of("\t\n\f\r "), text.size()));
  if (text.empty() || text.find('<') != std::string_view::npos) return std::nullopt;
  marker.word = text;
  return marker;
}

long CountQuotes(std::string_view word) {
  return std::ranges::count(word, '\'') + std::ranges::count(word, '"');
}

}  // namespace

std::optional<Heredoc> ParseHeredoc(std::string_view word, const Dialect& dialect) {
  const auto marker = MatchMarker(word, Has(dialect, Feature::kHeredocBlank));
  if (!marker) return std::nullopt;
  LexOptions options{.dialect = dialect, .skip_unset = true};
  const auto plain = ProcessWords(marker->word, {}, options);
  if (plain.size() != 1) return std::nullopt;
  options.raw_quotes = true;
  const auto raw = ProcessWords(marker->word, {}, options);
  if (raw.size() != plain.size()) {
    throw Error("internal lexing of heredoc produced inconsistent results: " +
                std::string(marker->word));
  }
  Heredoc heredoc;
  heredoc.name = plain[0];
  heredoc.expand = CountQuotes(plain[0]) == CountQuotes(raw[0]);
  heredoc.strip_tabs = marker->strip_tabs;
  heredoc.file_descriptor = marker->file_descriptor;
  return heredoc;
}

std::vector<Heredoc> HeredocsIn(std::string_view line, const Dialect& dialect) {
  const LexOptions options{
      .dialect = dialect, .raw_quotes = true, .raw_escapes = true, .skip_unset = true};
  std::vector<std::string> words;
  try {
    words = ProcessWords(line, {}, options);
  } catch (const Error&) {
    return {};  // the shell that runs the line will complain about it
  }
  std::vector<Heredoc> heredocs;
  for (const std::string& word : words) {
    if (auto heredoc = ParseHeredoc(word, dialect)) heredocs.push_back(std::move(*heredoc));
  }
  return heredocs;
}

std::string WithoutLeadingTabs(std::string_view content) {
  std::string stripped;
  while (!content.empty()) {
    content.remove_prefix(std::min(content.find_first_not_of('\t'), content.size()));
    const size_t end = content.find('\n');
    const size_t size = end == std::string_view::npos ? content.size() : end + 1;
    stripped += content.substr(0, size);
    content.remove_prefix(size);
  }
  return stripped;
}

}  // namespace watertight::generator
