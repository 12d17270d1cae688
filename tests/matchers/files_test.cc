// Matchers of the rootfs, the layers, and of two images.

#include "tests/matchers/recorded.h"
#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/gtest.h"

namespace watertight::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Lt;
using ::testing::Not;

class Files : public ::testing::Test {
 protected:
  Image Make(const std::vector<std::vector<TarFile>>& layers) {
    const std::string path = folder_.Path(std::to_string(++made_) + ".tar");
    WriteFile(path, MakeTar(DockerArchive(MakeImage(layers))));
    return Image::Open(path);
  }

  TemporaryFolder folder_;
  int made_ = 0;
};

TEST_F(Files, HasFileFollowsSymlinksInsideTheImage) {
  const Image image = Make({{{"usr/bin/sh", '0', "sh"},
                             {"bin", '2', "", "usr/bin"},
                             {"abs", '2', "", "/usr/bin/sh"},
                             {"broken", '2', "", "nothing"},
                             {"up", '2', "", "../../../usr/bin/sh"}}});
  for (const char* path : {"/usr/bin/sh", "usr/bin/sh", "/bin/sh", "/abs", "/up"}) {
    EXPECT_THAT(image, HasFile(path)) << path;
  }
  EXPECT_THAT(image, Not(HasFile("/broken")));
  EXPECT_THAT(image, Not(HasFile("/bin")));
  EXPECT_THAT(image, AllOf(HasDirectory("/bin"), HasDirectory("/usr"), HasSymlink("/bin")));
  EXPECT_THAT(image, HasSymlink("/bin", "usr/bin"));
  EXPECT_THAT(image, HasSymlink("/abs", HasSubstr("sh")));
  EXPECT_THAT(image, Not(HasSymlink("/bin", "/usr/bin")));
  EXPECT_THAT(image, Not(HasSymlink("/usr")));
}

TEST_F(Files, HasFileAsksForAttributes) {
  const Image image = Make({{{"app", '0', "#!/bin/sh\n", "", 0755}, {"same", '1', "", "app"}}});
  for (const char* path : {"/app", "/same"}) {
    EXPECT_THAT(image, HasFile(path, AllOf(HasMode(0755), HasSize(Lt(100)), OwnedBy(0, 0),
                                           HasContent("#!/bin/sh\n"))));
    EXPECT_THAT(image, HasFile(path, HasContent(HasSubstr("bin"))));
    EXPECT_THAT(image, HasFile(path, OwnedBy(0)));
    EXPECT_THAT(image, Not(HasFile(path, HasMode(0644))));
    EXPECT_THAT(image, Not(HasFile(path, HasSize(Lt(10)))));
    EXPECT_THAT(image, Not(HasFile(path, OwnedBy(0, 5))));
    EXPECT_THAT(image, HasFile(path, Not(HasContent("x"))));
  }
  EXPECT_THAT(image.layers()[0].entries(), Contains(HasMode(0755)));
  EXPECT_THAT(image.rootfs(), Contains(AllOf(HasMode(0755), HasSize(10))));
}

TEST_F(Files, LacksFileIsAboutWhatTheContainerSees) {
  const Image image = Make({{{"app/x.map", '0', "1"}, {"usr/bin/curl", '0', "2"}},
                            {{"app/.wh.x.map", '0'}, {"bin", '2', "", "usr/bin"}}});
  EXPECT_THAT(image, LacksFile("*.map", "/app/x.map"));
  EXPECT_THAT(image, Not(NeverStores("*.map")));
  EXPECT_THAT(image, Not(LacksFile("/usr/bin/curl")));
  EXPECT_THAT(image, Not(LacksFile("**/curl")));
  EXPECT_THAT(image, Not(LacksFile("/bin/curl"))) << "the container finds it through the symlink";
  EXPECT_THAT(image, Not(LacksFile("/usr")));
  EXPECT_THAT(image, LacksFile("usr/**", Except("usr/bin", "usr/bin/curl")));
}

TEST_F(Files, HasNoSetuidFilesLooksAtTheRootfs) {
  const Image image = Make({{{"su", '0', "1", "", 04755}, {"write", '0', "2", "", 02755}}});
  EXPECT_THAT(image, Not(HasNoSetuidFiles()));
  EXPECT_THAT(image, Not(HasNoSetuidFiles(Except("su"))));
  EXPECT_THAT(image, HasNoSetuidFiles(Except("su", "/write")));
  EXPECT_THAT(Make({{{"su", '0', "1", "", 04755}}, {{".wh.su", '0'}}}), HasNoSetuidFiles());
  EXPECT_THAT(Make({{{"tmp/", '5', "", "", 02775}}}), HasNoSetuidFiles());
}

TEST_F(Files, LayersAreCountedAndMeasured) {
  const Image image = Make({{{"a", '0', std::string(1000, 'a')}}, {{".wh.a", '0'}}});
  EXPECT_THAT(image, HasLayerCount(2));
  EXPECT_THAT(image, HasLayerCount(Le(5)));
  EXPECT_THAT(image, Not(HasLayerCount(Ge(3))));
  // Tars of a header and two blocks, and of a header; each ends with two blocks.
  EXPECT_THAT(image, HasSize(2560 + 1536));
  EXPECT_THAT(image.layers()[1], HasSize(1536));
  EXPECT_THAT(image, WastesAtMost(1000));
  EXPECT_THAT(image, Not(WastesAtMost(999)));
  EXPECT_THAT(image, WastesAtMost(Percent(24.5)));  // 1000 of 4096: 24.41 %
  EXPECT_THAT(image, Not(WastesAtMost(Percent(24.4))));
}

TEST_F(Files, IsBasedOnComparesTheFirstLayers) {
  const std::vector<TarFile> below = {{"a", '0', "1"}};
  const std::vector<TarFile> above = {{"b", '0', "2"}};
  const Image base = Make({below});
  EXPECT_THAT(Make({below, above}), IsBasedOn(base));
  EXPECT_THAT(base, IsBasedOn(base));
  EXPECT_THAT(Make({above, below}), Not(IsBasedOn(base)));
  EXPECT_THAT(base, Not(IsBasedOn(Make({below, above}))));
}

TEST_F(Files, HasSameContentAsComparesTheRootfs) {
  const Image image = Make({{{"a", '0', "1"}, {"d/", '5', "", "", 0755}, {"l", '2', "", "a"}}});
  EXPECT_THAT(Make({{{"x", '0', "9"}, {"d/", '5', "", "", 0755}},
                    {{".wh.x", '0'}, {"l", '2', "", "a"}, {"a", '0', "1"}}}),
              HasSameContentAs(image));
  EXPECT_THAT(Make({{{"a", '0', "2"}, {"d/", '5', "", "", 0755}, {"l", '2', "", "a"}}}),
              Not(HasSameContentAs(image)));
  EXPECT_THAT(Make({{{"a", '0', "1", "", 0600}, {"d/", '5', "", "", 0755}, {"l", '2', "", "a"}}}),
              Not(HasSameContentAs(image)));
  EXPECT_THAT(Make({{{"a", '0', "1"}, {"d/", '5', "", "", 0755}, {"l", '2', "", "d"}}}),
              Not(HasSameContentAs(image)));
  EXPECT_THAT(Make({{{"a", '0', "1"}, {"d/", '5', "", "", 0755}}}), Not(HasSameContentAs(image)));
  EXPECT_THAT(image, Not(HasSameContentAs(Make({{{"a", '0', "1"}}}))));
}

}  // namespace
}  // namespace watertight::testing
