// Known values in texts. What Python's base64, json, urllib.parse and codecs make of a value is
// written down here; tests/cli/find_test.py asks them for thousands of random values.

#include "framework/scan/byte_search.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

namespace watertight {

void PrintTo(const FoundValue& found, std::ostream* out) {
  *out << "value " << found.secret << " at " << found.offset << ", " << found.length << " bytes";
  for (const std::string& encoding : found.encoding) *out << ", " << encoding;
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Chain = std::vector<std::string>;

std::vector<FoundValue> Find(const ValueSet& set, std::string_view text, std::size_t piece) {
  LiteralSet::Scratch scratch;
  ByteSearch search(set, &scratch, ByteSearch::Lines::kCounted, piece);
  while (!text.empty()) {
    const std::size_t count = std::min({piece, text.size(), search.room_size()});
    std::copy_n(text.begin(), count, search.room());
    search.Take(count);
    text.remove_prefix(count);
  }
  search.Finish();
  return search.found();
}

std::vector<FoundValue> Find(const std::string& value, std::string_view text) {
  return Find(ValueSet({value}), text, 1024);
}

struct SpelledText {
  std::string spelled;
  Chain encoding;
};

std::string Bytes(const char* text, std::size_t size) { return {text, size}; }

constexpr char kToken[] = "tok-5f0aQ";
const std::vector<SpelledText> kTokenSpellings = {
    {"tok-5f0aQ", {}},
    {"dG9rLTVmMGFR", {"base64"}},
    {"dG9rL\nTVmMGFR", {"base64"}},
    {"dG9rLTVm\r\n    MGFR", {"base64"}},
    {"dG9rLTVm\\nMGFR", {"json", "base64"}},
    {"746f6b2d3566306151", {"hex"}},
    {"746F6B2D3566306151", {"hex"}},
    {Bytes("t\0o\0k\0-\0005\0f\0000\0a\0Q\0", 18), {"utf-16le"}},
    {Bytes("\0t\0o\0k\0-\0005\0f\0000\0a\0Q", 18), {"utf-16be"}},
    {"dABvAGsALQA1AGYAMABhAFEA", {"base64", "utf-16le"}},
    {"ZEc5ckxUVm1NR0ZS", {"base64", "base64"}},
    {"NzQ2ZjZiMmQzNTY2MzA2MTUx", {"base64", "hex"}},
    {"%74%6f%6b%2d%35%66%30%61%51", {"percent"}},
    {"%74%6F%6B%2D%35%66%30%61%51", {"percent"}},
    {"\\x74\\x6f\\x6b\\x2d\\x35\\x66\\x30\\x61\\x51", {"c-escape"}},
    {"\\164\\157\\153\\055\\065\\146\\060\\141\\121", {"c-escape"}},
    {"\\u0074\\u006f\\u006b\\u002d\\u0035\\u0066\\u0030\\u0061\\u0051", {"unicode-escape"}},
    {"&#116;&#111;&#107;&#45;&#53;&#102;&#48;&#97;&#81;", {"html"}},
    {"&#x74;&#x6F;&#x6B;&#x2D;&#x35;&#x66;&#x30;&#x61;&#x51;", {"html"}},
    {"=74=6F=6B=2D=35=66=30=61=51", {"quoted-printable"}},
    // printf tok-5f0aQ | gzip -n | base64
    {"H4sIAAAAAAAAAyvJz9Y1TTNIDAQAqntjQwkAAAA", {"base64", "gzip"}},
};

constexpr char kPassword[] = "k3y/V@lue\"9+x\\z";
const std::vector<SpelledText> kPasswordSpellings = {
    {"k3y/V@lue\"9+x\\z", {}},
    {"k3y/V@lue\\\"9+x\\\\z", {"json"}},
    {"k3y\\/V@lue\\\"9+x\\\\z", {"json"}},
    {"k3y/V\\u0040lue\\u00229\\u002Bx\\u005Cz", {"json"}},
    {"k3y/V@lue\\\\\\\"9+x\\\\\\\\z", {"json", "json"}},
    {"k3y%2FV%40lue%229%2Bx%5Cz", {"percent"}},
    {"k3y/V@lue%229%2bx%5cz", {"percent"}},
    {"k3y/V@lue\\0429+x\\134z", {"c-escape"}},
    {"k3y/V@lue&quot;9+x\\z", {"html"}},
    {"k3y/V@lue&#34;9+x\\z", {"html"}},
    {"k3y/V=40lue\"9=2bx\\z", {"quoted-printable"}},
    {"azN5L1ZAbHVlIjkreFx6", {"base64"}},
    {"azN5L1ZAbHVlXCI5K3hcXHo", {"base64", "json"}},
};

void ExpectFound(const std::string& value, const std::vector<SpelledText>& spellings,
                 const std::string& before, const std::string& behind) {
  const ValueSet set({value});
  for (const SpelledText& text : spellings) {
    const auto found = Find(set, before + text.spelled + behind, 1024);
    ASSERT_THAT(found, SizeIs(1)) << before + text.spelled + behind;
    EXPECT_EQ(found[0].offset, before.size()) << text.spelled;
    EXPECT_EQ(found[0].length, text.spelled.size()) << text.spelled;
    EXPECT_EQ(found[0].encoding, text.encoding) << text.spelled;
  }
}

TEST(ByteSearch, FindsEachSpelling) {
  ExpectFound(kToken, kTokenSpellings, "", "");
  ExpectFound(kToken, kTokenSpellings, "key=", " # end");
  ExpectFound(kPassword, kPasswordSpellings, "", "");
  ExpectFound(kPassword, kPasswordSpellings, "{\"a\": \"", "\"}");
}

TEST(ByteSearch, FindsAValueOverTheEndsOfLinesInMails) {
  const std::string value = "wt1-Ab3Cd5Ef7Gh9Ij1Kl3Mn5Op7";
  for (const char* end : {"=\n", "=\r\n"}) {
    for (std::size_t at = 1; at < value.size(); ++at) {
      const auto found = Find(value, "key: " + value.substr(0, at) + end + value.substr(at) + "\n");
      ASSERT_THAT(found, SizeIs(1)) << at;
      EXPECT_EQ(found[0].offset, 5U) << at;
      EXPECT_EQ(found[0].encoding, Chain({"quoted-printable"})) << at;
    }
  }
}

TEST(ByteSearch, FindsTheValueInsideOfEncodedText) {
  // base64 of "tok-5f0aQ" with 0 to 5 bytes before and two behind it.
  const std::pair<const char*, std::uint64_t> texts[] = {{"dG9rLTVmMGFRISE=", 0},
                                                         {"eHRvay01ZjBhUSEh", 1},
                                                         {"eHl0b2stNWYwYVEhIQ==", 2},
                                                         {"eHl6dG9rLTVmMGFRISE=", 4},
                                                         {"eHl6eHRvay01ZjBhUSEh", 5}};
  for (const auto& [text, offset] : texts) {
    const auto found = Find(kToken, text);
    ASSERT_THAT(found, SizeIs(1)) << text;
    EXPECT_EQ(found[0].offset, offset) << text;
    EXPECT_EQ(found[0].length, offset % 4 == 0 ? 12U : 13U) << text;
    EXPECT_EQ(found[0].encoding, Chain({"base64"}));
  }
}

TEST(ByteSearch, KnowsTheUrlAlphabet) {
  const std::string value =
      "ab?>~\xff\xfe"
      "0";
  EXPECT_EQ(Find(value, "YWI_Pn7__jA=")[0].encoding, Chain({"base64url"}));
  EXPECT_EQ(Find(value, "YWI/Pn7//jA=")[0].encoding, Chain({"base64"}));
  EXPECT_EQ(Find(value, "YWI%2FPn7%2F%2FjA%3D")[0].encoding, Chain({"percent", "base64"}));
}

TEST(ByteSearch, ComparesTheBitsAtTheEdges) {
  // "xtok-5f0aQ!" with one bit of the first or last byte of the token changed.
  EXPECT_THAT(Find(kToken, "eHRvay01ZjBhUSE="), SizeIs(1));
  EXPECT_THAT(Find(kToken, "eGRvay01ZjBhUSE="), IsEmpty());
  EXPECT_THAT(Find(kToken, "eHRvay01ZjBhUCE="), IsEmpty());
}

TEST(ByteSearch, TellsByteOrdersApart) {
  std::string little;
  std::string big;
  for (const char c : std::string("say tok-5f0aQ now")) {
    little += c;
    little += '\0';
    big += '\0';
    big += c;
  }
  ASSERT_THAT(Find(kToken, "\xff\xfe" + little), SizeIs(1));
  EXPECT_EQ(Find(kToken, "\xff\xfe" + little)[0].encoding, Chain({"utf-16le"}));
  ASSERT_THAT(Find(kToken, "\xfe\xff" + big), SizeIs(1));
  EXPECT_EQ(Find(kToken, "\xfe\xff" + big)[0].encoding, Chain({"utf-16be"}));
}

TEST(ByteSearch, TakesValuesOfAnyBytes) {
  for (std::string value :
       {std::string(5, '\0'), std::string("\0\1\2\3", 4), std::string(9, '\xff'),
        std::string("\n\n\n\n"), std::string("\\\"\\\"/"), std::string("    ")}) {
    EXPECT_THAT(Find(value, "x" + value + "x"), SizeIs(1)) << ::testing::PrintToString(value);
  }
}

TEST(ByteSearch, FindsShortValues) {
  const std::string value = "hi_5";
  for (const char* text : {"hi_5", "aGlfNQ==", "eGhpXzU=", "eHloaV81", "aG\nlfNQ", "aGl\r\nfNQ",
                           "68695f35", "%68%69%5f%35"}) {
    EXPECT_THAT(Find(value, text), SizeIs(1)) << text;
  }
  EXPECT_THAT(Find(value, Bytes("h\0i\0_\0005\0", 8)), SizeIs(1));
  EXPECT_THAT(Find(value, "hi_4 aGlfNA=="), IsEmpty());
}

constexpr char kKey[] =
    "-----BEGIN X KEY-----\nabcdefghijkl/nopqrstuvwxyz01\nABCDEFGHIJKLMNOPQRSTUVWXYZ+=\n"
    "-----END X KEY-----";

TEST(ByteSearch, FindsKeysWithOtherLineEnds) {
  const std::pair<const char*, Chain> texts[] = {
      {"-----BEGIN X KEY-----\r\nabcdefghijkl/nopqrstuvwxyz01\r\nABCDEFGHIJKLMNOPQRSTUVWXYZ+=\r\n"
       "-----END X KEY-----",
       {}},
      {"-----BEGIN X KEY-----\\nabcdefghijkl/nopqrstuvwxyz01\\nABCDEFGHIJKLMNOPQRSTUVWXYZ+=\\n"
       "-----END X KEY-----",
       {"json"}},
      {"-----BEGIN X KEY-----\\nabcdefghijkl\\/nopqrstuvwxyz01\\nABCDEFGHIJKLMNOPQRSTUVWXYZ+=\\n"
       "-----END X KEY-----",
       {"json"}},
      {"-----BEGIN X KEY-----\n  abcdefghijkl/nopqrs\n  tuvwxyz01ABCDEFGHIJ\n  KLMNOPQRSTUVWXYZ+=\n"
       "  -----END X KEY-----",
       {}},
      {"-----BEGIN X KEY----- abcdefghijkl/nopqrstuvwxyz01ABCDEFGHIJKLMNOPQRSTUVWXYZ+= "
       "-----END X KEY-----",
       {}}};
  for (const auto& [text, encoding] : texts) {
    const auto found = Find(kKey, std::string("key: |\n  ") + text + "\nend");
    ASSERT_THAT(found, SizeIs(1)) << text;
    EXPECT_EQ(found[0].offset, 9U) << text;
    EXPECT_EQ(found[0].length, std::string_view(text).size()) << text;
    EXPECT_EQ(found[0].encoding, encoding) << text;
  }
}

TEST(ByteSearch, SaysNothingOfWhatIsNotThere) {
  for (const char* text : {"", "tok-5f0a", "ok-5f0aQ", "tok-5f0aq", "TOK-5F0AQ", "746f6b2d35663061",
                           "dG9rLTVmMGFS", "tok- 5f0aQ", "tok\n-5f0aQ"}) {
    EXPECT_THAT(Find(kToken, text), IsEmpty()) << text;
  }
}

TEST(ByteSearch, CountsEachOccurrenceOnce) {
  std::vector<std::uint64_t> offsets;
  for (const FoundValue& found : Find("aaaa", "aaaaaaaaaa bbaaaab")) {
    offsets.push_back(found.offset);
  }
  EXPECT_THAT(offsets, ElementsAre(0, 4, 13));
}

TEST(ByteSearch, TellsSeveralValuesApart) {
  const auto found = Find(ValueSet({"first-value", "second-value"}),
                          "second-value first-value c2Vjb25kLXZhbHVl", 64);
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].secret, 2);
  EXPECT_EQ(found[1].secret, 1);
  EXPECT_EQ(found[2].secret, 2);
}

TEST(ByteSearch, LeavesOutWhatIsTooMuch) {
  std::string text;
  for (int i = 0; i < 10'003; ++i) text += "tok-5f0aQ\n";
  const ValueSet set({kToken});
  LiteralSet::Scratch scratch;
  ByteSearch search(set, &scratch, ByteSearch::Lines::kNotCounted);
  search.Take(text);
  search.Finish();
  EXPECT_THAT(search.found(), SizeIs(10'000));
  EXPECT_EQ(search.left_out(), 3U);
}

TEST(ByteSearch, CountsLines) {
  for (const std::size_t piece : {1U, 7U, 10'000U}) {
    const auto found =
        Find(ValueSet({kToken}),
             "tok-5f0aQ\n\n tok-5f0aQ\r\n" + std::string(9'000, '\n') + "12345tok-5f0aQ", piece);
    ASSERT_THAT(found, SizeIs(3));
    EXPECT_EQ(std::pair(found[0].line, found[0].column), std::pair(1UL, 1UL));
    EXPECT_EQ(std::pair(found[1].line, found[1].column), std::pair(3UL, 2UL));
    EXPECT_EQ(std::pair(found[2].line, found[2].column), std::pair(9'004UL, 6UL));
  }
}

// Wherever pieces end.
TEST(ByteSearch, FindsAcrossPieces) {
  std::string text;
  std::vector<std::uint64_t> begins;
  for (const auto* spellings : {&kTokenSpellings, &kPasswordSpellings}) {
    for (const SpelledText& spelling : *spellings) {
      text += std::string(37, '.');
      begins.push_back(text.size());
      text += spelling.spelled;
    }
  }
  const ValueSet set({kToken, kPassword});
  std::vector<std::size_t> pieces(300);
  std::iota(pieces.begin(), pieces.end(), 1);
  for (const std::size_t piece : pieces) {
    std::vector<std::uint64_t> offsets;
    for (const FoundValue& found : Find(set, text, piece)) offsets.push_back(found.offset);
    ASSERT_EQ(offsets, begins) << "pieces of " << piece;
  }
}

// As `text`, but searched where it stands, up to `attached` of its bytes; the others are read.
std::vector<std::uint64_t> FindAttached(const ValueSet& set, std::string_view text,
                                        std::size_t piece, std::size_t attached) {
  LiteralSet::Scratch scratch;
  ByteSearch search(set, &scratch, ByteSearch::Lines::kCounted, piece);
  search.Attach(text.data());
  for (std::size_t at = 0; at < attached; at += piece) search.Take(std::min(piece, attached - at));
  search.Detach();
  search.Take(text.substr(attached));
  search.Finish();
  std::vector<std::uint64_t> offsets;
  for (const FoundValue& found : search.found()) offsets.push_back(found.offset);
  return offsets;
}

TEST(ByteSearch, FindsTheSameInATextThatIsAttached) {
  std::string text;
  std::vector<std::uint64_t> begins;
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    for (const SpelledText& spelling : kTokenSpellings) {
      text += std::string(random() % 600, '.');
      begins.push_back(text.size());
      text += spelling.spelled;
    }
  }
  const ValueSet set({kToken});
  for (const std::size_t piece : {100U, 1000U, 1024U, 4096U, 100'000U}) {
    for (const std::size_t attached : {text.size(), std::size_t{1}, text.size() / 2}) {
      ASSERT_EQ(FindAttached(set, text, piece, attached), begins)
          << "pieces of " << piece << ", attached " << attached;
    }
  }
}

using Found = std::vector<std::array<std::uint64_t, 5>>;

Found TableOf(const std::vector<FoundValue>& found) {
  Found table;
  for (const FoundValue& one : found) {
    table.push_back({static_cast<std::uint64_t>(one.secret + 10'000), one.offset, one.length,
                     one.line, one.column});
  }
  return table;
}

// Large pieces are searched where they stand, and are gone when the next one comes.
TEST(ByteSearch, FindsTheSameInPiecesThatStandElsewhere) {
  std::mt19937 random(6);
  std::string text;
  while (text.size() < 1'500'000) {
    text += std::string(random() % 9'000, random() % 3 == 0 ? '\n' : '.');
    text += kTokenSpellings[random() % kTokenSpellings.size()].spelled;
    text += random() % 2 == 0 ? "\nDB_PASSWORD=Vq8wZt3m"
                                "Lx7KcR2p\n"
                              : "\\u0074ok-5f0aQ ";
  }
  for (const RuleSet* rules : {static_cast<const RuleSet*>(nullptr), &RuleSet::BuiltIn()}) {
    const ValueSet set({kToken}, rules);
    const Found expected = TableOf(Find(set, text, 256 << 10));
    ASSERT_THAT(expected, SizeIs(::testing::Gt(300U)));
    for (const std::size_t most : {65'536U, 70'000U, 262'144U, 1'000'000U}) {
      LiteralSet::Scratch scratch;
      ByteSearch search(set, &scratch, ByteSearch::Lines::kCounted);
      std::string_view rest = text;
      while (!rest.empty()) {
        const std::string piece(rest.substr(0, most / 2 + random() % (most / 2 + 1)));
        search.Take(piece);
        rest.remove_prefix(piece.size());
      }
      search.Finish();
      EXPECT_EQ(TableOf(search.found()), expected) << "pieces of up to " << most;
    }
  }
}

using Hits = std::vector<std::pair<std::size_t, std::size_t>>;

Hits HitsOf(const LiteralSet& set, std::string_view text, bool cached) {
  LiteralSet::Scratch scratch;
  Hits hits;
  const auto add = [&](std::size_t literal, std::size_t begin) {
    hits.emplace_back(literal, begin);
  };
  cached ? set.Scan(text, &scratch, add) : set.ScanUncached(text, &scratch, add);
  const auto end = [&](const auto& hit) { return hit.second + set.size(hit.first); };
  EXPECT_TRUE(std::is_sorted(hits.begin(), hits.end(),
                             [&](const auto& a, const auto& b) { return end(a) < end(b); }));
  std::sort(hits.begin(), hits.end());
  return hits;
}

TEST(LiteralSet, ReportsEachOccurrenceOnceHoweverItSearches) {
  const std::vector<Literal> literals = {
      {"ab"},        {"aba"},     {"bab"}, {"b"}, {Bytes("\0\0", 2)}, {std::string(1500, 'c')},
      {"acb", true}, {"a", true}, {"Ab"}};
  const LiteralSet set(literals);
  std::mt19937 random(1);
  std::string text(20'000, 'c');
  for (std::size_t i = 3'000; i < text.size(); ++i) text[i] = "abcAC\0"[random() % 6];
  std::string small = text;
  for (char& c : small) c = c == 'A' || c == 'C' ? static_cast<char>(c + 32) : c;
  Hits expected;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    const std::string& from = literals[i].caseless ? small : text;
    for (std::size_t at = from.find(literals[i].bytes); at != std::string::npos;
         at = from.find(literals[i].bytes, at + 1)) {
      expected.emplace_back(i, at);
    }
  }
  for (const bool prepared : {false, true}) {
    if (prepared) set.Prepare(LiteralEngine::kVectorscan);
    EXPECT_EQ(HitsOf(set, text, true), expected) << prepared;
    EXPECT_EQ(HitsOf(set, text, false), expected) << prepared;
  }
}

// Of all rules, and of a value.
TEST(LiteralSet, ReportsTheSameByTableByFilterAndByVectorscan) {
  std::mt19937 random(2);
  std::string text;
  while (text.size() < 300'000) {
    for (const RuleSet::Lead& lead : RuleSet::BuiltIn().leads()) {
      text += lead.literal.substr(0, 1 + random() % lead.literal.size());
      if (random() % 3 == 0) text += static_cast<char>(random() % 256);
    }
    for (const SpelledText& spelled : kPasswordSpellings) text += spelled.spelled;
  }
  for (const RuleSet* rules : {static_cast<const RuleSet*>(nullptr), &RuleSet::BuiltIn()}) {
    const std::vector<std::string> values = {rules == nullptr ? kPassword : kToken};
    const Hits by_table = HitsOf(ValueSet(values, rules).literals(), text, true);
    EXPECT_THAT(by_table, SizeIs(::testing::Gt(100U)));
    for (const LiteralEngine engine : {LiteralEngine::kFastest, LiteralEngine::kVectorscan}) {
      const ValueSet set(values, rules);
      set.literals().Prepare(engine);
      EXPECT_EQ(HitsOf(set.literals(), text, true), by_table);
      EXPECT_EQ(HitsOf(set.literals(), text, false), by_table);
    }
  }
}

TEST(ByteSearch, FindsFarApartValuesOfAnySize) {
  std::mt19937 random(1);
  std::string value;
  for (int i = 0; i < 100'000; ++i) value += static_cast<char>('!' + random() % 90);
  std::string text(1'000'000, '-');
  text += value + std::string(5'000, '-') + value;
  const auto found = Find(ValueSet({value}), text, 4096);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].offset, 1'000'000U);
  EXPECT_EQ(found[1].offset, 1'105'000U);
  EXPECT_EQ(found[1].length, 100'000U);
}

}  // namespace
}  // namespace watertight
