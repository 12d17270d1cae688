// The parts of the reading side, each alone, over inputs in memory.

#include <benchmark/benchmark.h>
#include <isa-l/igzip_lib.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "bench/performance/images.h"
#include "framework/image/decompress.h"
#include "framework/image/layer_reader.h"
#include "framework/image/rootfs_builder.h"
#include "framework/image/sha256.h"
#include "framework/image/tar_walk.h"
#include "watertight/image.h"

namespace watertight::bench {
namespace {

LayerShape ShapeOf(const benchmark::State& state) {
  return {.entries = static_cast<std::size_t>(state.range(0)),
          .content_bytes = static_cast<std::uint64_t>(state.range(0)) * 2000,
          .form = static_cast<Form>(state.range(1))};
}

void CountEntries(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// Forms are those of images.h: 0 ustar, 2 a PAX header of three times for each entry.
void Shapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"entries", "form"})->Args({1000, 0})->Args({20'000, 0})->Args({20'000, 2});
}

void HeaderWalk(benchmark::State& state) {
  const SharedBytes bytes = MemoryBytes(LayerBytes(ShapeOf(state)));
  const Limits limits;
  for (auto _ : state) {
    const std::unique_ptr<Reader> reader = SeekingReader(bytes);
    TarWalk walk(reader.get(), limits);
    TarEntry entry;
    while (walk.Next(&entry)) benchmark::DoNotOptimize(entry.size);
  }
  CountEntries(state);
}
BENCHMARK(HeaderWalk)->Apply(Shapes)->Unit(benchmark::kMillisecond);

LayerIndex IndexOf(const SharedBytes& bytes) {
  return IndexLayer(bytes, Limits(), "layer", nullptr);
}

void Index(benchmark::State& state) {
  const SharedBytes bytes = MemoryBytes(LayerBytes(ShapeOf(state)));
  for (auto _ : state) benchmark::DoNotOptimize(IndexOf(bytes).entries.size());
  CountEntries(state);
}
BENCHMARK(Index)->Apply(Shapes)->Unit(benchmark::kMillisecond);

void Merge(benchmark::State& state) {
  const LayerIndex index = IndexOf(MemoryBytes(LayerBytes(ShapeOf(state))));
  const std::vector<const LayerIndex*> layers = {&index, &index};
  for (auto _ : state) benchmark::DoNotOptimize(MergeLayers(layers)->rootfs.size());
  CountEntries(state);
}
BENCHMARK(Merge)->Apply(Shapes)->Unit(benchmark::kMillisecond);

std::string Gzipped(const std::string& bytes) {
  std::string packed(bytes.size() * 2 + 1024, '\0');
  std::vector<std::uint8_t> levels(ISAL_DEF_LVL1_DEFAULT);
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = levels.data();
  stream.level_buf_size = static_cast<std::uint32_t>(levels.size());
  stream.end_of_stream = 1;
  stream.gzip_flag = IGZIP_GZIP;
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<std::uint32_t>(bytes.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(packed.data());
  stream.avail_out = static_cast<std::uint32_t>(packed.size());
  if (isal_deflate(&stream) != COMP_OK) std::abort();
  packed.resize(stream.total_out);
  return packed;
}

void Inflate(benchmark::State& state) {
  const std::string tar = LayerBytes({.entries = 1000, .content_bytes = 64 << 20});
  const SharedBytes packed = MemoryBytes(Gzipped(tar));
  std::vector<char> buffer(std::size_t{256} << 10);
  for (auto _ : state) {
    const std::unique_ptr<ByteStream> stream = Decompress(packed, Limits());
    while (stream->Read(buffer.data(), buffer.size()) > 0) benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(tar.size()));
}
BENCHMARK(Inflate)->Unit(benchmark::kMillisecond);

void Hash(benchmark::State& state) {
  const std::string bytes(16 << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(Sha256Digest(bytes));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(Hash)->Unit(benchmark::kMillisecond);

// An image in a file that goes with it.
class ImageFile {
 public:
  explicit ImageFile(std::size_t layers) {
    const char* folder = std::getenv("TMPDIR");
    path_ = std::string(folder == nullptr ? "/tmp" : folder) + "/watertight-benchmark-" +
            std::to_string(getpid()) + ".tar";
    std::vector<LayerSource> sources;
    for (std::size_t i = 0; i < layers; ++i) {
      sources.push_back({{.entries = 100, .content_bytes = 100'000, .first = i * 100}});
    }
    WriteImage(path_, sources);
  }
  ImageFile(const ImageFile&) = delete;
  ImageFile& operator=(const ImageFile&) = delete;
  ~ImageFile() { unlink(path_.c_str()); }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void Open(benchmark::State& state) {
  const ImageFile file(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Image::Open(file.path()).layers().size());
}
BENCHMARK(Open)->ArgName("layers")->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond);

void OpenAndMerge(benchmark::State& state) {
  const ImageFile file(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Image::Open(file.path()).rootfs().size());
}
BENCHMARK(OpenAndMerge)->ArgName("layers")->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace watertight::bench

BENCHMARK_MAIN();
