// One Image, shared by threads that call every accessor at once, from the first call on. Means most
// under ThreadSanitizer (preset tsan).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <sstream>
#include <thread>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

// Everything that can be asked of an image, as one text.
std::string Everything(const Image& image, std::size_t first) {
  std::ostringstream text;
  const std::size_t count = image.layers().size();
  // Each thread begins with another layer.
  for (std::size_t i = 0; i < count; ++i) {
    const Layer& layer = image.layers()[(first + i) % count];
    if (layer.error() != nullptr) continue;
    text << layer.Name() << layer.digest() << layer.size() << layer.ComputeDiffId();
    for (const Entry& entry : layer.entries()) {
      PrintTo(entry, &text);
      if (entry.size() < 100000) text << entry.Read();
    }
  }
  return text.str();
}

std::string Shared(const Image& image) {
  std::ostringstream text;
  for (const Note& note : image.notes()) PrintTo(note, &text);
  for (const std::string& error : image.unreadable_layers()) text << error;
  for (const Blob& blob : image.blobs()) text << blob.path << image.ReadBlob(blob.path).size();
  for (const Violation& violation : image.Validate()) PrintTo(violation, &text);
  if (!image.unreadable_layers().empty()) return text.str();
  text << image.size() << image.wasted();
  for (const StoredEntry& stored : image.stored()) PrintTo(stored, &text);
  for (const RootfsEntry& row : image.rootfs()) {
    PrintTo(row, &text);
    if (row.size() < 100000) text << row.Read();
  }
  return text.str();
}

void ExpectSameFromAllThreads(const std::string& reference) {
  constexpr std::size_t kThreads = 4;
  const Image image = Image::Open(reference);
  std::vector<std::string> shared(kThreads);
  std::atomic<std::size_t> waiting = kThreads;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const Image copy = image;
      --waiting;
      while (waiting > 0) std::this_thread::yield();
      // Half of them begin with the rootfs, half with the layers.
      if (i % 2 == 0) shared[i] = Shared(copy);
      EXPECT_EQ(Everything(copy, i).empty(), copy.layers().empty());
      if (i % 2 != 0) shared[i] = Shared(copy);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : shared) EXPECT_EQ(text, shared[0]) << reference;
}

TEST(Threads, ShareAnImageOfRepeatedAndCompressedLayers) {
  const TemporaryFolder folder;
  const std::vector<TarFile> put = {{"f", '0', "one"}, {"g", '1', "", "f"}};
  MadeImage made = MakeImage({put, {{".wh.f", '0'}}, put, {{"d/", '5'}, {"d/h", '0', "two"}}});
  OciLayout layout;
  layout.SetIndex(
      {layout.AddImage(made, [](const std::string& layer) { return Compressed(layer, "gzip"); })});
  WriteFile(folder.Path("app.tar"), MakeTar(layout.files()));
  for (int i = 0; i < 20; ++i) ExpectSameFromAllThreads(folder.Path("app.tar"));
}

TEST(Threads, ShareAnImageWithAnUnreadableLayer) {
  const TemporaryFolder folder;
  MadeImage made = MakeImage({{{"a", '0', "a"}}, {{"b", '0', "b"}}});
  made.layers[1].resize(700);
  WriteFile(folder.Path("app.tar"), MakeTar(DockerArchive(made)));
  for (int i = 0; i < 20; ++i) ExpectSameFromAllThreads(folder.Path("app.tar"));
}

TEST(ThreadsSamples, ShareImages) {
  REQUIRE_SAMPLES();
  for (const char* sample : {"docker28-M-bk.tar", "docker28c-W-classic.tar", "docker20-T-bk.tar",
                             "buildah143-T-layers-docker.tar", "docker28c-C-zstd.tar"}) {
    ExpectSameFromAllThreads(SamplePath(sample));
  }
}

}  // namespace
}  // namespace watertight::testing
