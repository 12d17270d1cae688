#include "framework/scan/encoded_streams.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "framework/image/decompress.h"
#include "framework/image/inflate.h"
#include "framework/scan/byte_class.h"
#include "framework/scan/containers.h"
#include "watertight/error.h"

namespace watertight {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): clang-tidy 14

unsigned Byte(char c) { return static_cast<unsigned char>(c); }

// RFC 1950 with a window of 32 KiB; the second byte tells the level: the usual, and the best.
constexpr std::string_view kZlib[] = {"\x78\x9c"sv, "\x78\xda"sv};

// What streams begin with.
constexpr ByteClass kFirsts = ByteClass::Where([](char c) {
  return std::any_of(std::begin(kStreamBegins), std::end(kStreamBegins),
                     [c](const StreamBegin& begin) { return begin.text.front() == c; });
});

class ZlibStream : public ByteStream {
 public:
  explicit ZlibStream(std::string bytes)
      : reader_(SeekingReader(MemoryBytes(std::move(bytes)))),
        stream_(InflateStream(reader_.get(), InflateFormat::kZlib)) {}

  std::size_t Read(char* buffer, std::size_t count) override {
    return stream_->Read(buffer, count);
  }

 private:
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<ByteStream> stream_;
};

bool BeginsZlib(std::string_view bytes) {
  return std::any_of(std::begin(kZlib), std::end(kZlib),
                     [bytes](std::string_view zlib) { return bytes.starts_with(zlib); });
}

std::unique_ptr<ByteStream> OpenStream(std::string bytes) {
  if (BeginsZlib(bytes)) return std::make_unique<ZlibStream>(std::move(bytes));
  return Decompress(MemoryBytes(std::move(bytes)), Limits());
}

// Whether data can begin so. Other bytes are no deflate data for long.
bool Inflates(std::string_view bytes) {
  constexpr std::size_t kEnough = 512;
  try {
    const auto stream = OpenStream(std::string(bytes.substr(0, kEnough)));
    char buffer[kEnough];
    return stream->Read(buffer, sizeof buffer) > 0;
  } catch (const Error&) {
    return false;
  }
}

// RFC 1952: a header as nearly all programs write it: no fields but the name, no odd system.
bool IsPlainGzipHeader(std::string_view bytes) {
  constexpr unsigned kName = 8;
  constexpr unsigned kUnknownSystem = 255;
  if (bytes.size() < 18 || bytes[2] != 8) return false;
  const unsigned system = Byte(bytes[9]);
  const bool level = bytes[8] == 0 || bytes[8] == 2 || bytes[8] == 4;
  return (Byte(bytes[3]) & ~kName) == 0 && level && (system < 14 || system == kUnknownSystem);
}

}  // namespace

bool BeginsEncodedStream(std::string_view text, StreamEncoding encoding) {
  if (text.empty() || !kFirsts.Has(text.front())) return false;
  return std::any_of(std::begin(kStreamBegins), std::end(kStreamBegins),
                     [&, first = text.front()](const StreamBegin& begin) {
                       return begin.text.front() == first && begin.encoding == encoding &&
                              text.starts_with(begin.text);
                     });
}

const char* NameOfStream(std::string_view bytes) {
  if (BeginsZlib(bytes)) return bytes.size() > 8 && Inflates(bytes) ? "zlib" : nullptr;
  const Compression compression = DetectCompression(bytes);
  if (compression == Compression::kNone || bytes.size() < 10) return nullptr;
  if (compression == Compression::kGzip && !IsPlainGzipHeader(bytes) && !Inflates(bytes)) {
    return nullptr;
  }
  return ToString(compression);
}

bool BeginsContainer(std::string_view bytes) {
  if (NameOfStream(bytes) != nullptr) return true;
  const Container* const container = FindContainer(bytes.substr(0, kContainerHead));
  return container != nullptr && !container->uncertain &&
         DetectCompression(bytes) == Compression::kNone;
}

}  // namespace watertight
