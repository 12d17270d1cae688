// Searches contents, and what they contain: compressed streams, members of archives, and so on, to
// a limit.
//
// A content is read once. What it gives passes through a ByteSearch; when its first bytes are those
// of a container, the container is opened on the same bytes, and each thing in it is a content of
// its own. What stands in a container as it is would be found twice: what is found
// inside counts.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/image/bytes.h"
#include "framework/scan/byte_search.h"
#include "framework/scan/value_set.h"
#include "watertight/known_values.h"

namespace watertight {

// How a content is reached.
struct ContentPath {
  std::vector<std::string> encoding;  // compressors, from the outside in
  std::vector<std::string> nested;    // members, outermost first
  std::size_t depth = 0;              // containers that were opened
};

struct ContentFinding {
  FoundValue value;  // its encoding is the whole chain
  std::vector<std::string> nested;
  std::size_t depth = 0;  // containers that were opened
};

// A part of a container in which its contents stand. The bytes of a value may show in it once more:
// always when a member stands there as it is, and now and then in a compressed stream, since
// compressors keep what they cannot shorten.
struct ContentSpan {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool plain = false;
  // What was found inside of a compressed one: the value and its length.
  std::vector<std::pair<int, std::uint64_t>> inside;
};
using ContentSpans = std::vector<ContentSpan>;

// What is found in the bytes of a container is told better by what was found inside. Requires:
// spans are sorted, and apart from one another.
bool IsToldInside(const FoundValue& found, const ContentSpans& spans);
// Whether what stands there is searched as a content of its own.
bool IsInside(std::uint64_t offset, const ContentSpans& spans);

class ContentSearch {
 public:
  struct Sink {
    std::function<void(ContentFinding finding)> found;
    // A part was not searched; text says which and why.
    std::function<void(const ContentPath& path, const std::string& text)> left_out;
  };

  // Of a content that follows something else, what it contains may begin a little later. Of a
  // loose object of git, the name tells that it is a zlib stream.
  enum class Place : std::uint8_t { kAlone, kBehindOthers, kGitObject };

  // For one thread. set must outlive it. encodings: around the contents.
  ContentSearch(const ValueSet& set, const SearchLimits& limits, std::size_t encodings = 0);
  ~ContentSearch();

  const ValueSet& set() const { return set_; }
  LiteralSet::Scratch* scratch() { return &scratch_; }

  // All of the content. Throws: Error, when the stream does; what was read until then has been
  // searched.
  void Search(ByteStream* content, std::uint64_t size, const ContentPath& path, const Sink& sink,
              Place place = Place::kAlone);
  // What the content contains, if it is a container; the content itself is searched by the caller.
  // Reads as much of it as it needs. spans: where its contents stand in it. Throws as Search does.
  // False when it is none.
  bool Open(Reader* content, std::uint64_t size, const ContentPath& path, const Sink& sink,
            ContentSpans* spans, Place place = Place::kAlone);

 private:
  static constexpr std::size_t kPiece = std::size_t{64} << 10;

  ByteSearch& SearchAt(std::size_t depth);

  const ValueSet& set_;
  SearchLimits limits_;
  std::size_t encodings_;
  LiteralSet::Scratch scratch_;
  std::uint64_t budget_ = 0;  // bytes that compressed streams may still expand to
  // By depth: contents that hold one another are searched at the same time.
  std::vector<std::unique_ptr<ByteSearch>> searches_;
};

}  // namespace watertight
