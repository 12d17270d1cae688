// The one exception type of Watertight. Its what() stands alone: it names the archive, the layer
// and the offset.
//
//   try {
//     auto image = watertight::Image::Open("app.tar");
//   } catch (const watertight::Error& error) {
//     // app.tar: layer 2 (blobs/sha256/9d1c…): gzip stream ends at byte 8123 of 20480
//     std::cerr << error.what();
//   }

#pragma once

#include <ostream>
#include <stdexcept>
#include <string>

namespace watertight {

enum class ErrorCode {
  kUsage,          // the reference or an option is malformed
  kNotFound,       // no file, directory, tag or path of that name
  kIo,             // the operating system could not read
  kNotAnImage,     // the bytes are no image archive or layout
  kSeveralImages,  // the archive holds several images and the reference names none of them
  kTruncated,      // an archive, layer or stream ends too early
  kCorrupt,        // a tar header or a compressed stream is damaged
  kBadJson,        // a JSON document does not parse, or a field has the wrong type
  kMissingBlob,    // a document refers to a blob that the archive does not hold
  kInconsistent,   // documents contradict each other, such as Layers and diff_ids of different
                   // length
  kLimitExceeded,  // an image is larger than OpenOptions::limits allows
  kUnsupported,    // a transport or format that this build cannot read
};

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

// The name of the enumerator without its k, for tests and logs: "MissingBlob".
const char* ToString(ErrorCode code);
void PrintTo(ErrorCode code, std::ostream* out);
void PrintTo(const Error& error, std::ostream* out);

}  // namespace watertight
