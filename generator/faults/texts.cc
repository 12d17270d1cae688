#include "generator/faults/texts.h"

namespace watertight::generator {

std::string WithMember(const std::string& text, const std::string& member) {
  std::string changed = text;
  return changed.insert(changed.find('{') + 1, member + ",");
}

std::string CutShort(const FaultInput& /*input*/, const std::string& text) {
  return text.substr(0, text.find_last_of("}]"));
}

std::string NestedDeep(const FaultInput& input, const std::string& text) {
  const std::size_t depth = input.Number("depth");
  return WithMember(text, "\"x\":" + std::string(depth, '[') + std::string(depth, ']'));
}

std::string WithHugeNumber(const FaultInput& /*input*/, const std::string& text) {
  return WithMember(text, "\"x\":1e999");
}

std::string NotUtf8(const FaultInput& /*input*/, const std::string& text) {
  return WithMember(text, "\"x\":\"caf\xe9\"");
}

}  // namespace watertight::generator
