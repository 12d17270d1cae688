// As much of DER (X.690) as tells a key from other bytes.

#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace watertight {

struct DerValue {
  unsigned char tag = 0;
  std::string_view content;
};

// The value at the begin of bytes, which it takes off them.
std::optional<DerValue> ReadDer(std::string_view* bytes);
// The values that stand one behind the other; nothing if not all of the bytes are such.
std::optional<std::vector<DerValue>> ReadDerSequence(std::string_view bytes);

}  // namespace watertight
