#include "framework/scan/literal_filter.h"

#include <algorithm>
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

constexpr std::size_t kLane = 64;          // bytes of a register
constexpr std::size_t kBlock = 2 * kLane;  // that are looked at together

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

using Places = std::array<std::uint64_t, kBlock / kLane>;  // a bit for each

#ifdef __x86_64__

// The first block from that one on which holds a place where a window may begin, and all such
// places in it; none when there is no such block.
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) std::size_t NextPlaces(
    std::string_view blocks, std::size_t block, const std::uint8_t* tables, Places* places) {
  constexpr std::size_t kAhead = 4096;  // memory is asked for so early
  const __m512i low[] = {_mm512_load_si512(tables), _mm512_load_si512(tables + 128),
                         _mm512_load_si512(tables + 256), _mm512_load_si512(tables + 384)};
  const __m512i high[] = {_mm512_load_si512(tables + 64), _mm512_load_si512(tables + 192),
                          _mm512_load_si512(tables + 320), _mm512_load_si512(tables + 448)};
  for (; block < blocks.size(); block += kBlock) {
    __m512i buckets[kBlock / kLane];
    for (std::size_t lane = 0; lane < kBlock / kLane; ++lane) {
      const char* const at = blocks.data() + block + lane * kLane;
      __builtin_prefetch(at + kAhead);
      const __m512i first = _mm512_permutex2var_epi8(low[0], _mm512_loadu_si512(at), high[0]);
      const __m512i second = _mm512_permutex2var_epi8(low[1], _mm512_loadu_si512(at + 1), high[1]);
      const __m512i third = _mm512_permutex2var_epi8(low[2], _mm512_loadu_si512(at + 2), high[2]);
      const __m512i fourth = _mm512_permutex2var_epi8(low[3], _mm512_loadu_si512(at + 3), high[3]);
      buckets[lane] =
          _mm512_and_si512(_mm512_and_si512(first, second), _mm512_and_si512(third, fourth));
    }
    const __m512i any = _mm512_or_si512(buckets[0], buckets[1]);
    if (_mm512_test_epi8_mask(any, any) == 0) continue;
    *places = {_mm512_test_epi8_mask(buckets[0], buckets[0]),
               _mm512_test_epi8_mask(buckets[1], buckets[1])};
    return block;
  }
  *places = {};
  return blocks.size();
}

bool CanFindPlaces() {
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi") != 0;
}

#else

std::size_t NextPlaces(std::string_view blocks, std::size_t /*block*/,
                       const std::uint8_t* /*tables*/, Places* places) {
  *places = {};
  return blocks.size();
}

bool CanFindPlaces() { return false; }

#endif

std::string AllBytes() {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  return all;
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
std::vector<LiteralFilter::Bucket> LiteralFilter::Distribute(const std::vector<Literal>& literals) {
  constexpr std::size_t kMostOffsets = 8;
  std::vector<double> alone;
  for (const Literal& literal : literals) alone.push_back(Bucket().CostWith(literal, 0));
  std::vector<std::uint32_t> order(literals.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return alone[a] > alone[b]; });
  std::vector<Bucket> buckets(kBuckets);
  for (const std::uint32_t number : order) {
    const Literal& literal = literals[number];
    const std::size_t windows = literal.bytes.size() <= kWindow
                                    ? 1
                                    : std::min(kMostOffsets, literal.bytes.size() - kWindow + 1);
    double least = std::numeric_limits<double>::infinity();
    Bucket* chosen = nullptr;
    Member member{number, 0};
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

LiteralFilter::LiteralFilter(const std::vector<Literal>& literals,
                             const std::vector<Bucket>& buckets)
    : literals_(literals) {
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    members_[i] = buckets[i].members();
    for (const Member& member : members_[i]) AddWindows(member);
    for (std::size_t place = 0; place < kWindow; ++place) {
      for (std::size_t byte = 0; byte < kTableBytes; ++byte) {
        if (buckets[i].Has(place, byte)) tables_[place][byte] |= static_cast<std::uint8_t>(1U << i);
      }
    }
  }
}

std::unique_ptr<const LiteralFilter> LiteralFilter::For(const std::vector<Literal>& literals) {
  constexpr std::size_t kLeastBytes = 3;
  constexpr std::size_t kMostLiterals = 1024;
  constexpr double kMostLooks = 1.0 / 100;
  if (!CanFindPlaces() || literals.empty() || literals.size() > kMostLiterals) {
    return nullptr;
  }
  for (const Literal& literal : literals) {
    if (literal.bytes.size() < kLeastBytes) return nullptr;
  }
  const std::vector<Bucket> buckets = Distribute(literals);
  const double looks =
      std::accumulate(buckets.begin(), buckets.end(), 0.0,
                      [](double sum, const Bucket& bucket) { return sum + bucket.cost(); });
  if (looks > kMostLooks) return nullptr;
  return std::unique_ptr<const LiteralFilter>(new LiteralFilter(literals, buckets));
}

std::size_t LiteralFilter::HashOf(const char* window) {
  constexpr std::uint32_t kGoldenRatio = 0x9e3779b1;
  std::uint32_t word = 0;
  std::memcpy(&word, window, kWindow);
  return word * kGoldenRatio >> 16;
}

// In all forms: each case of its letters, and any byte behind a short literal.
void LiteralFilter::AddWindows(const Member& member) {
  std::vector<std::string> windows = {""};
  for (std::size_t i = 0; i < kWindow; ++i) {
    std::string forms = FormsAt(literals_[member.literal], member.offset + i);
    if (forms.empty()) forms = AllBytes();
    std::vector<std::string> longer;
    for (const std::string& window : windows) {
      for (const char c : forms) longer.push_back(window + c);
    }
    windows = std::move(longer);
  }
  for (const std::string& window : windows) {
    const std::size_t hash = HashOf(window.data());
    hashes_[hash / 64] |= std::uint64_t{1} << hash % 64;
  }
}

std::vector<LiteralFilter::Hit> LiteralFilter::Scan(std::string_view bytes) const {
  constexpr std::size_t kRoom = kBlock + kWindow;
  std::vector<Hit> hits;
  // The last bytes are looked at in a room of their own, where zeros follow.
  const std::size_t whole = bytes.size() < kRoom ? 0 : (bytes.size() - kWindow) / kBlock * kBlock;
  ScanBlocks(bytes, 0, bytes.substr(0, whole), &hits);
  for (std::size_t at = whole; at < bytes.size(); at += kBlock) {
    std::array<char, kRoom> room = {};
    const std::string_view rest = bytes.substr(at, kRoom);
    std::copy(rest.begin(), rest.end(), room.begin());
    ScanBlocks(bytes, at, {room.data(), kBlock}, &hits);
  }
  std::stable_sort(hits.begin(), hits.end(), [this](const Hit& a, const Hit& b) {
    return a.second + literals_[a.first].bytes.size() < b.second + literals_[b.first].bytes.size();
  });
  return hits;
}

// blocks: what bytes hold from that place on, and kWindow - 1 bytes follow it.
void LiteralFilter::ScanBlocks(std::string_view bytes, std::size_t at, std::string_view blocks,
                               std::vector<Hit>* hits) const {
  Places places;
  for (std::size_t block = 0; block < blocks.size(); block += kBlock) {
    block = NextPlaces(blocks, block, tables_[0].data(), &places);
    for (std::size_t lane = 0; lane < places.size(); ++lane) {
      for (std::uint64_t left = places[lane]; left != 0; left &= left - 1) {
        const std::size_t place =
            block + lane * kLane + static_cast<std::size_t>(__builtin_ctzll(left));
        const char* const window = blocks.data() + place;
        const std::size_t hash = HashOf(window);
        if ((hashes_[hash / 64] >> hash % 64 & 1) != 0) Compare(window, bytes, at + place, hits);
      }
    }
  }
}

// The literals whose window stands at that place.
void LiteralFilter::Compare(const char* window, std::string_view bytes, std::size_t at,
                            std::vector<Hit>* hits) const {
  unsigned buckets = (1U << kBuckets) - 1;
  for (std::size_t i = 0; i < kWindow; ++i) buckets &= tables_[i][IndexOf(window[i])];
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if ((buckets >> i & 1) == 0) continue;
    for (const Member& member : members_[i]) {
      if (member.offset > at) continue;
      const std::size_t begin = at - member.offset;
      if (Begins(bytes.substr(begin), literals_[member.literal])) {
        hits->emplace_back(member.literal, begin);
      }
    }
  }
}

}  // namespace watertight
