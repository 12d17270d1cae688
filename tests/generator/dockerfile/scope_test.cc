// Variables of the builders that the recorded histories do not cover.
#include "generator/dockerfile/scope.h"

#include <gmock/gmock.h>

#include "generator/dockerfile/expand.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

// The value of the label `is` at the end of the last stage.
std::string LabelOf(const std::string& text, const std::string& builder,
                    const BuildArguments& arguments = {}) {
  const Dockerfile file = ParseDockerfile(text, {.path = "Dockerfile", .builder = builder});
  const Environment globals = GlobalVariables(file, arguments);
  Scope scope(file, globals, arguments);
  std::string label;
  for (const Instruction& each : file.stages.back().instructions) {
    const Instruction expanded = Expand(each, scope);
    scope.Apply(expanded);
    if (const auto* found = std::get_if<Label>(&expanded.command)) label = found->labels[0].value;
  }
  return label;
}

TEST(Scope, OfTheClassicBuilderLetsEnvWin) {
  constexpr char kText[] = "FROM scratch\nENV A=env\nARG A=arg\nLABEL is=$A\n";
  EXPECT_EQ(LabelOf(kText, "classic-28"), "env");
  EXPECT_EQ(LabelOf(kText, "buildkit-0.25"), "arg");
}

TEST(Scope, OfTheClassicBuilderHasProxiesWithoutArg) {
  const BuildArguments arguments{.values = {{"HTTP_PROXY", "http://p"}, {"OTHER", "x"}}};
  constexpr char kText[] = "FROM scratch\nLABEL is=$HTTP_PROXY-$OTHER\n";
  EXPECT_EQ(LabelOf(kText, "classic-28", arguments), "http://p-");
  EXPECT_EQ(LabelOf(kText, "buildkit-0.25", arguments), "-");
}

TEST(Scope, OfTheClassicBuilderHasNoPlatform) {
  constexpr char kText[] = "FROM scratch\nARG TARGETARCH\nLABEL is=$TARGETARCH\n";
  EXPECT_EQ(LabelOf(kText, "classic-20.10"), "");
  EXPECT_EQ(LabelOf(kText, "buildkit-0.8"), "amd64");
}

TEST(Scope, TakesArgumentsOverGlobalsAndDefaults) {
  const BuildArguments arguments{.values = {{"A", "given"}}};
  constexpr char kGlobal[] = "ARG A=global\nFROM scratch\nARG A\nLABEL is=$A\n";
  for (const char* builder : {"classic-20.10", "buildkit-0.8", "buildkit-0.25"}) {
    EXPECT_EQ(LabelOf(kGlobal, builder), "global") << builder;
    EXPECT_EQ(LabelOf(kGlobal, builder, arguments), "given") << builder;
  }
}

Instruction Expanded(const std::string& line, const std::string& builder) {
  const Dockerfile file =
      ParseDockerfile("FROM scratch\n" + line, {.path = "Dockerfile", .builder = builder});
  const BuildArguments arguments;
  const Environment none;
  return Expand(file.stages[0].instructions[0], Scope(file, none, arguments));
}

std::string ErrorOf(const std::string& line, const std::string& builder) {
  try {
    Expanded(line, builder);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

constexpr char kNeedsBuildKit[] =
    " option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to "
    "build images with BuildKit enabled";

TEST(ClassicBuilder, RefusesWhatNeedsBuildKit) {
  EXPECT_EQ(ErrorOf("RUN --mount=type=cache,target=/c x\n", "classic-20.10"),
            std::string("line 2: the --mount") + kNeedsBuildKit);
  EXPECT_EQ(ErrorOf("COPY --chmod=644 a b\n", "classic-28"),
            std::string("line 2: the --chmod") + kNeedsBuildKit);
  EXPECT_EQ(ErrorOf("COPY <<EOF /a\nEOF\n", "classic-26"),
            "line 2: COPY failed: no source files were specified");
  EXPECT_EQ(ErrorOf("COPY a b /c\n", "classic-28"),
            "line 2: When using COPY with more than one source file, the destination must be a "
            "directory and end with a /");
  EXPECT_EQ(ErrorOf("ADD a b /c\n", "classic-20.10"),
            "line 2: When using ADD with more than one source file, the destination must be a "
            "directory and end with a /");
  EXPECT_EQ(ErrorOf("COPY a b /c\n", "buildkit-0.25"), "none");
}

TEST(Expansion, RefusesSubstitutionsThatNestTooDeeply) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "${a:-";
  EXPECT_THAT(ErrorOf("ENV x=" + deep.substr(0, 60000) + "\n", "buildkit-0.25"),
              EndsWith("substitutions nested too deeply"));
}

TEST(Expose, GivesSinglePorts) {
  const auto ports =
      std::get<Expose>(Expanded("EXPOSE 8001-8002/UDP 80\n", "buildkit-0.25").command);
  EXPECT_THAT(ports.ports, ElementsAre("80/tcp", "8001/udp", "8002/udp"));
  EXPECT_EQ(ErrorOf("EXPOSE 80/tcp/x\n", "buildkit-0.13"), "none");
  EXPECT_EQ(ErrorOf("EXPOSE 80/tcp/x\n", "buildkit-0.25"),
            "line 2: invalid port: \"80/tcp/x\": invalid proto: tcp/x");
}

}  // namespace
}  // namespace watertight::generator
