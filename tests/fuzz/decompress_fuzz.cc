// Any compressed stream, read to its end or its error.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "framework/image/decompress.h"
#include "watertight/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace watertight;
  Limits limits;
  limits.expanded_bytes = std::uint64_t{4} << 20;
  try {
    const SharedBytes bytes = MemoryBytes(std::string(reinterpret_cast<const char*>(data), size));
    const std::unique_ptr<ByteStream> stream = Decompress(bytes, limits, [](std::string_view) {});
    std::array<char, 4096> buffer;
    while (stream->Read(buffer.data(), buffer.size()) > 0) {
    }
  } catch (const Error&) {
  }
  return 0;
}
