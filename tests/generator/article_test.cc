// The three experiments of docs/how-images-keep-secrets.md, built again: the same lines of the
// history and the same files in the same layers as the recorded images of examples/article have,
// and, on the base that such images really have, as the builders are known to make them.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/support/command.h"
#include "watertight/generator.h"
#include "watertight/gtest.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

const std::string kArticle = WATERTIGHT_ARTICLE;

const std::map<std::string, std::string> kArguments = {{"SECRET", "supersecretstring"}};

// The base of the recorded images is a program of a few kilobytes as /bin/sh and nothing else; here
// another shell takes its place, in as many layers.
std::string OnShell(std::string dockerfile) {
  const std::string base = "shell:1";
  for (std::size_t at = 0; (at = dockerfile.find(base, at)) != dockerfile.npos;) {
    dockerfile.replace(at, base.size(), "shell");
  }
  return "FROM busybox AS tools\nFROM scratch AS shell\nCOPY --from=tools /bin /bin\n" + dockerfile;
}

std::vector<BuildFile> Context() {
  return {{"secret.txt", ReadFile(kArticle + "/context/secret.txt"), 0600},
          {"keys/deploy.key", ReadFile(kArticle + "/context/keys/deploy.key"), 0600}};
}

// "directory 0755 0:0 app" and so on; ids of builds and times are left out.
std::string Line(const Entry& entry) {
  std::string line = std::string(ToString(entry.type())) + " " + ToString(entry.mode()) + " " +
                     std::to_string(entry.uid()) + ":" + std::to_string(entry.gid()) + " " +
                     std::string(entry.path());
  if (!entry.link().empty()) line += " -> " + std::string(entry.link());
  if (entry.type() == EntryType::kFile) line += " " + entry.Read();
  return line;
}

// What the layers above the base hold, one line for each entry.
std::vector<std::string> LayersOf(const Image& image, std::size_t base) {
  std::vector<std::string> lines;
  for (std::size_t i = base; i < image.layers().size(); ++i) {
    lines.push_back("layer " + std::to_string(i - base));
    for (const Entry& entry : image.layers()[i].entries()) lines.push_back(Line(entry));
  }
  return lines;
}

std::vector<std::string> StepsOf(const Image& image, std::size_t base) {
  std::vector<std::string> lines;
  for (std::size_t i = base; i < image.history().size(); ++i) {
    const HistoryStep& step = image.history()[i];
    lines.push_back(step.created_by + (step.empty_layer ? " [empty] " : " ") + step.comment);
  }
  return lines;
}

struct Recording {
  const char* name;
  const char* builder;
};

void PrintTo(const Recording& recording, std::ostream* out) {
  *out << recording.name << " " << recording.builder;
}

class RecordedArticle : public ::testing::TestWithParam<Recording> {};

TEST_P(RecordedArticle, IsBuiltAgain) {
  const std::string name = GetParam().name;
  const bool classic = std::string(GetParam().builder) == "classic";
  const Image real = Image::Open(kArticle + "/images/" + name + "." + GetParam().builder + ".tar");
  const Image ours = Image::OpenBytes(
      "ours.tar",
      Build(OnShell(ReadFile(kArticle + "/dockerfiles/" + name + ".Dockerfile")), Context(),
            {.builder = classic ? "classic-20.10" : "buildkit-0.8",
             .archive = "docker-20",
             .build_args = kArguments,
             .secrets = {{"token", "supersecretfile\n"}}})
          .bytes);
  ASSERT_EQ(real.layers()[0].step(), 0);
  EXPECT_THAT(StepsOf(ours, 1), ElementsAreArray(StepsOf(real, 1)));
  EXPECT_THAT(LayersOf(ours, 1), ElementsAreArray(LayersOf(real, 1)));
}

INSTANTIATE_TEST_SUITE_P(
    Images, RecordedArticle,
    ::testing::Values(Recording{"copy-then-delete", "classic"},
                      Recording{"copy-then-delete", "buildkit"}, Recording{"build-arg", "classic"},
                      Recording{"build-arg", "buildkit"}, Recording{"multi-stage", "classic"},
                      Recording{"multi-stage", "buildkit"},
                      Recording{"directory-replaced", "classic"},
                      Recording{"directory-replaced", "buildkit"},
                      Recording{"overwritten", "classic"}, Recording{"overwritten", "buildkit"},
                      Recording{"env", "classic"}, Recording{"env", "buildkit"},
                      Recording{"secret-mount", "buildkit"}, Recording{"same-run", "buildkit"}));

// On node:14-alpine, by hand: what each builder records is told by the page's own text for Docker's
// builder, and by the form of BuildKit's steps.
class ArticleOnNode : public ::testing::Test {
 protected:
  static Image Built(const std::string& builder, const std::string& steps) {
    return Image::OpenBytes(
        "app.tar", Build("FROM node:14-alpine\n" + steps, {{"secret.txt", "supersecretfile\n"}},
                         {.builder = builder, .archive = "docker-28", .build_args = kArguments})
                       .bytes);
  }

  static const Image& Base() {
    static const Image base =
        Image::OpenBytes("base.tar", Build("FROM node:14-alpine\nLABEL a=b\n").bytes);
    return base;
  }

  static std::vector<std::string> Steps(const Image& image) {
    return StepsOf(image, Base().history().size() - 1);
  }

  static std::vector<std::string> Layers(const Image& image) {
    return LayersOf(image, Base().layers().size());
  }
};

const std::string kCopyThenDelete =
    "COPY ./secret.txt /app/secret.txt\nRUN rm -rf /app/secret.txt\n";
const std::vector<std::string> kStored = {"layer 0", "directory 0755 0:0 app",
                                          "file 0644 0:0 app/secret.txt supersecretfile\n"};

std::vector<std::string> Then(std::vector<std::string> lines, std::vector<std::string> more) {
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

TEST_F(ArticleOnNode, ClassicStoresTheDeletedFile) {
  for (const std::string builder : {"classic-20.10", "classic-26", "classic-28"}) {
    const Image image = Built(builder, kCopyThenDelete);
    EXPECT_THAT(Steps(image),
                ::testing::ElementsAre(
                    MatchesRegex("/bin/sh -c #\\(nop\\) COPY file:[0-9a-f]+ in /app/secret.txt  "),
                    "/bin/sh -c rm -rf /app/secret.txt "))
        << builder;
    EXPECT_THAT(Layers(image),
                ElementsAreArray(Then(kStored, {"layer 1", "directory 0755 0:0 app",
                                                "whiteout 0600 0:0 app/secret.txt"})))
        << builder;
    EXPECT_THAT(image, ::testing::Not(NeverStores("/app/secret.txt"))) << builder;
    EXPECT_THAT(image, LacksFile("/app/secret.txt")) << builder;
  }
}

TEST_F(ArticleOnNode, BuildkitStoresTheDeletedFile) {
  for (const std::string builder : {"buildkit-0.8", "buildkit-0.13", "buildkit-0.25"}) {
    const Image image = Built(builder, kCopyThenDelete);
    EXPECT_THAT(Steps(image),
                ElementsAreArray(
                    {"COPY ./secret.txt /app/secret.txt # buildkit buildkit.dockerfile.v0",
                     "RUN /bin/sh -c rm -rf /app/secret.txt # buildkit buildkit.dockerfile.v0"}))
        << builder;
    // A RUN leaves the directory where /etc/resolv.conf and /etc/hosts were mounted.
    EXPECT_THAT(Layers(image), ElementsAreArray(Then(kStored, {"layer 1", "directory 0755 0:0 app",
                                                               "whiteout 0600 0:0 app/secret.txt",
                                                               "directory 0755 0:0 etc"})))
        << builder;
  }
}

const std::string kArgument = "ARG SECRET\nRUN echo \"${SECRET}\" > /dev/null\n";

TEST_F(ArticleOnNode, HistoryHoldsTheArgument) {
  const std::string run = "|1 SECRET=supersecretstring /bin/sh -c echo \"${SECRET}\" > /dev/null";
  const std::string buildkit = " buildkit.dockerfile.v0";
  const std::vector<std::pair<std::string, std::vector<std::string>>> rows = {
      {"classic-20.10", {"/bin/sh -c #(nop)  ARG SECRET [empty] ", run + " [empty] "}},
      {"classic-28", {"/bin/sh -c #(nop)  ARG SECRET [empty] ", run + " [empty] "}},
      {"buildkit-0.8", {"ARG SECRET [empty]" + buildkit, "RUN " + run + " # buildkit" + buildkit}},
      // From BuildKit 0.14 on the value is in the step of ARG too.
      {"buildkit-0.25",
       {"ARG SECRET=supersecretstring [empty]" + buildkit,
        "RUN " + run + " # buildkit" + buildkit}}};
  for (const auto& [builder, steps] : rows) {
    const Image image = Built(builder, kArgument);
    EXPECT_THAT(Steps(image), ElementsAreArray(steps)) << builder;
    EXPECT_THAT(image, ::testing::Not(HasCleanHistory())) << builder;
    for (const std::string& line : Layers(image)) {
      EXPECT_THAT(line, ::testing::AnyOf(StartsWith("layer"), StartsWith("directory"))) << builder;
    }
  }
}

TEST_F(ArticleOnNode, StagesKeepTheSecretsOut) {
  const std::string stages =
      " AS build\nARG SECRET\nCOPY ./secret.txt /app/secret.txt\n"
      "RUN echo \"${SECRET}\" > /dev/null && cat /app/secret.txt > /dev/null && "
      "echo \"the product\" > /app/product\nFROM node:14-alpine\n"
      "COPY --from=build /app/product /app/product\nCMD [\"node\", \"/app/product\"]\n";
  for (const std::string& builder : BuilderNames()) {
    const Image image = Image::OpenBytes(
        "app.tar", Build("FROM node:14-alpine" + stages, {{"secret.txt", "supersecretfile\n"}},
                         {.builder = builder, .build_args = kArguments})
                       .bytes);
    EXPECT_THAT(Layers(image), ::testing::IsSupersetOf({"file 0644 0:0 app/product the product\n"}))
        << builder;
    EXPECT_NO_LEAKED_FILE(image, "secret.txt") << builder;
    EXPECT_HISTORY_CLEAN(image) << builder;
    for (const std::string& step : Steps(image)) {
      EXPECT_THAT(step, ::testing::Not(::testing::HasSubstr("supersecret"))) << builder;
    }
  }
}

}  // namespace
}  // namespace watertight::testing
