// The parts of the search, each alone, over texts in memory: items that are bytes are those of the
// text as it stands, encoded or not.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "bench/performance/images.h"
#include "framework/scan/byte_search.h"
#include "framework/scan/encoded_runs.h"
#include "framework/scan/value_set.h"
#include "generator/builders/base64.h"
#include "watertight/image.h"
#include "watertight/known_values.h"
#include "watertight/secrets.h"

namespace watertight::bench {
namespace {

constexpr std::size_t kTextBytes = std::size_t{8} << 20;

// A layer: headers, words, and bytes of no pattern.
const std::string& Tar() {
  static const std::string text = LayerBytes({.entries = 500, .content_bytes = kTextBytes});
  return text;
}

// Words alone.
std::string Words(std::size_t size) {
  std::string words;
  for (const char c : Tar()) {
    if (words.size() == size) break;
    if ((c >= 'a' && c <= 'z') || c == ' ' || c == '\n') words += c;
  }
  return words;
}

std::string Plain(std::string_view text) { return std::string(text); }

// Lines of 76 digits, as MIME has them.
std::string Base64Lines(std::string_view text) {
  constexpr std::size_t kBytesOfLine = 57;
  std::string lines;
  for (std::size_t i = 0; i < text.size(); i += kBytesOfLine) {
    lines += generator::Base64(text.substr(i, kBytesOfLine)) + "\n";
  }
  return lines;
}

std::string EachByte(const char* format, std::string_view text) {
  std::string bytes;
  for (const char c : text) {
    char spelled[8];
    std::snprintf(spelled, sizeof(spelled), format, static_cast<unsigned char>(c));
    bytes += spelled;
  }
  return bytes;
}

std::string Hex(std::string_view text) { return EachByte("%02x", text); }
std::string Percent(std::string_view text) { return EachByte("%%%02X", text); }

std::string Utf16(std::string_view text) {
  std::string bytes;
  for (const char c : text) (bytes += c) += '\0';
  return bytes;
}

void CountBytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

// Values that do not occur, and share no part with one another.
std::vector<std::string> Values(std::int64_t count) {
  std::vector<std::string> values;
  for (std::int64_t i = 0; i < count; ++i) {
    values.push_back("Zq" + std::to_string(i * 7'919 % 1'000'003) + "-kVw93LmTx02p");
  }
  return values;
}

void SearchAll(const ValueSet& set, const std::string& text, benchmark::State& state,
               LiteralEngine engine = LiteralEngine::kFastest) {
  LiteralSet::Scratch scratch;
  set.literals().Prepare(engine);
  ByteSearch search(set, &scratch, ByteSearch::Lines::kNotCounted);
  for (auto _ : state) {
    search.Reset();
    search.Take(text);
    search.Finish();
    benchmark::DoNotOptimize(search.found().size());
  }
  CountBytes(state, text.size());
}

void SearchValues(benchmark::State& state) {
  SearchAll(ValueSet(Values(state.range(0))), Tar(), state);
}
BENCHMARK(SearchValues)
    ->ArgName("values")
    ->Arg(1)
    ->Arg(10)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond);

// As on processors that the filter does not know.
void SearchValuesByVectorscan(benchmark::State& state) {
  SearchAll(ValueSet(Values(state.range(0))), Tar(), state, LiteralEngine::kVectorscan);
}
BENCHMARK(SearchValuesByVectorscan)
    ->ArgName("values")
    ->Arg(1)
    ->Arg(10)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond);

// All spellings of the values, made ready.
void Prepare(benchmark::State& state) {
  const std::vector<std::string> values = Values(state.range(0));
  for (auto _ : state) {
    const ValueSet set(values);
    set.literals().Prepare();
    benchmark::DoNotOptimize(set.literals().count());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Prepare)->ArgName("values")->Arg(1)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

using Encoder = std::string (*)(std::string_view text);

// Rules look into all that may be encoded.
void SearchRules(benchmark::State& state, Encoder encode) {
  SearchAll(ValueSet::OfBuiltInRules(), encode(Words(kTextBytes / 4)), state);
}
BENCHMARK_CAPTURE(SearchRules, words, Plain)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(SearchRules, base64, Base64Lines)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(SearchRules, hex, Hex)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(SearchRules, percent, Percent)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(SearchRules, utf16, Utf16)->Unit(benchmark::kMillisecond);

void SearchRulesInTar(benchmark::State& state) {
  SearchAll(ValueSet::OfBuiltInRules(), Tar(), state);
}
BENCHMARK(SearchRulesInTar)->Unit(benchmark::kMillisecond);

// Digits of base64 and hexadecimal, in pieces as a search has them.
void DecodeDigits(benchmark::State& state, Encoder encode) {
  const std::string text = encode(Words(kTextBytes / 4));
  constexpr std::size_t kPiece = std::size_t{256} << 10;
  std::size_t decoded = 0;
  const EncodedRuns::Sink sink = [&](const EncodedRun& run) { decoded += run.decoded.size(); };
  for (auto _ : state) {
    EncodedRuns runs;
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
      runs.Take(std::string_view(text).substr(at, kPiece), at, sink);
    }
    runs.Finish(sink);
  }
  CountBytes(state, text.size());
  state.counters["decoded"] =
      benchmark::Counter(static_cast<double>(decoded), benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(DecodeDigits, words, Plain)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(DecodeDigits, base64, Base64Lines)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(DecodeDigits, hex, Hex)->Unit(benchmark::kMillisecond);

void DecodeUtf16(benchmark::State& state) {
  const std::string text = Utf16(Words(kTextBytes / 4));
  constexpr std::size_t kLeastCharacters = 16;
  std::size_t decoded = 0;
  const EncodedRuns::Sink sink = [&](const EncodedRun& run) { decoded += run.decoded.size(); };
  for (auto _ : state) EncodedRuns::ScanWide(text, 0, kLeastCharacters, sink);
  benchmark::DoNotOptimize(decoded);
  CountBytes(state, text.size());
}
BENCHMARK(DecodeUtf16)->Unit(benchmark::kMillisecond);

void DecodeEscapes(benchmark::State& state) {
  const std::string text = Percent(Words(kTextBytes / 4));
  std::size_t decoded = 0;
  const EncodedRuns::Sink sink = [&](const EncodedRun& run) { decoded += run.decoded.size(); };
  for (auto _ : state) EncodedRuns::ScanEscapes(text, 0, sink);
  benchmark::DoNotOptimize(decoded);
  CountBytes(state, text.size());
}
BENCHMARK(DecodeEscapes)->Unit(benchmark::kMillisecond);

// One layer, read and searched to its end by all processors.
void FindInImage(benchmark::State& state, bool rules) {
  const ImageFile file({{.entries = static_cast<std::size_t>(state.range(0)),
                         .content_bytes = static_cast<std::uint64_t>(state.range(0)) * 20'000}});
  const std::vector<Secret> values = {Secret::Value("Zq7-kVw93LmTx02p")};
  for (auto _ : state) {
    const Image image = Image::Open(file.path());
    const ValueSearch search = rules ? FindSecrets(image) : FindKnownValues(image, values);
    benchmark::DoNotOptimize(search.findings.size());
  }
  CountBytes(state, file.bytes());
}
BENCHMARK_CAPTURE(FindInImage, value, false)
    ->ArgName("entries")
    ->Arg(100)
    ->Arg(1000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(FindInImage, rules, true)
    ->ArgName("entries")
    ->Arg(100)
    ->Arg(1000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace watertight::bench

BENCHMARK_MAIN();
