// Searches one text that comes in pieces, of any size, for known values. A value is found at any
// offset, also across pieces.
//
//   ByteSearch search(set, &scratch);
//   while (const std::size_t got = stream->Read(search.room(), search.room_size()))
//   search.Take(got); search.Finish(); for (const FoundValue& found : search.found()) …
//
// Pieces are read straight into the search's window, which keeps the last kLookBehind bytes and the
// begin of what may be an occurrence.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/scan/columns.h"
#include "framework/scan/encoded_runs.h"
#include "framework/scan/spelling_match.h"
#include "framework/scan/value_set.h"
#include "watertight/finding.h"

namespace watertight {

struct FoundValue {
  int secret = 0;  // a known value's number, from 1; of a rule, -1 less its index
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t line = 1;  // of offset, from 1; 1 when lines are not counted
  std::uint64_t column = 1;
  std::vector<std::string> encoding;  // from the outside in
  std::vector<std::string> nested;    // members of archives that are encoded in the text
  std::string value;                  // of a rule: the bytes
  Level level = Level::kError;
  bool compressed = false;  // it stands in a container that is encoded; the place is all of it
  std::optional<std::uint64_t> head = {};  // of a row: where the names of the columns are
};

constexpr int NumberOfRule(std::size_t rule) { return -1 - static_cast<int>(rule); }
constexpr std::size_t RuleOfNumber(int secret) { return static_cast<std::size_t>(-1 - secret); }

class ContentSearch;

class ByteSearch {
 public:
  // At most so many occurrences of each value or rule are kept for each text; the others are
  // counted.
  static constexpr std::size_t kMostFound = 10'000;

  enum class Lines : std::uint8_t { kCounted, kNotCounted };

  // Both must outlive it. piece: bytes that one Take should bring. depth: encodings around the
  // text.
  ByteSearch(const ValueSet& set, LiteralSet::Scratch* scratch, Lines lines,
             std::size_t piece = std::size_t{256} << 10, std::size_t depth = 0);
  ~ByteSearch();
  // For another text, of which the first byte that comes has this offset.
  void Reset(std::uint64_t offset = 0);

  // Bytes of the text that are kept, until the next piece comes.
  std::size_t kept() const { return size_; }
  // Where the next piece goes.
  char* room() { return window_.data() + size_; }
  std::size_t room_size() const { return window_.size() - size_; }
  void Take(std::size_t count);
  // The piece may be gone afterwards: what is still needed of it is copied. Requires: no text is
  // attached.
  void Take(std::string_view piece);
  // Searches a text where it stands, until Detach or the next Reset; right after Reset. Each Take
  // then says how many bytes more of it there are. It is taken to be in no cache.
  void Attach(const char* text) {
    text_ = text;
    cached_ = false;
  }
  // Copies what is still needed of that text; what follows goes to room() again.
  void Detach();
  // The text ends here.
  void Finish();

  // Whether more bytes can change nothing of what begins before this offset.
  bool IsDecidedBefore(std::uint64_t offset) const;

  // Where something was found since the last call, of which Finish may drop some.
  std::vector<std::uint64_t> TakeOffsets();

  // After Finish: by offset; of occurrences of one value that overlap, the first; of matches of
  // rules that overlap, that of the first rule.
  const std::vector<FoundValue>& found() const { return found_; }
  // How many occurrences were left out, at most.
  std::uint64_t left_out() const { return left_out_; }
  // Where encoded streams begin that could not be searched to their ends.
  const std::vector<std::uint64_t>& unread() const { return unread_; }
  // Where the ends of zips are.
  const std::vector<std::uint64_t>& zip_ends() const { return zip_ends_; }

 private:
  struct Pending {
    ValueSet::Candidate candidate;
    std::uint64_t at = 0;     // where its unit begins
    std::uint64_t retry = 0;  // how far the text must have come for another try
  };
  struct Match {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t line = 1;
    std::uint64_t column = 1;
    std::size_t spelling = 0;
    std::uint8_t marks = 0;
  };

  struct Stream {
    const StreamBegin* begin = nullptr;
    std::uint64_t at = 0;
  };
  static constexpr std::size_t kStreamHead = 512;
  // Encodings within one another: base64 of base64 of UTF-16.
  static constexpr std::size_t kDeepest = 3;
  struct PendingRule {
    std::size_t rule = 0;
    std::uint64_t at = 0;  // where its literal begins
    std::size_t size = 0;
  };

  // The next row of an open table begins at `next`.
  struct Table {
    TableHead head;
    std::uint64_t begin = 0;
    std::uint64_t next = 0;
  };

  void TakeCopy(std::string_view piece);
  void Search();
  void Scan(bool ends);
  void OnHit(std::size_t literal, std::uint64_t begin);
  bool Try(const Pending& pending);
  void Add(const SpellingMatch& match, std::size_t spelling);
  void TryRule(const PendingRule& pending);
  void AddDecided(FoundValue found);
  void SetLine(std::size_t at, std::uint64_t* line, std::uint64_t* column) const;
  bool MayKeep(int secret);
  bool OnCandidate(const ValueSet::Candidate& candidate, std::uint64_t begin);
  void SetZipEnds();
  void SearchTables();
  bool ReadRows();
  void SearchField(const std::string& name, std::uint64_t offset, std::string_view value);
  std::size_t EndOfValue(int secret) const;
  void AddHint(std::uint64_t at);
  void SearchHints();
  void SearchRuns(std::size_t old);
  void FindLongRuns(std::size_t old);
  void SearchStreams(std::size_t old);
  bool HoldsStream(const std::vector<Stream>& streams, std::size_t at, std::string_view run) const;
  bool MayBegin(const Stream& stream) const;
  static bool IsStream(std::string_view text, StreamEncoding encoding);
  void SearchRun(const EncodedRun& run);
  void SearchContainer(const EncodedRun& run);
  bool SearchContents(std::string bytes, std::vector<FoundValue>* found);
  void SearchTwice(const EncodedRun& run);
  void AddWhole(const EncodedRun& run, FoundValue found, const std::vector<std::string>& chain);
  ByteSearch& Inner();
  void FinishDecoded();
  void Forget();
  bool IsAttached() const { return text_ != window_.data(); }
  void MakeRoom();
  void DropMirrored();
  void CountLines(std::size_t count);

  const ValueSet& set_;
  LiteralSet::Scratch* scratch_;
  Lines lines_;
  std::size_t piece_;
  std::vector<char> window_;
  const char* text_;         // where the window begins: in window_, or in a text that is attached
  bool cached_ = true;       // whether the text is likely to be in a cache of the processor
  std::size_t size_ = 0;     // bytes in the window
  std::uint64_t begin_ = 0;  // offset of the window in the text
  std::size_t scanned_ = 0;  // bytes of the window in which every literal was found
  bool ends_ = false;
  std::uint64_t line_ = 1;  // where the window begins
  std::uint64_t line_begin_ = 0;
  std::vector<Pending> pending_;
  std::vector<std::uint64_t> last_end_;  // by spelling, then by value as it is
  std::vector<Match> matches_;
  std::vector<std::uint64_t> offsets_;  // that TakeOffsets gives
  std::vector<PendingRule> pending_rules_;
  std::vector<FoundValue> rule_matches_;
  EncodedRuns runs_;
  std::vector<Stream> streams_;   // that may begin in the bytes that are new
  std::uint64_t stream_end_ = 0;  // of the last one
  // Where escapes are to be undone, and before which place they have been.
  std::vector<std::uint64_t> hints_;
  std::uint64_t hint_end_ = 0;
  std::vector<std::uint64_t> column_words_;  // tables may begin around them
  RefusedWords refused_words_;
  std::optional<Table> table_;
  std::uint64_t table_end_ = 0;  // of the last one
  std::size_t depth_;            // encodings that were undone
  std::unique_ptr<ByteSearch> inner_;
  std::unique_ptr<ContentSearch> contents_;  // of containers that are encoded
  std::map<int, std::size_t> kept_;          // occurrences, by value or rule
  std::vector<FoundValue> found_;
  std::uint64_t left_out_ = 0;
  std::vector<std::uint64_t> unread_;
  std::vector<std::uint64_t> zip_ends_;
  std::vector<std::uint64_t> may_be_zip_ends_;  // more of the text is needed
};

}  // namespace watertight
