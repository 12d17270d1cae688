#include "framework/scan/literal_filter.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace watertight {
namespace {

constexpr std::size_t kLane = 64;    // bytes of a register
constexpr std::size_t kPart = 2048;  // bytes whose hits are told together

char WithoutHighestBit(char c) { return static_cast<char>(c & 127); }
std::size_t IndexOf(char c) { return static_cast<std::size_t>(WithoutHighestBit(c)); }

// How often a byte, or the one with the other highest bit, occurs in images: a rough guess.
double Frequency(char byte) {
  const char c = WithoutHighestBit(byte);
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

// Whether a window is a part of what texts are full of, which the frequencies of its bytes do not
// tell.
bool IsFrequent(std::string_view window) {
  constexpr std::string_view kTexts =
      " with change default define config author user link line file open set key ident action "
      "message time text list name name: value content control connect method module comment "
      "command package option version string function return import include index number compose "
      "service class object array group host port type test that this from have which other ation "
      "ing the and for not use are data error encrypt password ";
  return kTexts.find(window) != std::string_view::npos;
}

// A bit for each byte of a part.
using Places = std::array<std::uint64_t, kPart / kLane>;

#ifdef __x86_64__

// Where some window may begin in a part, which is of whole lanes; at least three bytes follow it.
// A bit for each lane that has such a place.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) std::uint32_t FindPlaces(
    std::string_view part, const std::vector<WindowTables>& all_tables, Places* places) {
  constexpr std::size_t kAhead = 4096;  // memory is asked for so early
  static_assert(WindowTables::kWindow == 4);
  std::uint32_t lanes = 0;
  for (std::size_t lane = 0; lane < part.size() / kLane; ++lane) {
    const char* const at = part.data() + lane * kLane;
    __builtin_prefetch(at + kAhead);
    const __m512i bytes[] = {_mm512_loadu_si512(at), _mm512_loadu_si512(at + 1),
                             _mm512_loadu_si512(at + 2), _mm512_loadu_si512(at + 3)};
    __m512i all = _mm512_setzero_si512();
    for (const WindowTables& tables : all_tables) {
      __m512i buckets = _mm512_set1_epi8(-1);
      for (std::size_t place = 0; place < WindowTables::kWindow; ++place) {
        const std::uint8_t* const table = tables.places[place].data();
        const __m512i here = _mm512_permutex2var_epi8(_mm512_load_si512(table), bytes[place],
                                                      _mm512_load_si512(table + kLane));
        buckets = _mm512_and_si512(buckets, here);
      }
      all = _mm512_or_si512(all, buckets);
    }
    const std::uint64_t here = _mm512_test_epi8_mask(all, all);
    (*places)[lane] = here;
    lanes |= std::uint32_t{here != 0} << lane;
  }
  return lanes;
}

bool CanFindPlaces() {
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi") != 0;
}

#else

std::uint32_t FindPlaces(std::string_view /*part*/, const std::vector<WindowTables>& /*all_tables*/,
                         Places* /*places*/) {
  return 0;
}

bool CanFindPlaces() { return false; }

#endif

std::uint32_t WordAt(const char* window) {
  std::uint32_t word = 0;
  std::memcpy(&word, window, WindowTables::kWindow);
  return word;
}

std::uint16_t HashOf(std::uint32_t word) {
  constexpr std::uint32_t kGoldenRatio = 0x9e3779b1;
  return static_cast<std::uint16_t>(word * kGoldenRatio >> 16);
}

template <std::size_t kWords>
bool HasBit(const std::array<std::uint64_t, kWords>& bits, std::size_t bit) {
  return (bits[bit / 64] >> bit % 64 & 1) != 0;
}

// Each case of its letters. Those of a window of fewer bytes are the ends of words.
std::vector<std::uint32_t> FormsOfWindow(const Literal& literal, std::size_t offset) {
  const std::size_t size = std::min(WindowTables::kWindow, literal.bytes.size());
  std::vector<std::string> forms = {std::string(WindowTables::kWindow - size, '\0')};
  for (std::size_t i = 0; i < size; ++i) {
    std::vector<std::string> longer;
    for (const std::string& form : forms) {
      for (const char c : FormsAt(literal, offset + i)) longer.push_back(form + c);
    }
    forms = std::move(longer);
  }
  std::vector<std::uint32_t> words;
  for (const std::string& form : forms) words.push_back(WordAt(form.data()));
  return words;
}

}  // namespace

// Windows that share one bit of the tables. Every place is looked at where each byte is one of
// those that some of the windows have there.
class LiteralFilter::Bucket {
 public:
  // The part of all places that is looked at for this bucket.
  double cost() const { return cost_; }
  const std::vector<Form>& windows() const { return windows_; }
  bool Has(std::size_t place, std::size_t byte) const { return bytes_[place][byte]; }

  double CostWith(const Literal& literal, std::size_t offset) const {
    Sets with = bytes_;
    auto frequencies = frequencies_;
    Insert(literal, offset, &with, &frequencies);
    return CostOf(with, frequencies);
  }

  void Add(const Literal& literal, const Form& window) {
    windows_.push_back(window);
    Insert(literal, window.offset, &bytes_, &frequencies_);
    cost_ = CostOf(bytes_, frequencies_);
  }

 private:
  using Sets = std::array<std::bitset<WindowTables::kBytes>, kWindow>;
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
    std::bitset<WindowTables::kBytes> runs;
    runs.set();
    for (std::size_t i = 0; i < kWindow; ++i) {
      cost *= frequencies[i];
      runs &= sets[i];
    }
    return cost + kRun * static_cast<double>(runs.count()) + (runs[0] ? kZeros : 0);
  }

  std::vector<Form> windows_;
  Sets bytes_;
  Frequencies frequencies_ = {};
  double cost_ = 0;
};

// Which window a literal has, and in which bucket.
class LiteralFilter::Distribution {
 public:
  explicit Distribution(const std::vector<Literal>& literals)
      : literals_(literals), buckets_(CountOf(literals)), same_(kHashes) {
    // Those that cost most come first: for others there is a place left.
    std::vector<double> alone;
    for (const Literal& literal : literals) alone.push_back(Bucket().CostWith(literal, 0));
    std::vector<std::uint32_t> order(literals.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return alone[a] > alone[b]; });
    for (const std::uint32_t number : order) Add(number);
  }

  const std::vector<Bucket>& buckets() const { return buckets_; }

 private:
  // Of more tables each takes its time, and saves little of that of looks.
  static std::size_t CountOf(const std::vector<Literal>& literals) {
    constexpr std::size_t kLiteralsOfTables = 150;
    constexpr std::size_t kMostTables = 4;
    const std::size_t tables = (literals.size() + kLiteralsOfTables - 1) / kLiteralsOfTables;
    return std::min(tables, kMostTables) * WindowTables::kBuckets;
  }

  std::uint16_t& SameAs(const Literal& literal, std::size_t offset) {
    return same_[HashOf(FormsOfWindow(literal, offset).front())];
  }

  // Where it costs least. What many have in common costs nothing in the tables, but where it stands
  // each of them is compared.
  void Add(std::uint32_t number) {
    constexpr std::size_t kMostOffsets = 8;
    constexpr double kCompared = 2e-6;
    constexpr double kFrequent = 5e-4;
    const Literal& literal = literals_[number];
    const std::size_t windows = std::max(literal.bytes.size(), kWindow) - kWindow + 1;
    double least = std::numeric_limits<double>::infinity();
    Bucket* chosen = nullptr;
    Form window{number};
    for (std::uint32_t offset = 0; offset < std::min(windows, kMostOffsets); ++offset) {
      const bool frequent = IsFrequent(std::string_view(literal.bytes).substr(offset, kWindow));
      const double compared = kCompared * SameAs(literal, offset) + (frequent ? kFrequent : 0);
      for (Bucket& bucket : buckets_) {
        const double more = bucket.CostWith(literal, offset) - bucket.cost() + compared;
        if (more >= least) continue;
        least = more;
        chosen = &bucket;
        window.offset = offset;
      }
    }
    chosen->Add(literal, window);
    ++SameAs(literal, window.offset);
  }

  const std::vector<Literal>& literals_;
  std::vector<Bucket> buckets_;
  std::vector<std::uint16_t> same_;  // windows, by the hash of their first form
};

LiteralFilter::LiteralFilter(const std::vector<Literal>& literals) : literals_(literals) {
  const Distribution distribution(literals);
  for (std::size_t i = 0; i < distribution.buckets().size(); ++i) {
    AddBucket(i, distribution.buckets()[i]);
  }
}

// Vectorscan is slow with many literals of two or three bytes, as the rules have them.
bool LiteralFilter::Suits(const std::vector<Literal>& literals) {
  constexpr std::size_t kLeastBytes = 2;
  constexpr std::size_t kManyShort = 32;
  constexpr std::size_t kMost = 400;
  constexpr std::size_t kMostWithShort = 2500;
  const auto shorter_than = [&](std::size_t size) {
    return static_cast<std::size_t>(
        std::count_if(literals.begin(), literals.end(),
                      [size](const Literal& literal) { return literal.bytes.size() < size; }));
  };
  const std::size_t most = shorter_than(kWindow) >= kManyShort ? kMostWithShort : kMost;
  return CanFindPlaces() && !literals.empty() && literals.size() <= most &&
         shorter_than(kLeastBytes) == 0;
}

std::unique_ptr<const LiteralFilter> LiteralFilter::For(const std::vector<Literal>& literals) {
  constexpr std::size_t kMostOfHash = 16;
  if (!Suits(literals)) return nullptr;
  auto filter = std::unique_ptr<LiteralFilter>(new LiteralFilter(literals));
  return filter->SortForms() <= kMostOfHash ? std::move(filter) : nullptr;
}

void LiteralFilter::AddBucket(std::size_t number, const Bucket& bucket) {
  const std::size_t bit = number % WindowTables::kBuckets;
  if (bit == 0) tables_.emplace_back();
  for (std::size_t place = 0; place < kWindow; ++place) {
    for (std::size_t byte = 0; byte < WindowTables::kBytes; ++byte) {
      if (bucket.Has(place, byte)) {
        tables_.back().places[place][byte] |= static_cast<std::uint8_t>(1U << bit);
      }
    }
  }
  for (const Form& window : bucket.windows()) AddForms(window);
}

// No two of a window have the same hash.
void LiteralFilter::AddForms(Form form) {
  const Literal& literal = literals_[form.literal];
  form.size = static_cast<std::uint16_t>(std::min(kWindow, literal.bytes.size()));
  for (const std::uint32_t word : FormsOfWindow(literal, form.offset)) {
    form.hash = HashOf(word);
    hashes_[form.hash / 64] |= std::uint64_t{1} << form.hash % 64;
    // Its first two bytes: Suits takes no literal of one.
    const std::size_t begin = word >> 8 * (kWindow - form.size) & 0xffff;
    if (form.size < kWindow) short_begins_[begin / 64] |= std::uint64_t{1} << begin % 64;
    forms_.push_back(form);
  }
  shortest_ = std::min<std::size_t>(shortest_, form.size);
}

std::size_t LiteralFilter::SortForms() {
  std::sort(forms_.begin(), forms_.end(),
            [](const Form& a, const Form& b) { return a.hash < b.hash; });
  for (const Form& form : forms_) ++rows_[form.hash / kHashesOfRow + 1U];
  std::partial_sum(rows_.begin(), rows_.end(), rows_.begin());
  std::size_t most = 0;
  std::size_t same = 0;
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    same = i > 0 && forms_[i].hash == forms_[i - 1].hash ? same + 1 : 1;
    most = std::max(most, same);
  }
  return most;
}

void LiteralFilter::Scan(std::string_view bytes, const OnHit& on_hit) const {
  std::vector<Hit> hits;  // not told yet
  const auto tell = [&](std::size_t until) {
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit& a, const Hit& b) { return a.end < b.end; });
    const auto later = std::partition_point(hits.begin(), hits.end(),
                                            [&](const Hit& hit) { return hit.end <= until; });
    std::for_each(hits.begin(), later, [&](const Hit& hit) { on_hit(hit.literal, hit.begin); });
    hits.erase(hits.begin(), later);
  };
  std::size_t at = 0;
  while (at + kLane + kWindow <= bytes.size()) {
    const std::size_t size = std::min(kPart, (bytes.size() - at - kWindow) / kLane * kLane);
    ScanPart(bytes, at, bytes.substr(at, size), &hits);
    at += size;
    if (!hits.empty()) tell(at);  // those of a later part end behind it
  }
  // The last bytes are looked at in a room of their own, where zeros follow.
  std::array<char, 2 * kLane + kWindow> room = {};
  const std::string_view rest = bytes.substr(at);
  std::copy(rest.begin(), rest.end(), room.begin());
  ScanPart(bytes, at, {room.data(), 2 * kLane}, &hits);
  tell(bytes.size());
}

// part: what bytes hold at that place, of whole lanes.
void LiteralFilter::ScanPart(std::string_view bytes, std::size_t at, std::string_view part,
                             std::vector<Hit>* hits) const {
  static_assert(kPart / kLane == 32);
  Places places;  // of its lanes, those that have some
  for (std::uint32_t lanes = FindPlaces(part, tables_, &places); lanes != 0; lanes &= lanes - 1) {
    const auto lane = static_cast<std::size_t>(std::countr_zero(lanes));
    for (std::uint64_t left = places[lane]; left != 0; left &= left - 1) {
      const std::size_t place = lane * kLane + static_cast<std::size_t>(std::countr_zero(left));
      LookAt(WordAt(part.data() + place), bytes, at + place, hits);
    }
  }
}

// The word at that place may be a window, or begin with a shorter one.
void LiteralFilter::LookAt(std::uint32_t word, std::string_view bytes, std::size_t at,
                           std::vector<Hit>* hits) const {
  const bool may_be_short = HasBit(short_begins_, word & 0xffff);
  const std::size_t least = may_be_short ? shortest_ : kWindow;
  for (std::size_t size = kWindow; size >= least; --size) {
    const std::size_t hash = HashOf(word << 8 * (kWindow - size));
    if (!HasBit(hashes_, hash) || at >= bytes.size()) continue;
    const std::size_t row = hash / kHashesOfRow;
    for (std::size_t i = rows_[row]; i < rows_[row + 1]; ++i) {
      const Form& form = forms_[i];
      if (form.hash != hash || form.size != size || form.offset > at) continue;
      const Literal& literal = literals_[form.literal];
      const std::size_t begin = at - form.offset;
      if (!Begins(bytes.substr(begin), literal)) continue;
      hits->push_back({form.literal, begin, begin + literal.bytes.size()});
    }
  }
}

}  // namespace watertight
