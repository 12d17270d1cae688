#include <gmock/gmock.h>

#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/dockerfile.h"
#include "generator/dockerfile/shell_lex.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string ErrorOf(const std::string& text, const std::string& builder = "buildkit-0.25") {
  try {
    const Dockerfile file = ParseDockerfile(text, {.path = "Dockerfile", .builder = builder});
    for (const Stage& stage : file.stages) {
      for (const Instruction& instruction : stage.instructions) {
        const auto* refused = std::get_if<Refused>(&instruction.command);
        const int line = instruction.source.range.begin.line;
        if (refused != nullptr) return Error(refused->reason).At(line).In("Dockerfile").what();
      }
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(Parse, TellsPathLineAndNearestWord) {
  EXPECT_EQ(ErrorOf("FROM scratch\n\nCOPPY a b\n"),
            "Dockerfile:3: unknown instruction: COPPY (did you mean COPY?)");
  EXPECT_EQ(ErrorOf("FROM scratch\nCOPY \\\n  --form=x a b\n"),
            "Dockerfile:2: unknown flag: --form (did you mean from?)");
  EXPECT_EQ(ErrorOf(""), "Dockerfile: the Dockerfile cannot be empty");
  EXPECT_EQ(ErrorOf("ARG A\n"), "Dockerfile: dockerfile contains no stages to build");
}

TEST(Parse, RefusesTriggersThatAreNoSingleInstruction) {
  const Dialect dialect = *FindDialect("buildkit-0.25");
  const auto error = [&](const std::string& trigger) -> std::string {
    try {
      ParseTrigger(trigger, dialect);
    } catch (const Error& refused) {
      return refused.what();
    }
    return "none";
  };
  EXPECT_EQ(error("RUN a\nRUN b"), "onbuild trigger should be a single expression");
  EXPECT_EQ(error("FROM scratch"), "*instructions.Stage is not a command type");
  EXPECT_EQ(error("RUN a"), "none");
}

TEST(Parse, NamesKnownBuilders) {
  EXPECT_THAT(ErrorOf("FROM scratch\n", "buildkit-9"),
              HasSubstr("unknown builder buildkit-9 (known: classic-20.10, "));
}

TEST(Parse, KnowsWhereInstructionsStand) {
  const Dockerfile file = ParseDockerfile(
      "FROM scratch\n"
      "  RUN a \\\n"
      "    b\n"
      "COPY <<EOF /x\n"
      "text\n"
      "EOF\n");
  const auto& instructions = file.stages[0].instructions;
  EXPECT_EQ(file.stages[0].source.range, (Range{{1, 1}, {1, 13}}));
  EXPECT_EQ(instructions[0].source.range, (Range{{2, 3}, {3, 6}}));
  EXPECT_EQ(instructions[1].source.range, (Range{{4, 1}, {6, 4}}));
}

TEST(Parse, KeepsTheCommentsAboveAnInstruction) {
  const Dockerfile file = ParseDockerfile(
      "# syntax=docker/dockerfile:1\n"
      "FROM scratch\n"
      "# forgotten\n"
      "#\n"
      "  # watertight: nothing\n"
      "# watertight: delete /x\n"
      "RUN a\n"
      "RUN b\n");
  const auto& instructions = file.stages[0].instructions;
  EXPECT_THAT(file.stages[0].source.comments, ElementsAre());
  EXPECT_THAT(instructions[0].source.comments,
              ElementsAre("watertight: nothing", "watertight: delete /x"));
  EXPECT_THAT(instructions[1].source.comments, ElementsAre());
}

TEST(Parse, WarnsOfEmptyContinuationLines) {
  const Dockerfile file = ParseDockerfile("FROM scratch\nRUN a \\\n\n  b\n");
  ASSERT_EQ(file.warnings.size(), 1u);
  EXPECT_EQ(file.warnings[0].message, "Empty continuation line found in: RUN a   b");
  EXPECT_EQ(file.warnings[0].range.begin.line, 2);
}

TEST(Parse, MarksScripts) {
  const Dockerfile file =
      ParseDockerfile("FROM scratch\nRUN <<EOF\na\nEOF\nRUN cat <<EOF\na\nEOF\n");
  EXPECT_TRUE(std::get<generator::Run>(file.stages[0].instructions[0].command).script);
  EXPECT_FALSE(std::get<generator::Run>(file.stages[0].instructions[1].command).script);
}

TEST(Parse, RefusesLinesOver64KiB) {
  const std::string longest(65536 - 5, 'x');
  EXPECT_EQ(ErrorOf("FROM scratch\nRUN " + longest + "\n"), "none");
  EXPECT_EQ(ErrorOf("FROM scratch\nRUN x" + longest + "\n"),
            "Dockerfile:2: dockerfile line greater than max allowed size of 65535");
}

std::string Repeated(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(Parse, SurvivesDeepNesting) {
  EXPECT_EQ(ErrorOf("FROM scratch\n" + Repeated("ONBUILD \\\n", 100000) + "RUN x\n"),
            "Dockerfile:2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  const std::string brackets = Repeated("[", 60000);
  EXPECT_EQ(ErrorOf("FROM scratch\nRUN " + brackets + "\n"), "none") << "a shell form";
  const std::string word = Repeated("${a:-", 100000) + Repeated("}", 100000);
  EXPECT_THROW(ProcessWord(word, {}, {}), Error);
}

struct Refusal {
  const char* builder;
  const char* text;
  const char* error;
};

class OlderBuilders : public testing::TestWithParam<Refusal> {};

TEST_P(OlderBuilders, RefuseWhatTheyRefusedThen) {
  EXPECT_EQ(ErrorOf(std::string("FROM scratch\n") + GetParam().text, GetParam().builder),
            GetParam().error);
}

constexpr char kHeredoc[] = "COPY <<EOF /a\nx\nEOF\n";
constexpr char kLink[] = "COPY --link a b\n";

INSTANTIATE_TEST_SUITE_P(
    Features, OlderBuilders,
    testing::Values(
        Refusal{"buildkit-0.8", kHeredoc, "Dockerfile:3: unknown instruction: X"},
        Refusal{"classic-20.10", kHeredoc, "Dockerfile:3: unknown instruction: X"},
        Refusal{"buildkit-0.13", kHeredoc, "none"}, Refusal{"classic-26", kHeredoc, "none"},
        Refusal{"buildkit-0.8", kLink, "Dockerfile:2: Unknown flag: link"},
        Refusal{"classic-20.10", kLink, "Dockerfile:2: Unknown flag: link"},
        Refusal{"buildkit-0.13", kLink, "none"},
        Refusal{"buildkit-0.8", "RUN --network=none x\n", "Dockerfile:2: Unknown flag: network"},
        Refusal{"buildkit-0.13", "COPY --exclude=a b c\n", "Dockerfile:2: unknown flag: exclude"},
        Refusal{"buildkit-0.25", "COPY --exclude=a b c\n", "none"},
        Refusal{"buildkit-0.25", "COPY --parents a b\n", "Dockerfile:2: unknown flag: --parents"},
        Refusal{"buildkit-0.25", "RUN --security=insecure x\n",
                "Dockerfile:2: unknown flag: --security"}));

// As buildah 1.28.2 says it, behind "building at STEP …" or the path.
INSTANTIATE_TEST_SUITE_P(
    Buildah, OlderBuilders,
    testing::Values(
        Refusal{"buildah-1.28", "FOO x\n",
                "Dockerfile:2: Build error: Unknown instruction: \"FOO\""},
        Refusal{"buildah-1.28", "COPY a\n", "Dockerfile:2: COPY requires at least one argument"},
        Refusal{"buildah-1.28", "COPY --link a b\n",
                "Dockerfile:2: COPY only supports the --chmod=<permissions> --chown=<uid:gid> and "
                "the --from=<image|stage> flags"},
        Refusal{"buildah-1.28", "ADD --checksum=x a b\n",
                "Dockerfile:2: ADD only supports the --chmod=<permissions> and the "
                "--chown=<uid:gid> flag"},
        Refusal{"buildah-1.28", "RUN --foo x\n",
                "Dockerfile:2: RUN only supports the --mount flag"},
        Refusal{"buildah-1.28", "HEALTHCHECK --foo=5 CMD x\n",
                "Dockerfile:2: flag provided but not defined: -foo"},
        Refusal{"buildah-1.28", "HEALTHCHECK --retries=0 CMD x\n",
                "Dockerfile:2: --retries must be at least 1 (not 0)"},
        Refusal{"buildah-1.28", "VOLUME [\"\"]\n",
                "Dockerfile:2: Volume specified can not be an empty string"},
        Refusal{"buildah-1.28", "FROM a b\n",
                "Dockerfile:2: FROM requires either one argument, or three: FROM <source> [as "
                "<name>]"},
        Refusal{"buildah-1.28", "RUN --network=none x\n",
                "Dockerfile:2: RUN only supports the --mount flag"},
        Refusal{"buildah-1.28", "ARG =x\n", "none"},
        Refusal{"buildah-1.28", "COPY --chown=1 --chown=2 a b\n", "none"},
        Refusal{"buildah-1.28", "LABEL =b\n", "none"},
        Refusal{"buildah-1.28", "USER --x a\n", "none"},
        Refusal{"buildah-1.28-layers", "EXPOSE abc\n", "none"}));

TEST(SyntaxDirective, ChoosesTheLanguage) {
  EXPECT_EQ(
      ErrorOf("# syntax=docker/dockerfile:1.4\nFROM scratch\nCOPY <<E /a\nE\n", "buildkit-0.8"),
      "none");
  EXPECT_EQ(ErrorOf("# syntax=docker/dockerfile:1.3\nFROM scratch\nCOPY <<EOFEOF /a\nEOFEOF\n",
                    "buildkit-0.25"),
            "Dockerfile:4: unknown instruction: EOFEOF");
  EXPECT_EQ(ErrorOf("# syntax=docker/dockerfile:1-labs\nFROM scratch\nCOPY --parents a b\n"),
            "none");
  EXPECT_EQ(
      ErrorOf("# syntax=docker/dockerfile:1\nFROM scratch\nCOPY <<E /a\nE\n", "classic-20.10"),
      "Dockerfile:4: unknown instruction: E")
      << "the classic builder does not look at it";
  EXPECT_EQ(ErrorOf("# syntax=docker/dockerfile:1-labs\nFROM scratch\nRUN --security=bogus x\n"),
            "Dockerfile:3: security \"bogus\" is not valid");
  EXPECT_THAT(ErrorOf("# syntax=example/other\nFROM scratch\n"),
              HasSubstr("unknown frontend example/other"));
}

TEST(Trigger, IsOneInstruction) {
  const Dialect& dialect = *FindDialect("buildkit-0.25");
  EXPECT_EQ(std::get<User>(ParseTrigger("USER me", dialect).command).name, "me");
  EXPECT_THROW(ParseTrigger("USER me\nUSER you", dialect), Error);
  EXPECT_THROW(ParseTrigger("FROM scratch", dialect), Error);
}

}  // namespace
}  // namespace watertight::generator
