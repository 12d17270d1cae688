#include "bench/accuracy/score/corpus.h"

namespace watertight::bench {

std::string WithoutValues(std::string text, const LabelledImage& image) {
  // Shorter ones are words that stand in many texts.
  constexpr std::size_t kShortest = 4;
  for (const PlantedValue& planted : image.values) {
    if (planted.value.size() < kShortest) continue;
    const std::string shown = "[" + planted.sha256.substr(0, 8) + "]";
    for (std::size_t at = text.find(planted.value); at != std::string::npos;
         at = text.find(planted.value, at + shown.size())) {
      text.replace(at, planted.value.size(), shown);
    }
  }
  return text;
}

}  // namespace watertight::bench
