#include "generator/dockerfile/suggest.h"

#include <algorithm>

#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

constexpr size_t kTooFar = 3;

size_t Distance(std::u32string_view a, std::u32string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string Nearest(std::string_view word, std::span<const std::string> options) {
  std::string nearest;
  size_t least = kTooFar;
  const std::u32string runes = Decode(word);
  for (const std::string& option : options) {
    if (option == word) return "";  // the word is right: something else is wrong
    const size_t distance = Distance(runes, Decode(option));
    if (distance < least) {
      least = distance;
      nearest = option;
    }
  }
  return nearest;
}

std::string NearestIgnoringCase(std::string_view word, std::span<const std::string> options) {
  std::vector<std::string> lower;
  for (const std::string& option : options) lower.push_back(Lower(option));
  const std::string nearest = Nearest(Lower(word), lower);
  return word == Upper(word) && word != Lower(word) ? Upper(nearest) : nearest;
}

std::string DidYouMean(const std::string& option) {
  return option.empty() ? "" : " (did you mean " + option + "?)";
}

}  // namespace watertight::generator
