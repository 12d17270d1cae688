#include "generator/dockerfile/stages.h"

#include <gmock/gmock.h>

#include "generator/dockerfile/image_references.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

StagePlan Plan(const std::string& text, const std::string& target = "",
               const std::string& builder = "buildkit-0.25") {
  static Dockerfile file;
  file = ParseDockerfile(text, {.path = "Dockerfile", .builder = builder});
  return PlanStages(file, {}, target);
}

std::string ErrorOf(const std::string& text, const std::string& target = "",
                    const std::string& builder = "buildkit-0.25") {
  try {
    Plan(text, target, builder);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

constexpr char kFour[] =
    "FROM base AS a\n"
    "FROM base AS unused\n"
    "FROM a AS b\n"
    "FROM scratch\n"
    "COPY --from=b x y\n"
    "COPY --from=img:1 x y\n"
    "RUN --mount=from=a,target=/a x\n";

TEST(Stages, FollowBasesCopiesAndMounts) {
  const StagePlan plan = Plan(kFour);
  EXPECT_EQ(plan.target, 3u);
  EXPECT_THAT(plan.order, ElementsAre(0, 2, 3));
  EXPECT_THAT(plan.stages[2].base_stage, Optional(Eq(0u)));
  ASSERT_EQ(plan.stages[3].sources.size(), 3u);
  EXPECT_THAT(plan.stages[3].sources[0].stage, Optional(Eq(2u)));
  EXPECT_EQ(plan.stages[3].sources[1].stage, std::nullopt);
  EXPECT_EQ(plan.stages[3].sources[1].name, "img:1");
  EXPECT_THAT(plan.stages[3].sources[2].stage, Optional(Eq(0u)));
}

TEST(Stages, StopAtTheTarget) {
  EXPECT_THAT(Plan(kFour, "UNUSED").order, ElementsAre(1));
  EXPECT_THAT(Plan(kFour, "b").order, ElementsAre(0, 2));
  EXPECT_EQ(ErrorOf(kFour, "unusd"),
            "target stage \"unusd\" could not be found (did you mean unused?)");
}

TEST(Stages, AreAllBuiltByTheClassicBuilder) {
  constexpr char kTwo[] = "FROM base AS a\nFROM base AS b\nFROM base\n";
  EXPECT_THAT(Plan(kTwo, "", "classic-28").order, ElementsAre(0, 1, 2));
  EXPECT_THAT(Plan(kTwo, "b", "classic-28").order, ElementsAre(0, 1));
  EXPECT_EQ(ErrorOf(kTwo, "c", "classic-20.10"), "failed to reach build target c in Dockerfile");
}

TEST(Stages, RefuseCyclesAndLaterStages) {
  EXPECT_EQ(ErrorOf("FROM base AS a\nCOPY --from=a x y\n"),
            "line 2: circular dependency detected on stage: a");
  EXPECT_EQ(ErrorOf("FROM base AS a\nCOPY --from=b x y\nFROM a AS b\nCOPY --from=a x y\n"),
            "line 2: circular dependency detected on stage: a");
  EXPECT_EQ(ErrorOf("FROM base AS a\nRUN x\nCOPY --from=b x y\nFROM base AS b\nFROM a\n"),
            "line 3: cannot copy from stage \"b\", it needs to be defined before current stage "
            "\"a\"");
  EXPECT_EQ(ErrorOf("FROM base\nCOPY --from=3 x y\n"), "line 2: invalid stage index 3");
  EXPECT_EQ(ErrorOf("FROM --platform=${A base\n"),
            "line 1: failed to process arguments for platform : failed to process \"${A\": "
            "unsupported modifier (\uFFFD) in substitution");
}

TEST(Stages, OfTheClassicBuilderAreThoseThatAreDone) {
  const std::string builder = "classic-20.10";
  const StagePlan plan = Plan(
      "FROM base AS a\nFROM base\nCOPY --from=0 x y\nCOPY --from=A x y\nCOPY --from=c x y\n"
      "FROM base AS c\n",
      "", builder);
  EXPECT_THAT(plan.stages[1].sources[0].stage, Optional(Eq(0u)));
  EXPECT_THAT(plan.stages[1].sources[1].stage, Optional(Eq(0u)));
  EXPECT_EQ(plan.stages[1].sources[2].stage, std::nullopt) << "c is an image here";
  EXPECT_EQ(ErrorOf("FROM base\nCOPY --from=0 x y\n", "", builder),
            "line 2: invalid from flag value 0: refers to current build stage");
  EXPECT_EQ(ErrorOf("FROM base\nCOPY --from=3 x y\n", "", builder),
            "line 2: invalid from flag value 3: index out of bounds");
  EXPECT_EQ(ErrorOf("FROM base AS a\nFROM base AS a\n", "", builder),
            "line 2: a stage name already used");
}

TEST(Stages, TellNearNamesOfUnknownImages) {
  const Dockerfile file = ParseDockerfile("FROM base AS builder\nFROM buildr\n");
  EXPECT_EQ(UnknownImage("buildr", file).message(), "buildr: not found (did you mean builder?)");
  EXPECT_EQ(UnknownImage("apline", file).message(), "apline: not found (did you mean alpine?)");
}

// As buildah 1.28.2 does it.
TEST(BuildahStages, HeedTheCaseOfNames) {
  const StagePlan plan =
      Plan("FROM scratch AS Tools\nFROM scratch\nCOPY --from=tools a b\nCOPY --from=Tools a b\n",
           "", "buildah-1.28");
  ASSERT_EQ(plan.stages[1].sources.size(), 2u);
  EXPECT_EQ(plan.stages[1].sources[0].stage, std::nullopt);
  EXPECT_THAT(plan.stages[1].sources[1].stage, Optional(Eq(0u)));
}

TEST(BuildahStages, MayHaveTheSameName) {
  const StagePlan plan =
      Plan("FROM scratch AS a\nFROM scratch AS a\nFROM a\nCOPY --from=0 x y\n", "", "buildah-1.28");
  EXPECT_THAT(plan.stages[2].base_stage, Optional(Eq(1u)));
  EXPECT_THAT(plan.stages[2].sources[0].stage, Optional(Eq(1u))) << "0 is the stage named a";
}

TEST(BuildahStages, AnswerToTheirNumber) {
  constexpr char kText[] = "FROM scratch\nCOPY a b\nFROM 0\nCOPY a c\nFROM scratch\n";
  EXPECT_THAT(Plan(kText, "", "buildah-1.28").stages[1].base_stage, Optional(Eq(0u)));
  EXPECT_THAT(Plan(kText, "1", "buildah-1.28").order, ElementsAre(0, 1));
}

TEST(BuildahStages, AreBuiltWhereTheTargetNeedsThem) {
  EXPECT_THAT(Plan("FROM scratch\nCOPY --from=later x y\nFROM scratch AS later\n", "",
                   "buildah-1.28-layers")
                  .order,
              ElementsAre(1));
  EXPECT_EQ(ErrorOf("FROM scratch\n", "nope", "buildah-1.28"),
            "The target \"nope\" was not found in the provided Dockerfile");
}

}  // namespace
}  // namespace watertight::generator
