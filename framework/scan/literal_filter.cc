#include "framework/scan/literal_filter.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <cstring>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace watertight {
namespace {

constexpr std::size_t kBucketsOfGroup = 8;  // bits of an entry
constexpr std::size_t kWindow = LiteralFilter::kWindow;
constexpr std::size_t kTableBytes = LiteralFilter::kTableBytes;
constexpr std::size_t kLeastBytes = 2;  // of a literal
constexpr std::size_t kLane = 64;       // bytes of a register
constexpr std::size_t kPart = 2048;     // bytes that all groups are looked for in, in turn

std::size_t IndexOf(char c) { return static_cast<unsigned char>(c) & 127; }

// How often a byte, or the one with the other highest bit, occurs in images: a rough guess.
double Frequency(char c) {
  if (c == '\0') return 0.1;
  if (c == ' ') return 0.08;
  if (std::string_view("etaoinsr").find(c) != std::string_view::npos) return 0.035;
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return 0.012;
  if (c >= 'A' && c <= 'Z') return 0.005;
  return 0.003;
}

// What may stand at a place of a literal; empty behind its end: anything.
std::string FormsAt(const Literal& literal, std::size_t at) {
  if (at >= literal.bytes.size()) return "";
  const char c = literal.bytes[at];
  std::string forms(1, c);
  if (literal.caseless && c >= 'a' && c <= 'z') forms += static_cast<char>(c - 'a' + 'A');
  return forms;
}

// A bit for each byte of a part.
using Places = std::array<std::uint64_t, kPart / kLane>;

#ifdef __x86_64__

// Where some window may begin in a part, which is of whole lanes; at least kWindow - 1 bytes follow
// it.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) void FindPlaces(
    std::string_view part, const std::vector<LiteralFilter::Group>& groups, Places* places) {
  constexpr std::size_t kAhead = 4096;  // memory is asked for so early
  for (std::size_t lane = 0; lane < part.size() / kLane; ++lane) {
    const char* const at = part.data() + lane * kLane;
    __builtin_prefetch(at + kAhead);
    const __m512i bytes[] = {_mm512_loadu_si512(at), _mm512_loadu_si512(at + 1),
                             _mm512_loadu_si512(at + 2), _mm512_loadu_si512(at + 3)};
    __m512i all = _mm512_setzero_si512();
    for (const LiteralFilter::Group& group : groups) {
      __m512i buckets = _mm512_set1_epi8(-1);
      for (std::size_t place = 0; place < kWindow; ++place) {
        const std::uint8_t* const table = group.tables[place].data();
        const __m512i here = _mm512_permutex2var_epi8(_mm512_load_si512(table), bytes[place],
                                                      _mm512_load_si512(table + kLane));
        buckets = _mm512_and_si512(buckets, here);
      }
      all = _mm512_or_si512(all, buckets);
    }
    (*places)[lane] = _mm512_test_epi8_mask(all, all);
  }
}

bool CanFindPlaces() {
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi") != 0;
}

#else

void FindPlaces(std::string_view /*part*/, const std::vector<LiteralFilter::Group>& /*groups*/,
                Places* /*places*/) {}

bool CanFindPlaces() { return false; }

#endif

std::uint32_t WordAt(const char* window) {
  std::uint32_t word = 0;
  std::memcpy(&word, window, kWindow);
  return word;
}

std::uint16_t HashOf(std::uint32_t word) {
  constexpr std::uint32_t kGoldenRatio = 0x9e3779b1;
  return static_cast<std::uint16_t>(word * kGoldenRatio >> 16);
}

}  // namespace

// Windows that share one bit of the tables. Every place is looked at where each byte is one of
// those that some of the windows have there.
class LiteralFilter::Bucket {
 public:
  // The part of all places that is looked at for this bucket.
  double cost() const { return cost_; }
  const std::vector<Member>& members() const { return members_; }
  bool Has(std::size_t place, std::size_t byte) const { return bytes_[place][byte]; }

  double CostWith(const Literal& literal, std::size_t offset) const {
    Sets with = bytes_;
    auto frequencies = frequencies_;
    Insert(literal, offset, &with, &frequencies);
    return CostOf(with, frequencies);
  }

  void Add(const Literal& literal, const Member& member) {
    members_.push_back(member);
    Insert(literal, member.offset, &bytes_, &frequencies_);
    cost_ = CostOf(bytes_, frequencies_);
  }

 private:
  using Sets = std::array<std::bitset<kTableBytes>, kWindow>;
  using Frequencies = std::array<double, kWindow>;

  static void Insert(const Literal& literal, std::size_t offset, Sets* sets,
                     Frequencies* frequencies) {
    for (std::size_t i = 0; i < kWindow; ++i) {
      const std::string forms = FormsAt(literal, offset + i);
      if (forms.empty()) {
        (*sets)[i].set();
        (*frequencies)[i] = 1;
      }
      for (const char c : forms) {
        if ((*sets)[i][IndexOf(c)]) continue;
        (*sets)[i].set(IndexOf(c));
        (*frequencies)[i] += Frequency(c);
      }
    }
  }

  // Runs of one byte are more frequent than the frequencies tell, those of zeros most of all.
  static double CostOf(const Sets& sets, const Frequencies& frequencies) {
    constexpr double kRun = 0.0005;
    constexpr double kZeros = 0.1;
    double cost = 1;
    std::bitset<kTableBytes> runs;
    runs.set();
    for (std::size_t i = 0; i < kWindow; ++i) {
      cost *= frequencies[i];
      runs &= sets[i];
    }
    return cost + kRun * static_cast<double>(runs.count()) + (runs[0] ? kZeros : 0);
  }

  std::vector<Member> members_;
  Sets bytes_;
  Frequencies frequencies_ = {};
  double cost_ = 0;
};

// Each window goes to the bucket where it costs least, those that cost most alone first.
std::vector<LiteralFilter::Bucket> LiteralFilter::Distribute(const std::vector<Literal>& literals,
                                                             std::size_t count) {
  constexpr std::size_t kMostOffsets = 8;
  std::vector<double> alone;
  for (const Literal& literal : literals) alone.push_back(Bucket().CostWith(literal, 0));
  std::vector<std::uint32_t> order(literals.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return alone[a] > alone[b]; });
  std::vector<Bucket> buckets(count);
  for (const std::uint32_t number : order) {
    const Literal& literal = literals[number];
    const std::size_t windows = literal.bytes.size() <= kWindow
                                    ? 1
                                    : std::min(kMostOffsets, literal.bytes.size() - kWindow + 1);
    double least = std::numeric_limits<double>::infinity();
    Bucket* chosen = nullptr;
    Member member{number};
    for (std::uint32_t offset = 0; offset < windows; ++offset) {
      for (Bucket& bucket : buckets) {
        const double more = bucket.CostWith(literal, offset) - bucket.cost();
        if (more >= least) continue;
        least = more;
        chosen = &bucket;
        member.offset = offset;
      }
    }
    chosen->Add(literal, member);
  }
  return buckets;
}

LiteralFilter::LiteralFilter(const std::vector<Literal>& literals) : literals_(literals) {}
LiteralFilter::~LiteralFilter() = default;

std::unique_ptr<const LiteralFilter> LiteralFilter::For(const std::vector<Literal>& literals) {
  constexpr std::size_t kMostLiterals = 1024;
  constexpr std::size_t kLiteralsOfGroup = 150;
  if (!CanFindPlaces() || literals.empty() || literals.size() > kMostLiterals) return nullptr;
  if (std::any_of(literals.begin(), literals.end(),
                  [](const Literal& literal) { return literal.bytes.size() < kLeastBytes; })) {
    return nullptr;
  }
  const std::size_t groups = (literals.size() + kLiteralsOfGroup - 1) / kLiteralsOfGroup;
  auto filter = std::unique_ptr<LiteralFilter>(new LiteralFilter(literals));
  for (const Bucket& bucket : Distribute(literals, groups * kBucketsOfGroup)) {
    filter->AddBucket(bucket);
  }
  filter->SortForms();
  return filter;
}

void LiteralFilter::AddBucket(const Bucket& bucket) {
  if (groups_.empty() || groups_.back().buckets == kBucketsOfGroup) groups_.emplace_back();
  Group& group = groups_.back();
  const auto bit = static_cast<std::uint8_t>(1U << group.buckets++);
  for (std::size_t place = 0; place < kWindow; ++place) {
    for (std::size_t byte = 0; byte < kTableBytes; ++byte) {
      if (bucket.Has(place, byte)) group.tables[place][byte] |= bit;
    }
  }
  for (const Member& member : bucket.members()) AddForms(member);
}

// Each case of its letters, and each hash once. A window of fewer bytes is the end of a word.
void LiteralFilter::AddForms(Member member) {
  const Literal& literal = literals_[member.literal];
  member.size = static_cast<std::uint16_t>(std::min(kWindow, literal.bytes.size()));
  std::vector<std::string> forms = {std::string(kWindow - member.size, '\0')};
  for (std::size_t i = 0; i < member.size; ++i) {
    std::vector<std::string> longer;
    for (const std::string& form : forms) {
      for (const char c : FormsAt(literal, member.offset + i)) longer.push_back(form + c);
    }
    forms = std::move(longer);
  }
  std::set<std::uint16_t> hashes;
  for (const std::string& form : forms) hashes.insert(HashOf(WordAt(form.data())));
  for (const std::uint16_t hash : hashes) {
    member.hash = hash;
    hashes_[hash / 64] |= std::uint64_t{1} << hash % 64;
    forms_.push_back(member);
  }
  shortest_ = std::min<std::size_t>(shortest_, member.size);
}

void LiteralFilter::SortForms() {
  std::sort(forms_.begin(), forms_.end(),
            [](const Member& a, const Member& b) { return a.hash < b.hash; });
  for (const Member& form : forms_) ++rows_[form.hash / kHashesOfRow + 1U];
  std::partial_sum(rows_.begin(), rows_.end(), rows_.begin());
}

std::vector<LiteralFilter::Hit> LiteralFilter::Scan(std::string_view bytes) const {
  std::vector<Hit> hits;
  std::size_t at = 0;
  while (at + kLane + kWindow <= bytes.size()) {
    const std::size_t size = std::min(kPart, (bytes.size() - at - kWindow) / kLane * kLane);
    ScanPart(bytes, at, bytes.substr(at, size), &hits);
    at += size;
  }
  // The last bytes are looked at in a room of their own, where zeros follow.
  std::array<char, 2 * kLane + kWindow> room = {};
  const std::string_view rest = bytes.substr(at);
  std::copy(rest.begin(), rest.end(), room.begin());
  ScanPart(bytes, at, {room.data(), 2 * kLane}, &hits);
  std::stable_sort(hits.begin(), hits.end(), [this](const Hit& a, const Hit& b) {
    return a.second + literals_[a.first].bytes.size() < b.second + literals_[b.first].bytes.size();
  });
  return hits;
}

// part: what bytes hold at that place, of whole lanes.
void LiteralFilter::ScanPart(std::string_view bytes, std::size_t at, std::string_view part,
                             std::vector<Hit>* hits) const {
  Places places;
  FindPlaces(part, groups_, &places);
  for (std::size_t lane = 0; lane < part.size() / kLane; ++lane) {
    for (std::uint64_t left = places[lane]; left != 0; left &= left - 1) {
      const std::size_t place = lane * kLane + static_cast<std::size_t>(std::countr_zero(left));
      LookAt(WordAt(part.data() + place), bytes, at + place, hits);
    }
  }
}

// The word at that place may be a window, or begin with a shorter one.
void LiteralFilter::LookAt(std::uint32_t word, std::string_view bytes, std::size_t at,
                           std::vector<Hit>* hits) const {
  for (std::size_t size = kWindow; size >= shortest_; --size) {
    const std::size_t hash = HashOf(word << 8 * (kWindow - size));
    if ((hashes_[hash / 64] >> hash % 64 & 1) == 0 || at >= bytes.size()) continue;
    const std::size_t row = hash / kHashesOfRow;
    for (std::size_t i = rows_[row]; i < rows_[row + 1]; ++i) {
      const Member& form = forms_[i];
      if (form.hash != hash || form.size != size || form.offset > at) continue;
      const std::size_t begin = at - form.offset;
      if (Begins(bytes.substr(begin), literals_[form.literal])) {
        hits->emplace_back(form.literal, begin);
      }
    }
  }
}

}  // namespace watertight
