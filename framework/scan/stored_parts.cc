#include "framework/scan/stored_parts.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "framework/image/decompress.h"

namespace watertight {
namespace {

std::string BytesAt(const ByteSource& bytes, std::uint64_t offset, std::size_t count) {
  std::string text(count, '\0');
  text.resize(bytes.ReadAt(offset, text.data(), count));
  return text;
}

std::uint64_t LittleEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

// Where a text that a zero ends has ended.
std::uint64_t EndOfText(const ByteSource& bytes, std::uint64_t at) {
  constexpr std::size_t kPiece = std::size_t{64} << 10;
  while (at < bytes.size()) {
    const std::string piece = BytesAt(bytes, at, kPiece);
    if (piece.empty()) break;
    const std::size_t zero = piece.find('\0');
    if (zero != std::string::npos) return at + zero + 1;
    at += piece.size();
  }
  return bytes.size();
}

constexpr unsigned kGzipExtra = 4;
constexpr unsigned kGzipTexts[] = {8, 16};  // name, comment
constexpr std::uint64_t kGzipFixed = 10;

// RFC 1952, 2.3: ten bytes, of which the fourth has the flags; then what the flags announce.
void AddGzipFields(const ByteSource& bytes, std::uint64_t at, std::vector<StoredPart>* parts) {
  const std::string head = BytesAt(bytes, at, kGzipFixed + 2);
  if (head.size() < kGzipFixed + 2) return;
  const auto flags = static_cast<unsigned char>(head[3]);
  const std::uint64_t begin = at + kGzipFixed;
  std::uint64_t end = begin;
  if ((flags & kGzipExtra) != 0) {
    end += 2 + LittleEndian(std::string_view(head).substr(kGzipFixed));
  }
  for (const unsigned text : kGzipTexts) {
    if ((flags & text) != 0) end = EndOfText(bytes, end);
  }
  end = std::min(end, bytes.size());
  if (end > begin) parts->push_back({begin, end - begin});
}

// What begins like the header of a member, with fields. Deflate data holds such bytes too, by
// chance; what stands there is searched in vain.
void AddLaterMembers(const ByteSource& bytes, std::uint64_t end, std::vector<StoredPart>* parts) {
  constexpr std::string_view kBegin = "\x1f\x8b\x08";
  constexpr std::size_t kPiece = std::size_t{64} << 10;
  constexpr unsigned kFields = 4 | 8 | 16;
  constexpr unsigned kReserved = 0xe0;
  for (std::uint64_t at = 1; at < end;) {
    const std::string piece = BytesAt(bytes, at, kPiece);
    if (piece.size() < kGzipFixed) return;
    for (std::size_t found = piece.find(kBegin); found != std::string::npos;
         found = piece.find(kBegin, found + 1)) {
      if (found + kBegin.size() >= piece.size()) break;
      const auto flags = static_cast<unsigned char>(piece[found + kBegin.size()]);
      if ((flags & kFields) == 0 || (flags & kReserved) != 0) continue;
      AddGzipFields(bytes, at + found, parts);
    }
    at += piece.size() < kPiece ? piece.size() : kPiece - kBegin.size();
  }
}

// The size that the last member states is that of all when there is but one. Others may stand
// before it that are empty: these are looked for in the first bytes only.
std::vector<StoredPart> PartsOfGzip(const ByteSource& bytes, std::uint64_t uncompressed) {
  constexpr std::uint64_t kFirst = std::uint64_t{64} << 10;
  std::vector<StoredPart> parts;
  AddGzipFields(bytes, 0, &parts);
  const std::uint64_t size = bytes.size();
  const std::string last = BytesAt(bytes, size - std::min<std::uint64_t>(size, 4), 4);
  const bool alone = LittleEndian(last) == (uncompressed & 0xffffffff);
  AddLaterMembers(bytes, alone ? std::min(size, kFirst) : size, &parts);
  return parts;
}

// RFC 8878, 3.1.1: the header of a frame, blocks, a checksum. The end of the bytes when it is
// damaged.
std::uint64_t EndOfFrame(const ByteSource& bytes, std::uint64_t at) {
  constexpr std::uint64_t kIdentifier[] = {0, 1, 2, 4};
  constexpr std::uint64_t kContentSize[] = {0, 2, 4, 8};
  const std::string head = BytesAt(bytes, at, 5);
  if (head.size() < 5) return bytes.size();
  const auto flags = static_cast<unsigned char>(head[4]);
  const bool single_segment = (flags & 0x20) != 0;
  at += 5 + kIdentifier[flags & 3] + kContentSize[flags >> 6];
  if (!single_segment || flags >> 6 == 0) ++at;  // the window, or a content size of one byte
  while (true) {
    const std::string block = BytesAt(bytes, at, 3);
    if (block.size() < 3) return bytes.size();
    const std::uint64_t header = LittleEndian(block);
    const bool repeated = (header >> 1 & 3) == 1;  // one byte stands for all
    at += 3 + (repeated ? 1 : header >> 3);
    if ((header & 1) != 0) break;
  }
  return at + ((flags & 4) != 0 ? 4 : 0);
}

// RFC 8878, 3.1.2: a magic, the size, bytes of any meaning.
std::vector<StoredPart> PartsOfZstd(const ByteSource& bytes) {
  constexpr std::uint64_t kSkippable = 0x184d2a50;
  constexpr std::uint64_t kFrame = 0xfd2fb528;
  std::vector<StoredPart> parts;
  for (std::uint64_t at = 0; at < bytes.size();) {
    const std::string head = BytesAt(bytes, at, 8);
    if (head.size() < 8) break;
    const std::uint64_t magic = LittleEndian(std::string_view(head).substr(0, 4));
    if (magic == kFrame) {
      at = EndOfFrame(bytes, at);
    } else if ((magic & ~std::uint64_t{15}) == kSkippable) {
      const std::uint64_t size = std::min(LittleEndian(std::string_view(head).substr(4)),
                                          bytes.size() - std::min(bytes.size(), at + 8));
      if (size > 0) parts.push_back({at + 8, size});
      at += 8 + size;
    } else {
      break;
    }
  }
  return parts;
}

}  // namespace

std::vector<StoredPart> StoredParts(const ByteSource& bytes, std::uint64_t uncompressed) {
  switch (DetectCompression(bytes)) {
    case Compression::kGzip:
      return PartsOfGzip(bytes, uncompressed);
    case Compression::kZstd:
      return PartsOfZstd(bytes);
    default:
      return {};
  }
}

}  // namespace watertight
