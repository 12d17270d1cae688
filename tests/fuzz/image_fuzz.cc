// A whole archive: its documents, layers, rootfs and claims.

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "watertight/image.h"

namespace {

void ReadAll(const std::string& path) {
  using namespace watertight;
  OpenOptions options;
  options.platform = "linux/amd64";
  options.threads = 1;
  options.limits.entries = 10'000;
  options.limits.expanded_bytes = std::uint64_t{4} << 20;
  options.limits.archive_members = 1000;
  try {
    const Image image = Image::Open(path, options);
    static_cast<void>(image.notes());
    static_cast<void>(image.Validate());
    static_cast<void>(image.stored());
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("image", MFD_CLOEXEC);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) return 0;
  ReadAll("/proc/self/fd/" + std::to_string(file));
  close(file);
  return 0;
}
