// A layer as stored, plain or compressed: indexed, its contents and records read.

#include <cstddef>
#include <cstdint>
#include <string>

#include "framework/image/layer_reader.h"
#include "watertight/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace watertight;
  Limits limits;
  limits.entries = 10'000;
  limits.expanded_bytes = std::uint64_t{16} << 20;
  try {
    const LayerIndex index =
        IndexLayer(MemoryBytes(std::string(reinterpret_cast<const char*>(data), size)), limits,
                   "layer", nullptr);
    constexpr std::size_t kMostRead = 20;
    for (std::size_t i = 0; i < index.entries.size() && i < kMostRead; ++i) {
      const Entry& entry = index.entries[i];
      static_cast<void>(entry.xattrs());
      static_cast<void>(entry.stored_name());
      entry.ReadTo([](std::string_view) {});
    }
  } catch (const Error&) {
  }
  return 0;
}
