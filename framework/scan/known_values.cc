#include "watertight/known_values.h"

#include <utility>

#include "framework/scan/image_search.h"

namespace watertight {

ValueSearch FindKnownValues(const Image& image, const std::vector<Secret>& values,
                            const SearchLimits& limits) {
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (const Secret& value : values) texts.push_back(value.value());
  return SearchImage(image, ValueSet(std::move(texts)), limits);
}

}  // namespace watertight
