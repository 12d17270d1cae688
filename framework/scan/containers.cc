#include "framework/scan/containers.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "framework/image/decompress.h"
#include "framework/image/inflate.h"
#include "framework/image/streams.h"
#include "framework/image/tar_fields.h"
#include "framework/image/tar_walk.h"

namespace watertight {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): clang-tidy 14

unsigned Byte(char c) { return static_cast<unsigned char>(c); }

bool FitsCompressed(std::string_view head) {
  const Compression compression = DetectCompression(head);
  if (compression == Compression::kNone) return false;
  // RFC 1952: deflate is the only method, and three bits of the flags are reserved.
  if (compression == Compression::kGzip)
    return head.size() >= 18 && head[2] == 8 && Byte(head[3]) < 32;
  return head.size() >= 10;
}

void OpenCompressed(Reader* reader, std::uint64_t size, const Limits& limits,
                    ContainerVisitor* visitor) {
  const std::uint64_t begin = reader->position();
  const Compression compression = DetectCompression(reader->Peek(kContainerHead));
  const std::unique_ptr<ByteStream> stream = Decompress(OrderedBytes(reader, size), limits);
  visitor->Stream(ToString(compression), stream.get(), begin);
}

// Two bytes are little: RFC 1950 wants deflate with a window of 32 KiB, as everybody writes it, and
// a checksum.
bool FitsZlib(std::string_view head) {
  return head.size() > 8 && head[0] == '\x78' && (Byte(head[0]) * 256 + Byte(head[1])) % 31 == 0 &&
         (head[1] & 0x20) == 0;
}

void OpenZlib(Reader* reader, std::uint64_t /*size*/, const Limits& /*limits*/,
              ContainerVisitor* visitor) {
  const std::uint64_t begin = reader->position();
  const std::unique_ptr<ByteStream> stream = InflateStream(reader, InflateFormat::kZlib);
  visitor->Stream("zlib", stream.get(), begin);
}

void OpenLzma(Reader* reader, std::uint64_t size, const Limits& limits, ContainerVisitor* visitor) {
  const std::uint64_t begin = reader->position();
  const std::unique_ptr<ByteStream> stream = LzmaStream(OrderedBytes(reader, size), limits);
  visitor->Stream("lzma", stream.get(), begin);
}

// The checksum field must look like one before it is computed: every file comes by here.
bool FitsTar(std::string_view head) {
  if (head.size() < kTarBlock) return false;
  const std::string_view field = head.substr(148, 8);
  const bool octal = std::all_of(field.begin(), field.end(), [](char c) {
    return (c >= '0' && c <= '7') || c == ' ' || c == '\0';
  });
  return octal && !IsZeroBlock(head.substr(0, kTarBlock)) &&
         ChecksumFits(head.substr(0, kTarBlock));
}

// Tars may stand one behind the other: `cat a.tar b.tar`, and what `tar -A` makes of old ones.
void OpenTar(Reader* reader, std::uint64_t size, const Limits& limits, ContainerVisitor* visitor) {
  const std::uint64_t begin = reader->position();
  std::uint64_t count = 0;
  while (true) {
    TarWalk walk(reader, limits);
    TarEntry entry;
    while (walk.Next(&entry)) {
      if (++count > limits.entries) throw Error(ErrorCode::kLimitExceeded, "has too many members");
      if (entry.stored_size > 0) visitor->PlainMember(entry.name, reader, entry.stored_size);
    }
    if (!walk.SkipZeros()) return;
    const std::uint64_t passed = reader->position() - begin;
    const std::string_view head = reader->Peek(kContainerHead);
    if (FitsTar(head)) continue;
    const Container* const other = FindContainer(head);
    const bool opens = other != nullptr && !other->uncertain && passed < size;
    return opens ? other->open(reader, size - passed, limits, visitor) : void();
  }
}

// "!<arch>\n", then members with a header of 60 bytes: name, times and so on, size at 48, "`\n"
// (deb(5), ar(5)).
bool FitsAr(std::string_view head) { return head.starts_with("!<arch>\n"); }

void OpenAr(Reader* reader, std::uint64_t /*size*/, const Limits& limits,
            ContainerVisitor* visitor) {
  constexpr std::size_t kHeader = 60;
  reader->Skip(8);
  for (std::uint64_t count = 0;; ++count) {
    const std::string_view header = reader->Peek(kHeader);
    if (header.size() < kHeader) return;
    if (count >= limits.entries) throw Error(ErrorCode::kLimitExceeded, "has too many members");
    const std::string_view digits = header.substr(48, header.find(' ', 48) - 48);
    const auto size = ParseDecimal(digits.substr(0, 10));
    if (!size || header.substr(58) != "`\n") {
      throw Error(ErrorCode::kCorrupt,
                  "has a damaged header at byte " + std::to_string(reader->position()));
    }
    std::string name(header.substr(0, 16));
    name.erase(name.find_last_not_of(" /") + 1);
    reader->Skip(kHeader);
    const std::uint64_t end = reader->position() + *size + *size % 2;
    visitor->PlainMember(name, reader, *size);
    if (reader->position() < end) reader->Skip(end - reader->position());
    if (reader->position() + *size % 2 < end) {
      throw Error(ErrorCode::kTruncated, "ends inside a member");
    }
  }
}

bool FitsZip(std::string_view head) { return head.starts_with("PK\x03\x04"); }
// One byte of the mark is damaged. What has no directory is none.
bool FitsDamagedZip(std::string_view head) {
  constexpr std::string_view kMark = "PK\x03\x04";
  if (head.size() < 30) return false;
  return std::inner_product(kMark.begin(), kMark.end(), head.begin(), 0, std::plus<>(),
                            std::equal_to<>()) == 3;
}
bool FitsRpm(std::string_view head) { return head.starts_with("\xed\xab\xee\xdb"); }
bool FitsGitPack(std::string_view head) {
  return head.starts_with("PACK\0\0\0\x02"sv) || head.starts_with("PACK\0\0\0\x03"sv);
}

// git-bundle(5): lines of text up to an empty one, and a pack.
bool FitsGitBundle(std::string_view head) {
  return head.starts_with("# v2 git bundle\n") || head.starts_with("# v3 git bundle\n");
}

void OpenGitBundle(Reader* reader, std::uint64_t size, const Limits& limits,
                   ContainerVisitor* visitor) {
  constexpr std::size_t kLongestLine = 4096;
  const std::uint64_t begin = reader->position();
  for (std::size_t end = 1; end > 0; reader->Skip(end + 1)) {
    end = reader->Peek(kLongestLine).find('\n');
    if (end == std::string_view::npos) throw Error(ErrorCode::kCorrupt, "has a damaged header");
  }
  if (!FitsGitPack(reader->Peek(kContainerHead))) throw Error(ErrorCode::kCorrupt, "has no pack");
  OpenGitPack(reader, size - std::min(size, reader->position() - begin), limits, visitor);
}

// What nobody opens here is said to be there, since its bytes tell little as they are stored.
template <const std::string_view& kBegin>
bool BeginsWith(std::string_view head) {
  return head.starts_with(kBegin);
}

void NotOpened(Reader* /*reader*/, std::uint64_t /*size*/, const Limits& /*limits*/,
               ContainerVisitor* /*visitor*/) {
  throw Error(ErrorCode::kUnsupported, "is of a kind that is not opened here");
}

constexpr std::string_view kSevenZip = "7z\xbc\xaf\x27\x1c"sv;
constexpr std::string_view kRar = "Rar!\x1a\x07"sv;
constexpr std::string_view kLz4 = "\x04\x22\x4d\x18"sv;
constexpr std::string_view kLz4Legacy = "\x02\x21\x4c\x18"sv;
constexpr std::string_view kLzip = "LZIP\x01"sv;
constexpr std::string_view kLzop = "\x89LZO\0\r\n\x1a\n"sv;
constexpr std::string_view kCabinet = "MSCF\0\0\0\0"sv;
constexpr std::string_view kSnappy = "\xff\x06\0\0sNaPpY"sv;

// Little-endian: the mark at 0, and version 4.0 at 28.
bool FitsSquashfs(std::string_view head) {
  return head.starts_with("hsqs") && head.size() >= 32 && head.substr(28, 4) == "\4\0\0\0"sv;
}

bool FitsScript(std::string_view head) { return head.starts_with("#!"); }

// Of a zip whose first header is damaged, the directory tells what was in it.
bool FitsBehind(std::string_view head) {
  return FitsZip(head) || FitsCompressed(head) || BeginsZipDirectory(head);
}

// The next byte that one may begin with. A skippable frame of zstd is seen by its usual mark.
std::size_t NextBehind(std::string_view bytes, std::size_t from) {
  static constexpr auto kBegins = [] {
    std::array<bool, 256> begins = {};
    for (const char first : "P\x1f\x28\xfd\x42"sv) begins[static_cast<unsigned char>(first)] = true;
    return begins;
  }();
  while (from < bytes.size() && !kBegins[Byte(bytes[from])]) ++from;
  return from;
}

// What carries an archive behind other bytes. What carries none has no parts.
void OpenBehind(Reader* reader, std::uint64_t size, const Limits& limits,
                ContainerVisitor* visitor) {
  constexpr std::uint64_t kMostBefore = std::uint64_t{1} << 20;
  constexpr std::size_t kPiece = std::size_t{64} << 10;
  constexpr std::size_t kHead = 48;  // as much as the checks of the first bytes look at
  const std::uint64_t begin = reader->position();
  while (reader->position() - begin < kMostBefore) {
    const std::string_view piece = reader->Peek(kPiece);
    const std::size_t last = piece.size() < kPiece ? piece.size() : kPiece - kHead;
    std::size_t at = 0;
    while (at < last && !FitsBehind(piece.substr(at))) {
      at = std::min(last, NextBehind(piece, at + 1));
    }
    reader->Skip(at);
    if (at < last) {
      const std::uint64_t left = size - std::min(size, reader->position() - begin);
      const bool zip = reader->Peek(kHead).starts_with("PK");
      return (zip ? OpenZip : OpenCompressed)(reader, left, limits, visitor);
    }
    if (last < kPiece - kHead) return;
  }
}

// Scripts: a zipapp, a jar that starts itself, an installer.
constexpr Container kContainers[] = {{"compressed stream", FitsCompressed, OpenCompressed, false},
                                     {"zip archive", FitsZip, OpenZip, false},
                                     {"zip archive", FitsDamagedZip, OpenZip, false},
                                     {"ar archive", FitsAr, OpenAr, false},
                                     {"git pack", FitsGitPack, OpenGitPack, false},
                                     {"git bundle", FitsGitBundle, OpenGitBundle, false},
                                     {"7-Zip archive", BeginsWith<kSevenZip>, NotOpened, false},
                                     {"RAR archive", BeginsWith<kRar>, NotOpened, false},
                                     {"LZ4 stream", BeginsWith<kLz4>, NotOpened, false},
                                     {"LZ4 stream", BeginsWith<kLz4Legacy>, NotOpened, false},
                                     {"lzip stream", BeginsWith<kLzip>, NotOpened, false},
                                     {"lzop stream", BeginsWith<kLzop>, NotOpened, false},
                                     {"Snappy stream", BeginsWith<kSnappy>, NotOpened, false},
                                     {"cabinet", BeginsWith<kCabinet>, NotOpened, false},
                                     {"SquashFS image", FitsSquashfs, NotOpened, false},
                                     {"script with an archive", FitsScript, OpenBehind, false},
                                     {"program with an archive", FitsProgram, OpenProgram, false},
                                     {"RPM package", FitsRpm, OpenRpm, false},
                                     {"tar archive", FitsTar, OpenTar, false},
                                     {"zlib stream", FitsZlib, OpenZlib, true},
                                     {"LZMA stream", BeginsLzma, OpenLzma, false}};

}  // namespace

constexpr Container kWithArchive = {"file with an archive", [](std::string_view) { return true; },
                                    OpenBehind, false};

bool IsZlib(const Container* container) {
  return container != nullptr && container->open == OpenZlib;
}

const Container* FindContainer(std::string_view head) {
  const auto found = std::find_if(std::begin(kContainers), std::end(kContainers),
                                  [head](const Container& row) { return row.fits(head); });
  return found == std::end(kContainers) ? nullptr : found;
}

}  // namespace watertight
