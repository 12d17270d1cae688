// What a text encodes: runs, and the compressed streams in them, which are searched in turn.

#include <algorithm>
#include <utility>

#include "framework/image/bytes.h"
#include "framework/image/streams.h"
#include "framework/scan/byte_search.h"
#include "framework/scan/containers.h"
#include "framework/scan/content_search.h"
#include "framework/scan/digit_runs.h"
#include "framework/scan/undo_escapes.h"
#include "watertight/known_values.h"

namespace watertight {
namespace {

constexpr StreamBegin kLongRun = {"", StreamEncoding::kLong, false};

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
  constexpr std::size_t kOverlap = 2048;
  // Values have a spelling in UTF-16; texts that encode them in turn are longer.
  constexpr std::size_t kLeastWide = 68;
  constexpr std::size_t kLeastOfRules = 12;
  const auto sink = [this](const EncodedRun& run) { SearchRun(run); };
  const std::string_view text(text_, size_);
  const std::size_t from = old - std::min(old, kOverlap);
  EncodedRuns::ScanWide(text.substr(from), begin_ + from,
                        set_.rules() == nullptr ? kLeastWide : kLeastOfRules, sink);
  if (set_.rules() == nullptr) return SearchStreams(old);
  const std::size_t behind = old - std::min(old, kLookBehind);  // the escapes of a key
  EncodedRuns::ScanEscapes(text.substr(behind), begin_ + behind, sink);
  runs_.Take(text.substr(old), begin_ + old, sink);
  if (ends_) runs_.Finish(sink);
}

// One for all places that the same escapes reach to.
void ByteSearch::AddHint(std::uint64_t at) {
  if (at < hint_end_ || depth_ + 1 >= kDeepest) return;
  if (!hints_.empty() && at < hints_.back() + set_.hint_reach()) return;
  hints_.push_back(at);
}

// Takes one level of each kind of escapes out of the text around each hint, and searches it again.
void ByteSearch::SearchHints() {
  const std::size_t reach = set_.hint_reach();
  const std::string_view text(text_, size_);
  for (const std::uint64_t hint : std::exchange(hints_, {})) {
    const auto at = static_cast<std::size_t>(hint - begin_);
    if (!ends_ && size_ - at < 2 * reach) {
      hints_.push_back(hint);  // more of it comes
      continue;
    }
    if (hint < hint_end_) continue;
    hint_end_ = hint + reach;
    const std::size_t from = at - std::min(at, std::min(reach, kLookBehind));
    for (const Escaping escaping : kEscapings) {
      EncodedRun run;
      const std::string_view part = text.substr(from, at + 2 * reach - from);
      if (UndoEscapes(part, begin_ + from, escaping, &run)) SearchRun(run);
    }
  }
}

// Of known values, what is encoded in long runs of digits, whatever it is: short ones are found by
// what spellings and streams begin with. Long ones are seen by a look at few of their bytes.
void ByteSearch::FindLongRuns(std::size_t old) {
  constexpr std::size_t kStride = 256;
  constexpr std::size_t kLeast = 128;
  const std::string_view text(text_, size_);
  std::size_t known = runs_.IsOpen() ? size_ : 0;  // runs up to there
  if (stream_end_ > begin_) {
    known = std::max(
        known, static_cast<std::size_t>(std::min<std::uint64_t>(stream_end_ - begin_, size_)));
  }
  const std::size_t first = old - std::min(old, 2 * EncodedRuns::kLook);
  for (std::size_t at = EncodedRuns::NextLook(text, std::max(first, known), kStride); at < size_;
       at = EncodedRuns::NextLook(text, at + kStride, kStride)) {
    const std::size_t least = std::max(known, at - std::min(at, kLookBehind));
    const std::size_t begin = EncodedRuns::BeginOfRun(text, at, least);
    const std::size_t end = EncodedRuns::EndOfRun(text, at);
    if (end - begin >= kLeast) streams_.push_back({&kLongRun, begin_ + begin});
    at = std::max(at, end - std::min(end, kStride));
    known = end;
  }
}

// Whether one that is known by its begin stands in a run: words may stand before it.
bool ByteSearch::HoldsStream(const std::vector<Stream>& streams, std::size_t at,
                             std::string_view run) const {
  const std::uint64_t end = streams[at].at + EncodedRuns::EndOfRun(run, 0);
  for (std::size_t i = at + 1; i < streams.size() && streams[i].at < end; ++i) {
    const StreamEncoding encoding = streams[i].begin->encoding;
    if (encoding == StreamEncoding::kLong) continue;
    if (IsStream(run.substr(static_cast<std::size_t>(streams[i].at - streams[at].at)), encoding)) {
      return true;
    }
  }
  return false;
}

// A run that goes on from the line before, or is the end of a word, begins no stream.
bool ByteSearch::MayBegin(const Stream& stream) const {
  if (!stream.begin->weak || stream.at == begin_) return true;
  const char before = text_[static_cast<std::size_t>(stream.at - begin_) - 1];
  const auto is_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (!is_digit(before)) return true;
  // The line end of a text in JSON.
  return before == 'n' && stream.at - begin_ >= 2 &&
         text_[static_cast<std::size_t>(stream.at - begin_) - 2] == '\\';
}

// By its first bytes: a longer look costs more.
bool ByteSearch::IsStream(std::string_view text, StreamEncoding encoding) {
  if (encoding == StreamEncoding::kLong) return true;
  const std::string head = EncodedRuns::HeadOf(text.substr(0, kStreamHead), encoding);
  if (encoding != StreamEncoding::kBase64Twice) return BeginsContainer(head);
  return NameOfStream(EncodedRuns::HeadOf(head, StreamEncoding::kBase64)) != nullptr;
}

// Of known values, whose other encodings are spelled. A stream reaches to the end of its run, so
// that each byte is decoded once.
void ByteSearch::SearchStreams(std::size_t old) {
  constexpr std::size_t kMostStreams = 4096;
  const auto sink = [this](const EncodedRun& run) {
    run.begins.empty() && !run.compressed ? SearchTwice(run) : SearchRun(run);
  };
  const std::string_view text(text_, size_);
  if (runs_.IsOpen()) stream_end_ = runs_.GoOn(text.substr(old), sink);
  FindLongRuns(old);
  std::vector<Stream> streams = std::exchange(streams_, {});
  std::sort(streams.begin(), streams.end(),
            [](const Stream& a, const Stream& b) { return a.at < b.at; });
  std::size_t count = 0;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const Stream& stream = streams[i];
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
    if (stream.begin == &kLongRun && HoldsStream(streams, i, rest)) continue;
    stream_end_ = runs_.TakeStream(rest, stream.at, stream.begin->encoding, sink);
  }
  if (ends_ && runs_.IsOpen()) runs_.GoOn("", sink);
}

ByteSearch& ByteSearch::Inner() {
  constexpr std::size_t kInnerPiece = std::size_t{16} << 10;
  if (inner_ == nullptr) {
    inner_ =
        std::make_unique<ByteSearch>(set_, scratch_, Lines::kNotCounted, kInnerPiece, depth_ + 1);
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
  AddDecided(std::move(found));
}

void ByteSearch::SearchContainer(const EncodedRun& run) {
  if (!BeginsContainer(run.decoded)) return;
  std::vector<FoundValue> inside;
  bool whole = SearchContents(run.decoded, &inside);
  // A word alone in the line below may look like the last digits.
  if (const std::size_t size = SizeWithoutLastLine(run); !whole && size > 0) {
    whole = SearchContents(run.decoded.substr(0, size), &inside);
  }
  if (!whole) unread_.push_back(run.offset);
  for (FoundValue& found : inside) AddWhole(run, std::move(found), {run.encoding});
}

// False when not all of it can be read; what was read is searched.
bool ByteSearch::SearchContents(std::string bytes, std::vector<FoundValue>* found) {
  constexpr std::uint64_t kMostExpanded = std::uint64_t{32} << 20;
  if (contents_ == nullptr) {
    SearchLimits limits;
    limits.expanded_bytes = kMostExpanded;
    contents_ = std::make_unique<ContentSearch>(set_, limits, depth_ + 1);
  }
  found->clear();
  bool whole = true;
  const ContentSearch::Sink sink = {
      [&](ContentFinding inside) {
        if (inside.depth == 0) return;  // it stands in the digits as it is
        inside.value.nested = std::move(inside.nested);
        found->push_back(std::move(inside.value));
      },
      [&](const ContentPath& /*path*/, const std::string& /*text*/) { whole = false; }};
  // A stream that looks like one is certain here, or else it would not have been decoded.
  const ContentSearch::Place place =
      IsZlib(FindContainer(std::string_view(bytes).substr(0, kContainerHead)))
          ? ContentSearch::Place::kGitObject
          : ContentSearch::Place::kAlone;
  const std::uint64_t size = bytes.size();
  const auto stream = StoredStream(MemoryBytes(std::move(bytes)));
  contents_->Search(stream.get(), size, {}, sink, place);
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

// Of known values, what a spelling tells as well is dropped in the end.
void ByteSearch::SearchRun(const EncodedRun& run) {
  if (run.compressed) return SearchContainer(run);
  Inner();
  inner_->Take(run.decoded);
  inner_->Finish();
  if (!inner_->unread().empty()) unread_.push_back(run.offset);
  for (const FoundValue& found : inner_->found()) {
    // What stands there as it is was found already.
    const std::string_view raw = run.raw.substr(run.begins[found.offset], found.length);
    const std::string& value =
        found.secret > 0 ? set_.values()[static_cast<std::size_t>(found.secret) - 1] : found.value;
    if (found.encoding.empty() && raw == value) continue;
    FoundValue outer = found;
    const std::size_t begin = run.begins[found.offset];
    outer.offset = run.offset + begin;
    outer.length = run.ends[found.offset + found.length - 1] - begin;
    outer.encoding.insert(outer.encoding.begin(), run.encoding);
    if (outer.offset >= begin_) {
      SetLine(static_cast<std::size_t>(outer.offset - begin_), &outer.line, &outer.column);
    }
    AddDecided(std::move(outer));
  }
}

}  // namespace watertight
