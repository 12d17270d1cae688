// What every byte of an image passes through: decompression and digests.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/performance/images.h"
#include "framework/image/bytes.h"
#include "framework/image/decompress.h"
#include "framework/image/sha256.h"
#include "generator/fixtures/compressors.h"
#include "watertight/image.h"

namespace watertight::bench {
namespace {

void CountBytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

using Compressor = std::string (*)(const std::string& bytes);

std::string AsItIs(const std::string& bytes) { return bytes; }

// Bytes are those of the layer uncompressed.
void Inflate(benchmark::State& state, Compressor compress) {
  const std::string tar =
      LayerBytes({.entries = 200, .content_bytes = static_cast<std::uint64_t>(state.range(0))});
  const SharedBytes packed = MemoryBytes(compress(tar));
  const Limits limits;
  std::vector<char> buffer(std::size_t{256} << 10);
  for (auto _ : state) {
    const std::unique_ptr<ByteStream> stream = Decompress(packed, limits);
    while (stream->Read(buffer.data(), buffer.size()) > 0) benchmark::ClobberMemory();
  }
  CountBytes(state, tar.size());
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("bytes")->Arg(1'000'000)->Arg(16'000'000)->Unit(benchmark::kMillisecond);
}
BENCHMARK_CAPTURE(Inflate, none, AsItIs)->Apply(Sizes);
BENCHMARK_CAPTURE(Inflate, gzip, generator::GzipBytes)->Apply(Sizes);
BENCHMARK_CAPTURE(Inflate, zstd, generator::ZstdBytes)->Apply(Sizes);
BENCHMARK_CAPTURE(Inflate, bzip2, generator::Bzip2Bytes)->Apply(Sizes);
BENCHMARK_CAPTURE(Inflate, xz, generator::XzBytes)->Apply(Sizes);

void Hash(benchmark::State& state) {
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(Sha256Digest(bytes));
  CountBytes(state, bytes.size());
}
BENCHMARK(Hash)->Arg(1'000)->Apply(Sizes);

}  // namespace
}  // namespace watertight::bench

BENCHMARK_MAIN();
