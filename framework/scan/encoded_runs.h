// Finds the parts of a text that encode another text: base64, hexadecimal, UTF-16.
//
// Rules have no spellings to search for, so what may be encoded is decoded and searched. A part is
// taken for an encoding only if what it gives is text, or begins another encoding: names, paths and
// digests are mostly not. Rejected: the encoded forms of all rules' literals, a thousand of them,
// which would find nothing of rules that go by names.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/encoded_streams.h"

namespace watertight {

struct EncodedRun {
  const char* encoding = "";  // "base64", "hex", "utf-16le", "percent"
  std::uint64_t offset = 0;   // of raw, in the text
  std::string_view raw;
  std::string decoded;
  // Of each decoded byte: where in raw it begins, and where it ends.
  std::vector<std::uint32_t> begins;
  std::vector<std::uint32_t> ends;
  // What it decodes to is a container, whose contents count; there are no begins and ends.
  bool compressed = false;
};

// A character of text in ASCII.
inline bool IsText(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t' || c == '\r'; }

class EncodedRuns {
 public:
  using Sink = std::function<void(const EncodedRun& run)>;

  // Longer ones are decoded in parts.
  static constexpr std::size_t kLongest = std::size_t{1} << 20;

  void Reset();
  // UTF-16 that stands wholly in that part of the text, of so many characters or more: the fewer,
  // the longer it takes.
  static void ScanWide(std::string_view text, std::uint64_t offset, std::size_t least,
                       const Sink& sink);
  // The same of escapes: percent, HTML, C, JSON, \u, quoted-printable.
  static void ScanEscapes(std::string_view text, std::uint64_t offset, const Sink& sink);
  // The next piece of the text, which begins at that offset, for the other encodings.
  void Take(std::string_view piece, std::uint64_t offset, const Sink& sink);
  void Finish(const Sink& sink);
  // What the first digits of a text encode: enough to tell a stream.
  static std::string HeadOf(std::string_view text, StreamEncoding encoding);
  // Only the run at the begin of the text, which a stream begins. The rest of it comes by GoOn.
  // Returns where the run ends, as far as it is known.
  std::uint64_t TakeStream(std::string_view text, std::uint64_t offset, StreamEncoding encoding,
                           const Sink& sink);
  std::uint64_t GoOn(std::string_view piece, const Sink& sink);
  // Of the places from, from + stride …: the first at which kLook bytes are all digits of base64 or
  // line ends. text.size() or more when there is none.
  static constexpr std::size_t kLook = 16;
  static std::size_t NextLook(std::string_view text, std::size_t from, std::size_t stride);
  // The run of these around a place; not before `least`, nor before the text.
  static std::size_t BeginOfRun(std::string_view text, std::size_t at, std::size_t least);
  static std::size_t EndOfRun(std::string_view text, std::size_t at);
  // A run reaches to the end of what was taken.
  bool IsOpen() const { return !open_.empty(); }
  std::uint64_t open_offset() const { return open_offset_; }

 private:
  void Scan(std::string_view text, std::uint64_t offset, bool ends, const Sink& sink);
  std::uint64_t ReadStream(std::string text, std::uint64_t offset, bool ends, const Sink& sink);

  std::string open_;
  std::uint64_t open_offset_ = 0;
  StreamEncoding open_encoding_ = StreamEncoding::kBase64;
};

}  // namespace watertight
