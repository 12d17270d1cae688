// Every sample, through every accessor: what sanitizers watch.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

std::uint64_t ReadAll(const Image& image) {
  std::uint64_t bytes = 0;
  const auto count = [&bytes](std::string_view piece) { bytes += piece.size(); };
  for (const Layer& layer : image.layers()) {
    layer.ReadTo(count);
    bytes += layer.digest().size() + layer.ComputeDiffId().size();
    for (const Entry& entry : layer.entries()) {
      entry.ReadTo(count);
      bytes += entry.stored_name().size() + entry.pax().size() + entry.header_offset();
    }
  }
  for (const RootfsEntry& row : image.rootfs()) row.ReadTo(count);
  for (const Blob& blob : image.blobs()) bytes += image.ReadBlob(blob.path).size();
  return bytes + image.stored().size() + image.notes().size() + image.Validate().size();
}

class Samples : public ::testing::TestWithParam<std::string> {};

TEST_P(Samples, AreReadToTheLastByte) {
  REQUIRE_SAMPLES();
  for (const std::string& sample : SamplesOf(GetParam())) {
    // Refused, as it must be: see DamagedImage.
    if (sample == "hist-inputs/diffsshort.tar") continue;
    const bool several = sample == "umoci047-repack-oci.tar";
    const std::string reference =
        several ? "oci-archive:" + SamplePath(sample) + ":v2" : SamplePath(sample);
    const Image image = Image::Open(reference);
    EXPECT_GE(ReadAll(image), image.layers().empty() ? 0 : image.size()) << sample;
    EXPECT_THAT(image.unreadable_layers(), ::testing::IsEmpty()) << sample;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Samples, ::testing::ValuesIn(SampleGroups()),
                         [](const auto& test) { return TestNameOf(test.param); });

// Engines agree on all that real tools write.
TEST(SampleNotes, OfRealImagesAreNeverAmbiguous) {
  REQUIRE_SAMPLES();
  for (const std::string& sample : RealSamples()) {
    const bool several = sample == "umoci047-repack-oci.tar";
    const Image image =
        Image::Open(several ? "oci-archive:" + SamplePath(sample) + ":v2" : SamplePath(sample));
    for (const Note& note : image.notes()) {
      EXPECT_FALSE(note.code.starts_with("ambiguous-") || note.code.starts_with("invalid-"))
          << sample << ": " << note.text;
    }
  }
}

}  // namespace
}  // namespace watertight::testing
