// Matchers of the configuration.

#include "tests/matchers/messages.h"
#include "tests/matchers/recorded.h"
#include "watertight/gtest.h"

namespace watertight::testing {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

RuntimeConfig ConfigOf(const std::string& user) {
  RuntimeConfig config;
  config.user = user;
  return config;
}

TEST(RunsAs, WithoutAGroupTakesAnyGroup) {
  EXPECT_THAT(ConfigOf("node"), RunsAs("node"));
  EXPECT_THAT(ConfigOf("node:staff"), RunsAs("node"));
  EXPECT_THAT(ConfigOf("1000:1000"), RunsAs("1000"));
  EXPECT_THAT(ConfigOf("10000"), Not(RunsAs("1000")));
  EXPECT_THAT(ConfigOf("node"), Not(RunsAs("1000")));
}

TEST(RunsAs, WithAGroupTakesThatGroup) {
  EXPECT_THAT(ConfigOf("1000:1000"), RunsAs("1000:1000"));
  EXPECT_THAT(ConfigOf("1000:50"), Not(RunsAs("1000:1000")));
  EXPECT_THAT(ConfigOf("1000"), Not(RunsAs("1000:1000")));
}

TEST(RunsAs, RootHasThreeNames) {
  for (const char* stated : {"", "0", "root", "root:root", "0:0"}) {
    EXPECT_THAT(ConfigOf(stated), AllOf(RunsAs("root"), RunsAs("0"), Not(RunsAsNonRoot())));
  }
  EXPECT_THAT(ConfigOf("0:0"), RunsAs("root:root"));
  EXPECT_THAT(ConfigOf("node"), RunsAsNonRoot());
  EXPECT_THAT(ConfigOf("1000:0"), RunsAsNonRoot());
}

TEST(HasEnv, TakesTheLastOfAName) {
  RuntimeConfig config;
  config.env = {"MODE=debug", "MODE=production", "EMPTY=", "MODEL=x"};
  EXPECT_THAT(config, HasEnv("MODE"));
  EXPECT_THAT(config, HasEnv("MODE", "production"));
  EXPECT_THAT(config, HasEnv("MODE", StartsWith("prod")));
  EXPECT_THAT(config, Not(HasEnv("MODE", "debug")));
  EXPECT_THAT(config, HasEnv("EMPTY", ""));
  EXPECT_THAT(config, HasEnv("EMPTY", _));
  EXPECT_THAT(config, Not(HasEnv("MOD")));
}

TEST(HasEnv, ShowsNoSecret) {
  RuntimeConfig config;
  config.env = {"API_TOKEN=plantedvalue"};
  for (const auto& matcher : {HasEnv("API_TOKEN", "other"), HasEnv("API_TOKEN")}) {
    const auto text = Explained<RuntimeConfig>(config, matcher);
    EXPECT_THAT(text, AllOf(HasSubstr("API_TOKEN"), Not(HasSubstr("plantedvalue"))));
  }
  EXPECT_THAT(Explained<RuntimeConfig>(config, HasEnv("OTHER")), Not(HasSubstr("plantedvalue")));
}

TEST(HasLabel, ComparesNameAndValue) {
  RuntimeConfig config;
  config.labels = {{"org.opencontainers.image.source", "https://example.invalid/app"}};
  EXPECT_THAT(config, HasLabel("org.opencontainers.image.source"));
  EXPECT_THAT(config, HasLabel("org.opencontainers.image.source", HasSubstr("/app")));
  EXPECT_THAT(config, Not(HasLabel("org.opencontainers.image.source", "other")));
  EXPECT_THAT(config, Not(HasLabel("org.opencontainers")));
}

TEST(HasEntrypoint, ComparesTheWords) {
  RuntimeConfig config;
  config.entrypoint = {{"/app/server", "--port", "80"}};
  EXPECT_THAT(config, HasEntrypoint({"/app/server", "--port", "80"}));
  EXPECT_THAT(config, HasEntrypoint(Contains("--port")));
  EXPECT_THAT(config, HasEntrypoint(ElementsAre("/app/server", _, "80")));
  EXPECT_THAT(config, Not(HasEntrypoint({"/app/server"})));
  EXPECT_THAT(config, Not(HasEntrypoint({})));
  EXPECT_THAT(ConfigOf("node"), AllOf(HasEntrypoint({}), HasCmd({})));
  EXPECT_THAT(config, HasCmd(IsEmpty()));
  EXPECT_THAT(config, Not(HasCmd({"x"})));
}

TEST(HasCmd, ShowsNoSecret) {
  RuntimeConfig config;
  config.cmd = {{"server", "--password", "plantedvalue", "--port=80"}};
  EXPECT_THAT(Explained<RuntimeConfig>(config, HasCmd({"x"})),
              AllOf(HasSubstr("--port=80"), Not(HasSubstr("plantedvalue"))));
}

TEST(HasWorkdir, IsTheRootWhenNotStated) {
  RuntimeConfig config;
  EXPECT_THAT(config, HasWorkdir("/"));
  config.working_dir = "/app";
  EXPECT_THAT(config, HasWorkdir("/app"));
  EXPECT_THAT(config, Not(HasWorkdir("/")));
}

TEST(Exposes, DefaultsToTcp) {
  RuntimeConfig config;
  config.exposed_ports = {"53/udp", "8080/tcp", "9090"};
  EXPECT_THAT(config, AllOf(Exposes(8080), Exposes("8080"), Exposes("8080/tcp"), Exposes(9090)));
  EXPECT_THAT(config, Exposes("53/udp"));
  EXPECT_THAT(config, Not(Exposes(53)));
  EXPECT_THAT(config, Not(Exposes(808)));
}

TEST(HasVolume, ComparesThePath) {
  RuntimeConfig config;
  config.volumes = {"/data"};
  EXPECT_THAT(config, HasVolume("/data"));
  EXPECT_THAT(config, Not(HasVolume("/dat")));
}

TEST(HasHealthcheck, NoneIsNone) {
  RuntimeConfig config;
  EXPECT_THAT(config, Not(HasHealthcheck()));
  config.healthcheck = Healthcheck{};
  EXPECT_THAT(config, Not(HasHealthcheck()));
  config.healthcheck->test = {"NONE"};
  EXPECT_THAT(config, Not(HasHealthcheck()));
  config.healthcheck->test = {"CMD", "true"};
  config.healthcheck->retries = 3;
  EXPECT_THAT(config, HasHealthcheck());
  EXPECT_THAT(config, HasHealthcheck(Field(&Healthcheck::retries, 3)));
  EXPECT_THAT(config, Not(HasHealthcheck(Field(&Healthcheck::retries, 4))));
}

TEST(HasStopSignal, ComparesTheText) {
  RuntimeConfig config;
  EXPECT_THAT(config, HasStopSignal(""));
  config.stop_signal = "SIGUSR1";
  EXPECT_THAT(config, HasStopSignal("SIGUSR1"));
}

TEST(ConfigMatchers, TakeAnImageItsConfigAndAContainerConfig) {
  const Image& image = Recorded("multi-stage.classic");
  const std::vector<std::string> cmd = {"/bin/sh", "-c", "cat /app/product"};
  EXPECT_THAT(image, AllOf(HasCmd(cmd), RunsAs("root")));
  EXPECT_THAT(image.config(), AllOf(HasCmd(cmd), RunsAs("root")));
  ASSERT_TRUE(image.config().container_config);
  EXPECT_THAT(*image.config().container_config, Not(HasCmd(cmd)));
}

}  // namespace
}  // namespace watertight::testing
