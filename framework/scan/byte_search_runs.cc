// What a text encodes: runs, and the compressed streams in them, which are searched in turn.

#include <algorithm>
#include <utility>

#include "framework/image/bytes.h"
#include "framework/scan/byte_search.h"
#include "watertight/error.h"

namespace watertight {
namespace {

// Bytes that all lines of the run but the last encode; 0 for a run of one line.
std::size_t SizeWithoutLastLine(const EncodedRun& run) {
  const std::size_t line_end = run.raw.rfind('\n');
  if (line_end == std::string_view::npos) return 0;
  const std::string_view lines = run.raw.substr(0, line_end);
  const auto digits =
      lines.size() - static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](char c) {
        return std::string_view("\r\n\t ").find(c) != std::string_view::npos;
      }));
  const std::size_t bits = run.encoding == std::string_view("hex") ? 4 : 6;
  return std::min(run.decoded.size(), digits * bits / 8);
}

}  // namespace

void ByteSearch::SearchRuns(std::size_t old) {
  constexpr std::size_t kWideOverlap = 2048;
  const auto sink = [this](const EncodedRun& run) { SearchRun(run); };
  const std::string_view text(window_.data(), size_);
  const std::size_t from = old - std::min(old, kWideOverlap);
  EncodedRuns::ScanWide(text.substr(from), begin_ + from, sink);
  EncodedRuns::ScanEscapes(text.substr(from), begin_ + from, sink);
  runs_.Take(text.substr(old), begin_ + old, sink);
  if (ends_) runs_.Finish(sink);
}

// A run that goes on from the line before, or is the end of a word, begins no stream.
bool ByteSearch::MayBegin(const Stream& stream) const {
  if (!stream.begin->weak || stream.at == begin_) return true;
  const char before = window_[static_cast<std::size_t>(stream.at - begin_) - 1];
  const auto is_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (!is_digit(before)) return true;
  // The line end of a text in JSON.
  return before == 'n' && stream.at - begin_ >= 2 &&
         window_[static_cast<std::size_t>(stream.at - begin_) - 2] == '\\';
}

// By its first bytes: a longer look costs more.
bool ByteSearch::IsStream(std::string_view text, StreamEncoding encoding) {
  const std::string head = EncodedRuns::HeadOf(text.substr(0, kStreamHead), encoding);
  if (encoding != StreamEncoding::kBase64Twice) return NameOfStream(head) != nullptr;
  return NameOfStream(EncodedRuns::HeadOf(head, StreamEncoding::kBase64)) != nullptr;
}

// Of known values, whose other encodings are spelled. A stream reaches to the end of its run, so
// that each byte is decoded once.
void ByteSearch::SearchStreams(std::size_t old) {
  constexpr std::size_t kMostStreams = 4096;
  const auto sink = [this](const EncodedRun& run) {
    run.compressed ? SearchCompressed(run) : SearchTwice(run);
  };
  const std::string_view text(window_.data(), size_);
  if (runs_.IsOpen()) stream_end_ = runs_.GoOn(text.substr(old), sink);
  std::vector<Stream> streams = std::exchange(streams_, {});
  std::sort(streams.begin(), streams.end(),
            [](const Stream& a, const Stream& b) { return a.at < b.at; });
  std::size_t count = 0;
  for (const Stream& stream : streams) {
    if (runs_.IsOpen() || stream.at < stream_end_ || stream.at < begin_) continue;
    if (++count > kMostStreams) {
      unread_.push_back(stream.at);
      break;
    }
    const std::string_view rest = text.substr(static_cast<std::size_t>(stream.at - begin_));
    if (!ends_ && rest.size() < kStreamHead) {
      streams_.push_back(stream);  // more of it comes
      continue;
    }
    if (!IsStream(rest, stream.begin->encoding)) continue;
    stream_end_ = runs_.TakeStream(rest, stream.at, stream.begin->encoding, sink);
  }
  if (ends_ && runs_.IsOpen()) runs_.GoOn("", sink);
}

ByteSearch& ByteSearch::Inner() {
  constexpr std::size_t kInnerPiece = std::size_t{16} << 10;
  if (inner_ == nullptr) {
    inner_ = std::make_unique<ByteSearch>(set_, scratch_, Lines::kNotCounted, kInnerPiece);
    inner_->depth_ = depth_ + 1;
  }
  inner_->Reset();
  return *inner_;
}

// The place is the whole run's.
void ByteSearch::AddWhole(const EncodedRun& run, FoundValue found,
                          const std::vector<std::string>& chain) {
  found.offset = run.offset;
  found.length = run.raw.size();
  found.compressed = true;
  found.encoding.insert(found.encoding.begin(), chain.begin(), chain.end());
  if (run.offset >= begin_) {
    SetLine(static_cast<std::size_t>(run.offset - begin_), &found.line, &found.column);
  }
  rule_matches_.push_back(std::move(found));
}

void ByteSearch::SearchCompressed(const EncodedRun& run) {
  const char* name = NameOfStream(run.decoded);
  if (name == nullptr) return;
  bool whole = SearchStream(run.decoded);
  // A word alone in the line below may look like the last digits.
  if (const std::size_t size = SizeWithoutLastLine(run); !whole && size > 0) {
    whole = SearchStream(run.decoded.substr(0, size));
  }
  if (!whole || !inner_->unread().empty()) unread_.push_back(run.offset);
  for (const FoundValue& found : inner_->found()) AddWhole(run, found, {run.encoding, name});
}

// False when not all of it can be read; what was read is searched.
bool ByteSearch::SearchStream(const std::string& bytes) {
  constexpr std::uint64_t kMostExpanded = std::uint64_t{32} << 20;
  Limits limits;
  limits.expanded_bytes = kMostExpanded;
  ByteSearch& inner = Inner();
  bool whole = true;
  try {
    std::uint64_t expanded = 0;
    const auto stream = OpenStream(bytes, limits);
    while (const std::size_t got = stream->Read(inner.room(), inner.room_size())) {
      inner.Take(got);
      expanded += got;
      if (expanded > kMostExpanded) throw Error(ErrorCode::kLimitExceeded, "expands to too much");
    }
  } catch (const Error&) {
    whole = false;
  }
  inner.Finish();
  return whole;
}

// Base64 of base64 of a stream, as kubectl shows what Helm keeps. What is encoded twice as it is
// has a spelling.
void ByteSearch::SearchTwice(const EncodedRun& run) {
  ByteSearch& inner = Inner();
  inner.Take(run.decoded);
  inner.Finish();
  if (!inner.unread().empty()) unread_.push_back(run.offset);
  for (const FoundValue& found : inner.found()) {
    if (found.compressed) AddWhole(run, found, {run.encoding});
  }
}

// For rules: of known values the spellings are searched for.
void ByteSearch::SearchRun(const EncodedRun& run) {
  if (run.compressed) return SearchCompressed(run);
  Inner();
  inner_->Take(run.decoded);
  inner_->Finish();
  if (!inner_->unread().empty()) unread_.push_back(run.offset);
  for (const FoundValue& found : inner_->found()) {
    if (found.secret >= 0 && !found.compressed) continue;
    // What stands there as it is was found already.
    const std::string_view raw = run.raw.substr(run.begins[found.offset], found.length);
    if (found.encoding.empty() && raw == found.value) continue;
    FoundValue outer = found;
    const std::size_t begin = run.begins[found.offset];
    outer.offset = run.offset + begin;
    outer.length = run.ends[found.offset + found.length - 1] - begin;
    outer.encoding.insert(outer.encoding.begin(), run.encoding);
    if (run.offset >= begin_) {
      SetLine(static_cast<std::size_t>(outer.offset - begin_), &outer.line, &outer.column);
    }
    rule_matches_.push_back(std::move(outer));
  }
}

}  // namespace watertight
