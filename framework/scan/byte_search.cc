#include "framework/scan/byte_search.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "framework/scan/containers.h"
#include "framework/scan/content_search.h"
#include "framework/scan/places.h"
#include "framework/scan/text_lines.h"

namespace watertight {

ByteSearch::ByteSearch(const ValueSet& set, LiteralSet::Scratch* scratch, Lines lines,
                       std::size_t piece, std::size_t depth)
    : set_(set),
      scratch_(scratch),
      lines_(lines),
      piece_(piece),
      window_(piece + kLookBehind + set.literals().longest()),
      text_(window_.data()),
      last_end_(set.spellings().size() + set.values().size() + 1),
      depth_(depth) {}

ByteSearch::~ByteSearch() = default;

void ByteSearch::Reset(std::uint64_t offset) {
  text_ = window_.data();
  cached_ = true;
  size_ = scanned_ = 0;
  begin_ = line_begin_ = offset;
  line_ = 1;
  ends_ = false;
  pending_.clear();
  std::fill(last_end_.begin(), last_end_.end(), 0);
  matches_.clear();
  offsets_.clear();
  pending_rules_.clear();
  rule_matches_.clear();
  runs_.Reset();
  streams_.clear();
  stream_end_ = 0;
  hints_.clear();
  hint_end_ = 0;
  column_words_.clear();
  refused_words_ = {};
  table_.reset();
  table_end_ = 0;
  kept_.clear();
  found_.clear();
  left_out_ = 0;
  unread_.clear();
  zip_ends_.clear();
  may_be_zip_ends_.clear();
}

bool ByteSearch::IsDecidedBefore(std::uint64_t offset) const {
  if (runs_.IsOpen() && runs_.open_offset() < offset) return false;
  if (table_ && table_->begin < offset) return false;
  const std::uint64_t most = offset + kLookBehind + set_.literals().longest();
  return begin_ + scanned_ >= most &&
         std::all_of(pending_.begin(), pending_.end(),
                     [&](const Pending& pending) { return pending.at >= most; }) &&
         std::all_of(streams_.begin(), streams_.end(),
                     [&](const Stream& stream) { return stream.at >= most; }) &&
         std::all_of(hints_.begin(), hints_.end(),
                     [&](std::uint64_t hint) { return hint >= most; }) &&
         std::all_of(column_words_.begin(), column_words_.end(),
                     [&](std::uint64_t word) { return word >= most; }) &&
         std::all_of(pending_rules_.begin(), pending_rules_.end(),
                     [&](const PendingRule& pending) { return pending.at >= most; });
}

// The first bytes go to those that are kept. When all that is kept then is of the piece, its rest
// is searched where it stands.
void ByteSearch::Take(std::string_view piece) {
  constexpr std::size_t kJoined = std::size_t{16} << 10;
  if (piece.size() < 4 * kJoined) return TakeCopy(piece);
  const char* const bytes = piece.data();
  const std::uint64_t begin = begin_ + size_;
  TakeCopy(piece.substr(0, kJoined));
  piece.remove_prefix(kJoined);
  Search();
  if (begin_ < begin) return TakeCopy(piece);
  text_ = bytes + (begin_ - begin);
  while (!piece.empty()) {
    const std::size_t count = std::min(piece.size(), piece_);
    Take(count);
    piece.remove_prefix(count);
  }
  Detach();
}

void ByteSearch::TakeCopy(std::string_view piece) {
  while (!piece.empty()) {
    const std::size_t count = std::min(piece.size(), room_size());
    std::memcpy(room(), piece.data(), count);
    Take(count);
    piece.remove_prefix(count);
  }
}

void ByteSearch::Take(std::size_t count) {
  size_ += count;
  if (size_ < window_.size() && size_ - scanned_ < piece_ / 2) return;
  Search();
}

void ByteSearch::Search() {
  Scan(false);
  Forget();
}

void ByteSearch::Finish() {
  Scan(true);
  DropMirrored();
  std::sort(matches_.begin(), matches_.end(), [](const Match& a, const Match& b) {
    return std::tie(a.begin, a.spelling) < std::tie(b.begin, b.spelling);
  });
  // Of one occurrence that several spellings fit, the first spelling counts.
  std::vector<std::uint64_t> ends(set_.values().size() + 1);
  for (const Match& match : matches_) {
    const ValueSet::SpelledValue& spelled = set_.spellings()[match.spelling];
    FoundValue found;
    found.secret = spelled.secret;
    if (match.begin < ends[static_cast<std::size_t>(found.secret)]) continue;
    spelled.spelling->Encoding(match.marks, &found.encoding);
    found.offset = match.begin;
    found.length = match.end - match.begin;
    found.line = match.line;
    found.column = match.column;
    ends[static_cast<std::size_t>(found.secret)] = match.end;
    found_.push_back(std::move(found));
  }
  matches_.clear();
  FinishDecoded();
}

std::vector<std::uint64_t> ByteSearch::TakeOffsets() { return std::exchange(offsets_, {}); }

// Of matches that overlap, that of the first rule tells most. Values and rules are apart. Of
// values, a spelling tells more than what is decoded, but for what is in an archive.
void ByteSearch::FinishDecoded() {
  if (rule_matches_.empty()) return;
  std::map<int, Places> whole;
  for (const FoundValue& match : rule_matches_) {
    if (match.secret <= 0 || !match.compressed) continue;
    whole[match.secret].Add(match.offset, match.offset + match.length);
  }
  std::map<int, Places> spelled;
  std::erase_if(found_, [&](const FoundValue& found) {
    const std::uint64_t end = found.offset + found.length;
    const auto container = whole.find(found.secret);
    if (container != whole.end() && container->second.Covers(found.offset, end)) return true;
    spelled[found.secret].Add(found.offset, end);
    return false;
  });
  std::erase_if(rule_matches_, [&](const FoundValue& match) {
    const auto other = spelled.find(match.secret);
    return !match.compressed && other != spelled.end() &&
           other->second.Overlaps(match.offset, match.offset + match.length);
  });
  std::stable_sort(
      rule_matches_.begin(), rule_matches_.end(), [](const FoundValue& a, const FoundValue& b) {
        return std::pair(-a.secret, a.encoding.size()) < std::pair(-b.secret, b.encoding.size());
      });
  std::set<std::pair<int, std::string>> compressed;
  Places of_values;
  Places of_rules;
  for (FoundValue& match : rule_matches_) {
    Places& taken = match.secret < 0 ? of_rules : of_values;
    const std::size_t end = match.offset + match.length;
    // Those of one compressed run have its place, all of them.
    const bool another =
        match.compressed && compressed.emplace(std::max(match.secret, 0), match.value).second;
    if (!another && taken.Overlaps(match.offset, end)) continue;
    taken.Add(match.offset, end);
    found_.push_back(std::move(match));
  }
  rule_matches_.clear();
  std::stable_sort(found_.begin(), found_.end(),
                   [](const FoundValue& a, const FoundValue& b) { return a.offset < b.offset; });
}

// Inside of a text in UTF-16 each byte order fits, one byte apart. Texts begin at even offsets.
void ByteSearch::DropMirrored() {
  const auto order = [&](const Match& match) {
    return set_.spellings()[match.spelling].spelling->byte_order();
  };
  std::set<std::pair<int, std::uint64_t>> little;
  for (const Match& match : matches_) {
    if (order(match) == ByteOrder::kLittle) {
      little.emplace(set_.spellings()[match.spelling].secret, match.begin);
    }
  }
  std::set<std::pair<int, std::uint64_t>> dropped;
  std::erase_if(matches_, [&](const Match& match) {
    if (order(match) != ByteOrder::kBig) return false;
    const std::pair<int, std::uint64_t> mirror(set_.spellings()[match.spelling].secret,
                                               match.begin + 1);
    if (little.count(mirror) == 0) return false;
    if (match.begin % 2 == 1) return true;
    dropped.insert(mirror);
    return false;
  });
  std::erase_if(matches_, [&](const Match& match) {
    const std::pair<int, std::uint64_t> place(set_.spellings()[match.spelling].secret, match.begin);
    return order(match) == ByteOrder::kLittle && dropped.count(place) != 0;
  });
}

// A literal that ends in the bytes that are new may begin before them.
void ByteSearch::Scan(bool ends) {
  ends_ = ends;
  for (const Pending& pending : std::exchange(pending_, {})) Try(pending);
  for (const PendingRule& pending : std::exchange(pending_rules_, {})) TryRule(pending);
  const std::size_t overlap = std::min(scanned_, set_.literals().longest() - 1);
  const std::size_t from = scanned_ - overlap;
  const std::size_t old = scanned_;
  scanned_ = size_;
  const std::string_view text(text_ + from, size_ - from);
  const auto on_hit = [&](std::size_t literal, std::size_t at) {
    const std::size_t end = from + at + set_.literals().size(literal);
    if (end > old) OnHit(literal, begin_ + from + at);
  };
  if (cached_) {
    set_.literals().Scan(text, scratch_, on_hit);
  } else {
    set_.literals().ScanUncached(text, scratch_, on_hit);
  }
  SetZipEnds();
  SearchTables();
  if (depth_ >= kDeepest) return;
  SearchHints();
  SearchRuns(old);
}

void ByteSearch::OnHit(std::size_t literal, std::uint64_t begin) {
  if (const StreamBegin* stream = set_.StreamAt(literal)) {
    if (MayBegin({stream, begin})) streams_.push_back({stream, begin});
  }
  if (set_.IsZipEnd(literal)) may_be_zip_ends_.push_back(begin);
  bool told = false;
  for (const ValueSet::Candidate& candidate : set_.CandidatesOf(literal)) {
    told |= OnCandidate(candidate, begin);
  }
  if (!told && set_.IsHint(literal)) AddHint(begin);
  if (set_.IsColumn(literal)) column_words_.push_back(begin);
  for (const std::size_t rule : set_.RulesOf(literal)) {
    TryRule({rule, begin, set_.literals().size(literal)});
  }
}

void ByteSearch::SetZipEnds() {
  constexpr std::size_t kMost = 1000;
  for (const std::uint64_t end : std::exchange(may_be_zip_ends_, {})) {
    const std::string_view rest(text_ + (end - begin_), size_ - (end - begin_));
    if (rest.size() < kZipEnd && !ends_) {
      may_be_zip_ends_.push_back(end);
    } else if (IsEndOfZip(rest, end) && zip_ends_.size() < kMost) {
      zip_ends_.push_back(end);
    }
  }
}

// Behind those of the spellings: where the last occurrence of a value ended that is spelled byte
// for byte. No other spelling counts there.
std::size_t ByteSearch::EndOfValue(int secret) const {
  return set_.spellings().size() + static_cast<std::size_t>(secret);
}

// Whether what stands there is an occurrence, or a part of one.
bool ByteSearch::OnCandidate(const ValueSet::Candidate& candidate, std::uint64_t begin) {
  if (candidate.shift < 0 && begin < static_cast<std::uint64_t>(-candidate.shift)) return false;
  const std::uint64_t at = begin + static_cast<std::uint64_t>(candidate.shift);
  if (at < begin_) return false;
  if (at < last_end_[candidate.spelling]) return true;
  const ValueSet::SpelledValue& spelled = set_.spellings()[candidate.spelling];
  const bool mirrored = spelled.spelling->byte_order() != ByteOrder::kNone;
  if (!mirrored && at < last_end_[EndOfValue(spelled.secret)]) return true;
  return Try({candidate, at, 0});
}

// A try begins at the first unit, so each waits for twice as much of the text as the one before:
// values may have megabytes.
bool ByteSearch::Try(const Pending& pending) {
  const std::uint64_t seen = begin_ + size_;
  if (!ends_ && seen < pending.retry) {
    pending_.push_back(pending);
    return false;
  }
  const std::size_t spelling = pending.candidate.spelling;
  const TextWindow window{{text_, size_}, ends_};
  const SpellingMatch match =
      MatchAround(*set_.spellings()[spelling].spelling, pending.candidate.unit,
                  static_cast<std::size_t>(pending.at - begin_), window);
  if (match.fit == Fit::kUndecided) {
    pending_.push_back({pending.candidate, pending.at, seen + (seen - pending.at)});
  }
  if (match.fit == Fit::kYes) Add(match, spelling);
  return match.fit == Fit::kYes;
}

// Counts one more occurrence; false when it is one too many. What is frequent takes no other's
// place.
bool ByteSearch::MayKeep(int secret) {
  std::size_t& kept = kept_[secret];
  const bool may = kept < kMostFound;
  may ? ++kept : ++left_out_;
  return may;
}

// What another spelling tells of is passed by as well: in a text that repeats itself each byte
// would be compared with the whole value.
void ByteSearch::Add(const SpellingMatch& match, std::size_t spelling) {
  const std::uint64_t begin = begin_ + match.begin;
  if (begin < last_end_[spelling]) return;
  last_end_[spelling] = begin_ + match.end;
  std::vector<std::string> chain;
  if (!set_.spellings()[spelling].spelling->Encoding(match.marks, &chain)) return;
  const int secret = set_.spellings()[spelling].secret;
  if (chain.empty()) last_end_[EndOfValue(secret)] = begin_ + match.end;
  if (!MayKeep(secret)) return;
  Match added{begin, begin_ + match.end, 1, 1, spelling, match.marks};
  SetLine(match.begin, &added.line, &added.column);
  offsets_.push_back(begin);
  matches_.push_back(added);
}

void ByteSearch::TryRule(const PendingRule& pending) {
  const TextWindow window{{text_, size_}, ends_};
  const RuleMatch match = set_.rules()->MatchAround(
      pending.rule, static_cast<std::size_t>(pending.at - begin_), pending.size, window);
  if (match.fit == Fit::kUndecided) pending_rules_.push_back(pending);
  if (match.fit != Fit::kYes) return;
  if (!MayKeep(NumberOfRule(pending.rule))) return;
  FoundValue found;
  found.secret = NumberOfRule(pending.rule);
  found.offset = begin_ + match.begin;
  found.length = match.end - match.begin;
  found.level = match.level;
  found.value = window.bytes.substr(match.begin, match.end - match.begin);
  SetLine(match.begin, &found.line, &found.column);
  AddDecided(std::move(found));
}

void ByteSearch::AddDecided(FoundValue found) {
  offsets_.push_back(found.offset);
  rule_matches_.push_back(std::move(found));
}

void ByteSearch::SetLine(std::size_t at, std::uint64_t* line, std::uint64_t* column) const {
  if (lines_ != Lines::kCounted) return;
  std::size_t from = 0;
  std::uint64_t line_begin = line_begin_;
  *line = line_;
  // From the last match on, which is near where there are many.
  if (!rule_matches_.empty()) {
    const FoundValue& last = rule_matches_.back();
    if (last.offset >= begin_ && last.offset <= begin_ + at) {
      from = static_cast<std::size_t>(last.offset - begin_);
      line_begin = last.offset - (last.column - 1);
      *line = last.line;
    }
  }
  const std::string_view before(text_ + from, at - from);
  const std::size_t line_end = before.rfind('\n');
  if (line_end != std::string_view::npos) line_begin = begin_ + from + line_end + 1;
  *line += CountLineEnds(before);
  *column = begin_ + at - line_begin + 1;
}

// Keeps what occurrences that are not decided yet, or not seen yet, can begin in.
void ByteSearch::Forget() {
  std::uint64_t first = begin_ + scanned_ - std::min(scanned_, set_.literals().longest() - 1);
  for (const Pending& pending : pending_) first = std::min(first, pending.at);
  for (const PendingRule& pending : pending_rules_) first = std::min(first, pending.at);
  for (const Stream& stream : streams_) first = std::min(first, stream.at);
  for (const std::uint64_t hint : hints_) first = std::min(first, hint);
  for (const std::uint64_t word : column_words_) first = std::min(first, word);
  if (table_) first = std::min(first, table_->next);
  for (const std::uint64_t end : may_be_zip_ends_) first = std::min(first, end);
  const std::uint64_t keep = std::max(begin_, first - std::min<std::uint64_t>(first, kLookBehind));
  const auto gone = static_cast<std::size_t>(keep - begin_);
  if (lines_ == Lines::kCounted) CountLines(gone);
  refused_words_.Forget(gone);
  begin_ = keep;
  size_ -= gone;
  scanned_ -= gone;
  if (IsAttached()) {
    text_ += gone;
    return;
  }
  std::memmove(window_.data(), window_.data() + gone, size_);
  MakeRoom();
}

void ByteSearch::MakeRoom() {
  if (window_.size() < size_ + piece_) window_.resize(size_ + piece_);
  text_ = window_.data();
}

void ByteSearch::Detach() {
  if (!IsAttached()) return;
  const std::string_view kept(text_, size_);
  MakeRoom();
  std::copy(kept.begin(), kept.end(), window_.begin());
  cached_ = true;
}

void ByteSearch::CountLines(std::size_t count) {
  const std::string_view gone(text_, count);
  const std::size_t ends = CountLineEnds(gone);
  if (ends == 0) return;
  line_ += ends;
  line_begin_ = begin_ + gone.rfind('\n') + 1;
}

}  // namespace watertight
