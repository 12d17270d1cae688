// The words of builders for a RUN that went wrong, as they were recorded.
#include "generator/build/run_refusal.h"

#include <gtest/gtest.h>

namespace watertight::generator {
namespace {

TEST(RunRefusal, OfACommandThatFails) {
  EXPECT_EQ(FailedRun("classic-28", "/bin/sh -c exit 42", 42, ""),
            "The command '/bin/sh -c exit 42' returned a non-zero code: 42");
  EXPECT_EQ(FailedRun("buildkit-0.8", "/bin/sh -c exit 42", 42, ""),
            "executor failed running [/bin/sh -c exit 42]: exit code: 42");
  EXPECT_EQ(FailedRun("buildkit-0.25", "/bin/sh -c \"a\"", 1, "sh: a: not found"),
            "process \"/bin/sh -c \\\"a\\\"\" did not complete successfully: exit code: 1: "
            "sh: a: not found");
  EXPECT_EQ(FailedRun("buildah-1.28", "x", 3, ""), "exit status 3");
  EXPECT_EQ(FailedRun("kaniko", "x", 3, ""),
            "error building stage: failed to execute command: waiting for process to exit: exit "
            "status 3");
}

TEST(RunRefusal, OfAProgramThatIsNotThere) {
  const std::string why = "exec: \"/no\": stat /no: no such file or directory";
  EXPECT_EQ(UnstartedRun("classic-20.10", "/no", why),
            "failed to create shim task: OCI runtime create failed: runc create failed: unable to "
            "start container process: " +
                why + ": unknown");
  EXPECT_EQ(UnstartedRun("classic-28", "/no", why),
            "failed to create task for container: failed to create shim task: OCI runtime create "
            "failed: runc create failed: unable to start container process: error during "
            "container init: " +
                why);
  EXPECT_EQ(UnstartedRun("buildkit-0.13", "/no x", why),
            "process \"/no x\" did not complete successfully: exit code: 1: runc run failed: "
            "unable to start container process: " +
                why);
  EXPECT_EQ(UnstartedRun("buildkit-0.25", "/no x", why),
            "process \"/no x\" did not complete successfully: exit code: 1: runc run failed: "
            "unable to start container process: error during container init: " +
                why);
  EXPECT_EQ(UnstartedRun("kaniko", "/no", "fork/exec /no: no such file or directory"),
            "error building stage: failed to execute command: starting command: fork/exec /no: no "
            "such file or directory");
}

TEST(RunRefusal, OfAUserThatIsNotThere) {
  const std::string why = "unable to find user u: no matching entries in passwd file";
  EXPECT_EQ(UserlessRun("classic-26", "true", why), why);
  EXPECT_EQ(UserlessRun("buildkit-0.8", "true", why), "executor failed running [true]: " + why);
  EXPECT_EQ(UserlessRun("buildkit-0.25", "true", why),
            "process \"true\" did not complete successfully: " + why);
}

}  // namespace
}  // namespace watertight::generator
