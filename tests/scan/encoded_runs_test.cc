// Runs of digits in a text that comes in pieces.

#include "framework/scan/encoded_runs.h"

#include <gtest/gtest.h>

#include <random>
#include <tuple>

namespace watertight {
namespace {

using FoundRun = std::tuple<std::string, std::uint64_t, std::string>;  // encoding, offset, decoded

// In pieces of up to so many bytes.
std::vector<FoundRun> RunsOf(const std::string& text, std::size_t most, std::mt19937* random) {
  std::vector<FoundRun> runs;
  const auto sink = [&](const EncodedRun& run) {
    runs.emplace_back(run.encoding, run.offset, run.decoded);
  };
  EncodedRuns search;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = std::min<std::size_t>(1 + (*random)() % most, text.size() - at);
    search.Take(std::string_view(text).substr(at, size), at, sink);
    at += size;
  }
  search.Finish(sink);
  return runs;
}

// base64 and hexadecimal of words, whole and cut into lines, among what looks alike.
std::string RandomText(std::mt19937* random) {
  const std::vector<std::string> parts = {
      "d29yZHMgaW4gYmFzZTY0LCBtYW55IG9mIHRoZW0=",
      "d29yZHMgaW4gYmFzZTY0LCBtYW55IG9m\nd29yZHMgaW4gYmFzZTY0LCBtYW55IG9m\nd29y",
      "d29yZHMgaW4gYmFzZTY0LCBtYW55IG9m\\nd29yZHMgaW4gYmFzZTY0LCBtYW55IG9m\\nd2",
      "d29yZHMgaW4gYmFzZTY0LCBtYW55IG9m\r\n  d29yZHMgaW4gYmFzZTY0LCBtYW55IG9m\r\n  ",
      "776f72647320696e2068657861646563696d616c2c206d616e79",
      "776f72647320696e2068657861646563\n776f72647320696e2068657861646563\n77",
      "words and more words ",
      "a",
      "\n",
      "\\n",
      " ",
      ".",
      "=",
      "%",
      "\\",
      std::string(40, 'x'),
      std::string(1, '\0')};
  std::string text;
  for (int i = 0; i < 60; ++i) text += parts[(*random)() % parts.size()];
  return text;
}

TEST(EncodedRuns, AreTheSameWhereverPiecesEnd) {
  std::mt19937 random(1);
  std::size_t runs = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string text = RandomText(&random);
    const std::vector<FoundRun> whole = RunsOf(text + ".", 1U << 30, &random);
    runs += whole.size();
    for (const std::size_t most : {1U, 7U, 40U, 400U}) {
      ASSERT_EQ(RunsOf(text + ".", most, &random), whole) << "pieces of " << most << ": " << text;
    }
  }
  EXPECT_GT(runs, 3'000U);
}

// By Python's base64, with each + and / of it escaped as JSON and URLs have it.
TEST(EncodedRuns, AreReadFromAnEscapedDigitOnWhereverAPieceEnds) {
  const std::string plain = std::string("?>?>?>words in base64, many of them ?>") + "?>?>";
  const std::vector<std::string> before = {"", "\"", "x ", "a.", ".."};
  const std::string base64 = "Pz4/Pj8+d29yZHMgaW4gYmFzZTY0LCBtYW55IG9mIHRoZW0gPz4/Pj8+";
  for (const auto& [plus, slash] :
       std::vector<std::pair<std::string, std::string>>{{"+", "\\/"},
                                                        {"%2B", "%2F"},
                                                        {"%2b", "%2f"},
                                                        {"\\u002b", "\\u002f"},
                                                        {"\\u002B", "/"}}) {
    std::string run;
    for (const char c : base64) run += c == '+' ? plus : c == '/' ? slash : std::string(1, c);
    for (const std::string& around : before) {
      const std::string text = around + run + "\" words behind it";
      for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        std::vector<std::string> decoded;
        const auto sink = [&](const EncodedRun& one) { decoded.push_back(one.decoded); };
        EncodedRuns search;
        search.Take(std::string_view(text).substr(0, cut), 0, sink);
        search.Take(std::string_view(text).substr(cut), cut, sink);
        search.Finish(sink);
        ASSERT_EQ(decoded, std::vector<std::string>{plain}) << text << " cut at " << cut;
      }
    }
  }
}

// Characters of UTF-16, as an oracle finds them that looks at each byte.
std::vector<FoundRun> WideRunsOf(std::string_view text, std::uint64_t offset, std::size_t least) {
  std::vector<FoundRun> runs;
  const auto pair_at = [text](std::size_t at) {
    return at + 1 < text.size() && IsText(text[at]) && text[at + 1] == '\0';
  };
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    if (!pair_at(begin) || (begin >= 2 && pair_at(begin - 2))) continue;
    std::string characters;
    std::size_t end = begin;
    for (; pair_at(end); end += 2) characters += text[end];
    const bool half = end < text.size() && IsText(text[end]);
    if (half) characters += text[end];
    if (characters.size() < least) continue;
    const bool odd = (offset + begin) % 2 != 0;
    if (begin > 0 && text[begin - 1] == '\0' && (half || odd)) {
      runs.emplace_back("utf-16be", offset + begin - 1, characters);
    } else {
      if (half) characters.pop_back();
      runs.emplace_back("utf-16le", offset + begin, characters);
    }
  }
  return runs;
}

TEST(EncodedRuns, OfUtf16AreFoundWhereverTheyBegin) {
  std::mt19937 random(1);
  std::size_t found = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    while (text.size() < 600) {
      text += std::string(random() % 40, "\0\0 a\x01\xe1"[random() % 6]);
      for (std::size_t left = random() % 90; left > 0; --left) {
        const bool odd = random() % 200 == 0;
        text += odd ? static_cast<char>(random()) : static_cast<char>(' ' + random() % 95);
        if (random() % 200 != 0) text += '\0';
      }
    }
    for (const std::size_t least : {12U, 16U, 68U}) {
      std::vector<FoundRun> runs;
      const std::uint64_t offset = random() % 2;
      EncodedRuns::ScanWide(text, offset, least, [&runs](const EncodedRun& run) {
        runs.emplace_back(run.encoding, run.offset, run.decoded);
      });
      ASSERT_EQ(runs, WideRunsOf(text, offset, least)) << testing::PrintToString(text);
      found += runs.size();
    }
  }
  EXPECT_GT(found, 10'000U);
}

}  // namespace
}  // namespace watertight
