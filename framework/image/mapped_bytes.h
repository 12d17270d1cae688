// Bytes of a file that are looked at where the system keeps them: a copy of each costs as much as a
// search.
//
// When a file is cut while it is mapped, a look behind its end raises SIGBUS, which ends a process
// that does not handle it. So files are mapped only in a program that has said Allow: a library
// leaves the signals of its host alone.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace watertight {

class MappedBytes {
 public:
  // From now on. Installs a handler of SIGBUS, which gives to the one before it what is none of
  // ours. Call it before there are other threads.
  static void Allow();
  // [offset, offset + size) of a file. Null when files are not to be mapped, or this one cannot be:
  // then it is read. The descriptor must outlive it; name is for error messages.
  static std::unique_ptr<MappedBytes> Map(int descriptor, std::uint64_t offset, std::uint64_t size,
                                          std::string name);
  ~MappedBytes();
  MappedBytes(const MappedBytes&) = delete;
  MappedBytes& operator=(const MappedBytes&) = delete;

  // The next bytes, up to count; empty at the end. They follow those before them in memory, which
  // stay valid. Only the thread that mapped them may look at any.
  std::string_view Next(std::size_t count);
  // After the last look. Throws: Error, kIo, when some of the bytes that Next gave were not there.
  void Check() const;

 private:
  class Region;
  MappedBytes(int descriptor, std::uint64_t file_offset, std::unique_ptr<Region> region,
              std::string_view text, std::string name);

  void Fetch();

  int descriptor_;
  std::uint64_t file_offset_;  // of text_
  std::unique_ptr<Region> region_;
  std::string_view text_;
  std::string name_;
  std::size_t given_ = 0;    // bytes of text_
  std::size_t fetched_ = 0;  // bytes of the region
};

}  // namespace watertight
