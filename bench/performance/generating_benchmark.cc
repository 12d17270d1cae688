// Small images from a Dockerfile to the bytes of an archive, in memory: items are images.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "watertight/generator.h"

namespace watertight::bench {
namespace {

constexpr char kCopies[] =
    "FROM scratch\n"
    "COPY app /app\n"
    "COPY config.json /etc/app/\n"
    "COPY secret.txt /root/\n"
    "ENTRYPOINT [\"/app\"]\n";

constexpr char kRuns[] =
    "FROM alpine\n"
    "COPY app /app\n"
    "RUN echo ready > /ready\n"
    "ENTRYPOINT [\"/app\"]\n";

const std::vector<BuildFile>& Files() {
  static const std::vector<BuildFile> files = {{"app", std::string(20'000, 'a'), 0755},
                                               {"config.json", std::string(500, '{')},
                                               {"secret.txt", "hunter2\n"}};
  return files;
}

void Generate(benchmark::State& state, const char* dockerfile, const char* builder,
              const char* archive) {
  const BuildOptions options = {.builder = builder, .archive = archive, .tags = {"app:ci"}};
  std::size_t bytes = 0;
  for (auto _ : state) bytes = Build(dockerfile, Files(), options).bytes->size();
  state.SetItemsProcessed(state.iterations());
  state.counters["archive_bytes"] = static_cast<double>(bytes);
}

#define WATERTIGHT_GENERATE(name, dockerfile, builder, archive) \
  BENCHMARK_CAPTURE(Generate, name, dockerfile, builder, archive)->Unit(benchmark::kMicrosecond)

WATERTIGHT_GENERATE(ThreeCopies, kCopies, "buildkit-0.25", "docker-28");
WATERTIGHT_GENERATE(ThreeCopiesClassic, kCopies, "classic-20.10", "docker-20");
WATERTIGHT_GENERATE(ThreeCopiesBuildah, kCopies, "buildah-1.28", "podman");
WATERTIGHT_GENERATE(ThreeCopiesGzip, kCopies, "buildkit-0.25", "buildx-oci");
WATERTIGHT_GENERATE(AlpineWithRun, kRuns, "buildkit-0.25", "docker-28");
WATERTIGHT_GENERATE(AlpineWithRunClassic, kRuns, "classic-20.10", "docker-20");

}  // namespace
}  // namespace watertight::bench

BENCHMARK_MAIN();
