// What holds other contents: streams of a compressor, archives, git's objects. Recognised by their
// first bytes, never by a name.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "framework/image/bytes.h"
#include "watertight/image.h"

namespace watertight {

// What a container gives to whoever opens it.
class ContainerVisitor {
 public:
  virtual ~ContainerVisitor() = default;
  // The uncompressed bytes of a stream: "gzip", "zlib". begin: where it stands, a position of the
  // container's reader.
  virtual void Stream(const char* encoding, ByteStream* content, std::uint64_t begin) = 0;
  // The uncompressed bytes of a member.
  virtual void Member(const std::string& name, ByteStream* content, std::uint64_t begin) = 0;
  // The next size bytes of the reader are a member as they are.
  virtual void PlainMember(const std::string& name, Reader* reader, std::uint64_t size) = 0;
  // A member that cannot be searched, and why: "is encrypted".
  virtual void LeftOut(const std::string& name, const std::string& why) = 0;
};

struct Container {
  const char* name;  // for a person: "zip archive"
  // By the first kContainerHead bytes, or as many as there are.
  bool (*fits)(std::string_view head);
  // Reads as much as it needs. size: of the container. Throws: Error.
  void (*open)(Reader* reader, std::uint64_t size, const Limits& limits, ContainerVisitor* visitor);
  // So short are its first bytes that other files may begin with them: what does not open is none.
  bool uncertain;
};

constexpr std::size_t kContainerHead = 512;

// Null for what is no container.
const Container* FindContainer(std::string_view head);
// Whether it is that of zlib streams.
bool IsZlib(const Container* container);
// A zip or a compressed stream in the first MiB of other bytes, if there is one.
extern const Container kWithArchive;

// The containers of files of their own.
void OpenZip(Reader* reader, std::uint64_t size, const Limits& limits, ContainerVisitor* visitor);
// The last record of a zip, which has so many bytes or more; offset: where it stands, and so how
// much can stand before it. One without members is none.
constexpr std::size_t kZipEnd = 22;
bool IsEndOfZip(std::string_view bytes, std::uint64_t offset);
// An entry of a zip's directory, by more than its mark.
bool BeginsZipDirectory(std::string_view bytes);
bool FitsProgram(std::string_view head);
void OpenProgram(Reader* reader, std::uint64_t size, const Limits& limits,
                 ContainerVisitor* visitor);
void OpenRpm(Reader* reader, std::uint64_t size, const Limits& limits, ContainerVisitor* visitor);
void OpenGitPack(Reader* reader, std::uint64_t size, const Limits& limits,
                 ContainerVisitor* visitor);

}  // namespace watertight
