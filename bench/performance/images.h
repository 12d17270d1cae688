// Images for the benchmarks, of any size, made from nothing: the same shape gives the same bytes.
//
//   WriteImage("app.tar", {{{.entries = 20'000, .content_bytes = 1 << 30}}});

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::bench {

enum class Form {
  kUstar,  // names of up to 255 bytes, whole seconds
  kPax,    // a PAX header with mtime for each entry, as BuildKit writes for fractions of a second
  kTimes,  // a PAX header with atime, ctime, mtime for each entry, as jib writes
};

struct LayerShape {
  std::size_t entries = 1000;  // files and symlinks, in folders that are entries too
  std::uint64_t content_bytes = 0;
  Form form = Form::kUstar;
  bool holes = false;     // the content is left out of the file: zeros that take no space on disk
  std::size_t first = 0;  // number of the first file: layers of different numbers share no path
};

using Sink = std::function<void(std::string_view)>;
// Skips so many bytes, which read as zeros.
using SkipSink = std::function<void(std::uint64_t)>;

// The tar of a layer. skip takes the content of a shape with holes, and may be null without.
void WriteLayer(const LayerShape& shape, const Sink& sink, const SkipSink& skip = nullptr);
std::string LayerBytes(const LayerShape& shape);
std::uint64_t LayerSize(const LayerShape& shape);

// A layer of an image: made from a shape, or read from a file (plain or compressed).
struct LayerSource {
  LayerShape shape;
  std::string file = {};
};

// An archive as Docker 24 and older write it. Throws: std::runtime_error.
void WriteImage(const std::string& path, const std::vector<LayerSource>& layers);

// An image in a temporary file that goes with it.
class ImageFile {
 public:
  // Throws: std::runtime_error.
  explicit ImageFile(const std::vector<LayerShape>& layers);
  ImageFile(const ImageFile&) = delete;
  ImageFile& operator=(const ImageFile&) = delete;
  ~ImageFile();

  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::string path_;
  std::uint64_t bytes_ = 0;
};

}  // namespace watertight::bench
