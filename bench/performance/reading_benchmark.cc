// The parts of the reading side, each alone, over inputs in memory.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "bench/performance/images.h"
#include "framework/image/layer_reader.h"
#include "framework/image/rootfs_builder.h"
#include "framework/image/tar_walk.h"
#include "watertight/image.h"

namespace watertight::bench {
namespace {

LayerShape ShapeOf(const benchmark::State& state) {
  return {.entries = static_cast<std::size_t>(state.range(0)),
          .content_bytes = static_cast<std::uint64_t>(state.range(0)) * 500,
          .form = static_cast<Form>(state.range(1))};
}

void CountEntries(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// Forms are those of images.h: 0 ustar, 2 a PAX header of three times for each entry.
void Shapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"entries", "form"})
      ->Args({1000, 0})
      ->Args({20'000, 0})
      ->Args({200'000, 0})
      ->Args({20'000, 2});
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

// So many layers of 100 files.
std::vector<LayerShape> SmallLayers(std::int64_t count) {
  std::vector<LayerShape> layers;
  for (std::int64_t i = 0; i < count; ++i) {
    layers.push_back(
        {.entries = 100, .content_bytes = 100'000, .first = static_cast<std::size_t>(i) * 100});
  }
  return layers;
}

void Open(benchmark::State& state) {
  const ImageFile file(SmallLayers(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Image::Open(file.path()).layers().size());
}
BENCHMARK(Open)->ArgName("layers")->Arg(1)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

void OpenAndMerge(benchmark::State& state) {
  const ImageFile file(SmallLayers(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Image::Open(file.path()).rootfs().size());
}
BENCHMARK(OpenAndMerge)
    ->ArgName("layers")
    ->Arg(1)
    ->Arg(10)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace watertight::bench

BENCHMARK_MAIN();
