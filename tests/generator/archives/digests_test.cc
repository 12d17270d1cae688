// The same input gives the same bytes: in every build, with every compiler, on every machine. A
// change of these digests is a change of what users get; make it on purpose only.

#include <gtest/gtest.h>

#include "generator/archives/sha256.h"
#include "tests/generator/archives/example_image.h"

namespace watertight::generator {
namespace {

struct Recorded {
  const char* writer;
  const char* none;
  const char* gzip;
  const char* zstd;
};

constexpr Recorded kRecorded[] = {
    {"docker-20", "f6dbb77272278b1ec7b051aa57d5ead1e855627e7cd9a7d5caed655bc2f46934",
     "cdd890bf79fca07fc9a21a5d80c9940ed05d89c1e918f8de089e345301496cc7",
     "afa029ca76e312c519c3a6ad8677087fcbfc2f308e50b55e0a422f3d5e983a14"},
    {"docker-26", "c0ce7b7b27e397f0a6beaf72d09e0cb1c611baaab99e2881ebf61ae8ef74f8ed",
     "15a8ec6de0c6dbf7ae31920252e22343f216255411e3e92e9a0e0b5d646a38fd",
     "abb903f4cada4dad6e1fd0eba6ff8c5d8491da27eebfad998dee0133151e7495"},
    {"docker-28", "6c4c1b1261e6804c3c7d4a825f28cb3c5773bd15e75fdfc8068c7b86987f3c38",
     "652add30e542b1fffad9e44a15ec4d3ba869d98a1cb50f6a9b6c3208d3e94a8e",
     "6b46be032cd4a5326a0dce58a3a98d8314afac7d740f46389ee1ea1693f112c5"},
    {"docker-28-containerd", "e398eb50031111f0b358490908edcf6aa74bfa9cca30b45ef143c0046c30a83e",
     "eff4642885643906cd351eb5c4817f28feef47d1f5b5eb2e5dae75f167358d98",
     "65986a9492a6101e469f9797f0c6038e16bba2800b0c4dc708eab48b906a2298"},
    {"buildx-docker", "98d449043e282e9c37a2d2814d03c0cb82c262fd5df2985d75d964fd32c83e0b",
     "a989b2921860e202a0a10191498f5bcc5820e32b359aa543bb7ff64525f9c47f",
     "346b92a3db51e5e0c1eb345ce35748574da632bb72e016e17030bb2f4787086b"},
    {"buildx-oci", "1ce8b9624cf03024a572b7e3dd4de651dbc7147d203efb87c36c1809087f1494",
     "a4bc03a66cbd5b8e0907df6078ef239d0c66594c98a005ea6a1c16d1c0722ca4",
     "929cac8034cda206ea0a2a574e4bbf09dbcf9f0de135b2e69d379c41a9b49c52"},
    {"skopeo", "9955bb64a849e43361b12f48085744eff148357cab374340bfda09d3956a003e",
     "68474c614c567ff066206955128a63fdb8764133117c46ca89e4632a5b64a5bd",
     "a48939ba6cc167239d26a5f9d2e770b87ae27e41514476faca8a5b0e589bf066"},
    {"podman", "21edfd056c84015c86fe3fcfd2c004c2ace5c4d89ec05512222c067203362b61",
     "caca5f1f08cd74f1e429e2f50c6bc221f9f4e77a739b751f78efeb2fa110b529",
     "64dd17079de76590e4ee171514196ca6937a2a012fac49fc5c58ba894b826883"},
    {"crane", "4bd9eedb53fad7b5e4a83f278eaa578d6820cf94ef80b3a2cda99e372a2eed20",
     "e8c3900a4ddcd428ff7286266d3403a80240435b17b287f568187d36305ef926",
     "8a900b9d6439931a5fcf85880b044a2ecb658c1851ba3c859d3709cfa59a7875"},
    {"crane-legacy", "70c01ee84d4f5901e9baf0f0c75e0071fc4bc96128734b5690a593efa5cf1635",
     "f148d54200da7b0c3a82521aa6240db842de14e4c928586f6911704bf4bca0c9",
     "62b03f16006490a0d17849479c0cb2765a7f2006e5620fc0289e2becab1a9c0b"},
    {"jib", "93593c557d7b976db2d923552795c22f30177d475e1a865b03b8db37fbae49b9",
     "2d808a9d7ad2b902b972e1e19fb97bb5ceed1ee931c74c560c8b5c57f6b7663c",
     "bda4d48e283d830fdb1491106167b3e82a9a9668f4c66cdc9ec49c041eddcc8b"},
    {"nix", "e376f7fab40b0aceefc09ba8486c9bc7dfac515e18224d73e619073d8290cf97",
     "4f4dab0423ea7c8079793e8923d051e5c456577804328f197ede4192e98892a2",
     "08ffccb460e28b30729c645cfcd7a2fac772eaa4b19020de8fd7acfd6693732d"},
    {"oci", "0ee45ba5d9941f3c050e4ac8a650a4f39f88c8ffeb4e1ec9ab30bedbed51b5d6",
     "e73acaedea07372ee4ee7ef22fb3c4648e014a9b11904ee7ff103f8718ee917d",
     "9bca062a16599751b1b58652e53504a852f3ebc2525fd9647bf1cfea45f7e85b"},
    {"oci-dir", "0ee45ba5d9941f3c050e4ac8a650a4f39f88c8ffeb4e1ec9ab30bedbed51b5d6",
     "e73acaedea07372ee4ee7ef22fb3c4648e014a9b11904ee7ff103f8718ee917d",
     "9bca062a16599751b1b58652e53504a852f3ebc2525fd9647bf1cfea45f7e85b"}};

std::string DigestOf(const char* writer, Compression compression) {
  ArchiveOptions options;
  options.compression = compression;
  return Sha256Hex(
      ToTar(WriteArchive(writer, {::watertight::testing::ExampleImage({"app:ci"})}, options)));
}

TEST(Digests, AreThoseRecorded) {
  for (const Recorded& recorded : kRecorded) {
    EXPECT_EQ(DigestOf(recorded.writer, Compression::kNone), recorded.none) << recorded.writer;
    EXPECT_EQ(DigestOf(recorded.writer, Compression::kGzip), recorded.gzip) << recorded.writer;
    EXPECT_EQ(DigestOf(recorded.writer, Compression::kZstd), recorded.zstd) << recorded.writer;
  }
}

TEST(Digests, AreRecordedForEveryWriter) {
  EXPECT_EQ(std::size(kRecorded), ArchiveWriters().size());
}

TEST(Digests, DependOnTheClockOnlyWhereTheToolWritesOne) {
  const auto written = [](const char* writer, std::int64_t clock) {
    ArchiveOptions options;
    options.clock = clock;
    return Sha256Hex(
        ToTar(WriteArchive(writer, {::watertight::testing::ExampleImage({"app:ci"})}, options)));
  };
  for (const char* writer :
       {"docker-28-containerd", "skopeo", "podman", "crane", "crane-legacy", "jib", "nix"}) {
    EXPECT_EQ(written(writer, 1), written(writer, 2)) << writer;
  }
  for (const char* writer : {"docker-20", "docker-26", "docker-28", "buildx-docker", "oci"}) {
    EXPECT_NE(written(writer, 1), written(writer, 2)) << writer;
  }
}

}  // namespace
}  // namespace watertight::generator
