#include "framework/scan/rules/der.h"

namespace watertight {

std::optional<DerValue> ReadDer(std::string_view* bytes) {
  if (bytes->size() < 2) return std::nullopt;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>((*bytes)[at]); };
  DerValue value;
  value.tag = byte(0);
  std::size_t size = byte(1);
  std::size_t begin = 2;
  if (size >= 0x80) {
    const std::size_t digits = size & 0x7f;
    if (digits == 0 || digits > 4 || bytes->size() < 2 + digits) return std::nullopt;
    size = 0;
    for (; begin < 2 + digits; ++begin) size = size << 8 | byte(begin);
  }
  if (bytes->size() - begin < size) return std::nullopt;
  value.content = bytes->substr(begin, size);
  bytes->remove_prefix(begin + size);
  return value;
}

std::optional<std::vector<DerValue>> ReadDerSequence(std::string_view bytes) {
  std::vector<DerValue> values;
  while (!bytes.empty()) {
    const auto value = ReadDer(&bytes);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

}  // namespace watertight
