// Compressed streams and archives that a text encodes: in base64, in base64 once more, in
// hexadecimal digits. Helm keeps its releases so, cloud-init its files, and databases their blobs
// in dumps.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/image/bytes.h"
#include "watertight/image.h"

namespace watertight {

// kLong: a run of digits so long that it is no word, of base64 or hexadecimal.
enum class StreamEncoding : std::uint8_t { kBase64, kBase64Twice, kHex, kLong };

// What the encoded text begins with.
struct StreamBegin {
  std::string_view text;
  StreamEncoding encoding;
  // So short that words hold it too: a stream begins there only when no digit stands before it.
  bool weak;
};

// Each costs every search a little: those that programs write. The third digit of zlib's depends on
// the data.
constexpr StreamBegin kStreamBegins[] = {
    {"H4sI", StreamEncoding::kBase64, false},    // gzip
    {"KLUv/", StreamEncoding::kBase64, false},   // zstd
    {"/Td6WF", StreamEncoding::kBase64, false},  // xz
    {"Qlpo", StreamEncoding::kBase64, false},    // bzip2
    {"UEsDB", StreamEncoding::kBase64, false},   // zip
    {"eJw", StreamEncoding::kBase64, true},      // zlib at its usual level
    {"eJx", StreamEncoding::kBase64, true},
    {"eJy", StreamEncoding::kBase64, true},
    {"eJz", StreamEncoding::kBase64, true},
    {"eNo", StreamEncoding::kBase64, true},  // zlib at its best
    {"eNp", StreamEncoding::kBase64, true},
    {"eNq", StreamEncoding::kBase64, true},
    {"eNr", StreamEncoding::kBase64, true},
    {"SDRzS", StreamEncoding::kBase64Twice, true},  // gzip
    {"1f8b08", StreamEncoding::kHex, true},         // gzip
    {"1F8B08", StreamEncoding::kHex, true},
};

// Whether an encoded stream begins with the text. Not those that are encoded twice.
bool BeginsEncodedStream(std::string_view text, StreamEncoding encoding);

// "gzip", "zlib", …; null for what is no stream. By more than the magic bytes, of which two or
// three occur by chance: the header's other fields must fit, or else the begin of the data.
const char* NameOfStream(std::string_view bytes);

// Whether the bytes are of such a stream, or of an archive.
bool BeginsContainer(std::string_view bytes);

}  // namespace watertight
