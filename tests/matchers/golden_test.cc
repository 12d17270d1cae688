// All failure messages, as a user sees them.

#include <filesystem>

#include "tests/matchers/golden.h"
#include "tests/matchers/recorded.h"
#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "watertight/gtest.h"

namespace watertight::testing {
namespace {

using ::testing::AllOf;
using ::testing::Field;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using ::testing::SizeIs;

// Images are opened by a name without a folder, so that messages are the same everywhere.
class Golden : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::current_path(before_); }

  Image Write(const std::string& name, const std::vector<TarFile>& files) {
    std::filesystem::current_path(folder_.path());
    WriteFile(name, MakeTar(files));
    return Image::Open(name);
  }
  Image Write(const std::string& name, const MadeImage& made) {
    return Write(name, DockerArchive(made));
  }
  Image Write(const std::string& name, const std::vector<std::vector<TarFile>>& layers) {
    return Write(name, MakeImage(layers));
  }

  const std::filesystem::path before_ = std::filesystem::current_path();
  TemporaryFolder folder_;
};

TEST_F(Golden, LeakedFilesOfTheExperiments) {
  std::vector<GoldenCase> cases;
  for (const char* name :
       {"copy-then-delete.classic", "copy-then-delete.buildkit", "directory-replaced.classic",
        "directory-replaced.buildkit", "overwritten.classic", "overwritten.buildkit"}) {
    cases.push_back({name, [name] {
                       const Image& app = Recorded(name);
                       EXPECT_NO_LEAKED_FILE(app, "secret.txt", "*.key");
                     }});
  }
  const Image& app = Recorded("copy-then-delete.classic");
  cases.push_back({"what the container shows", [&] { EXPECT_NO_LEAKED_FILE(app, "/bin/sh"); }});
  cases.push_back({"several paths, with an exception",
                   [&] { EXPECT_NO_LEAKED_FILE(app, "**/*", "/x", Except("bin", "bin/sh")); }});
  cases.push_back(
      {"streamed text", [&] { EXPECT_NO_LEAKED_FILE(app, "secret.txt") << "see the runbook"; }});
  cases.push_back({"as a matcher", [&] { EXPECT_THAT(app, NeverStores("secret.txt")); }});
  cases.push_back({"under Not", [&] { EXPECT_THAT(app, Not(NeverStores("*.pem", "*.key"))); }});
  cases.push_back({"under AllOf",
                   [&] { EXPECT_THAT(app, AllOf(HasLayerCount(3), NeverStores("secret.txt"))); }});
  ExpectGolden("leaked_files", cases);
}

TEST_F(Golden, LeakedValuesOfTheExperiments) {
  const Secret value = Secret::Value("supersecret");
  std::vector<GoldenCase> cases;
  for (const char* name : {"copy-then-delete.classic", "directory-replaced.buildkit",
                           "build-arg.classic", "env.buildkit"}) {
    cases.push_back({name, [=] { EXPECT_NO_LEAKED_VALUE(Recorded(name), value); }});
  }
  cases.push_back({"several values, streamed text", [] {
                     EXPECT_NO_LEAKED_VALUE(Recorded("overwritten.classic"),
                                            Secret::Value("the product"),
                                            Secret::Value("supersecretfile"))
                         << "see the runbook";
                   }});
  cases.push_back({"under Not", [=] {
                     EXPECT_THAT(Recorded("secret-mount.buildkit"), Not(NeverContains(value)));
                   }});
  ExpectGolden("leaked_values", cases);
}

TEST_F(Golden, LeakedValuesOfMadeImages) {
  const Secret value = Secret::Value("tok-5f0aQ-9zX");
  std::vector<TarFile> files;
  for (int i = 10; i < 35; ++i) {
    files.push_back({"app/" + std::to_string(i), '0', "k = " + value.value() + "\n"});
  }
  const Image many =
      Write("many.tar", {{{"n/" + value.value(), '0', "1"},
                          {"l", '2', "", "to/" + value.value()},
                          {"hex", '0', "x=746f6b2d3566306151 746f6b2d35663061512d397a58"}},
                         files,
                         {{"app/.wh.10", '0'}}});
  OciLayout layout;
  layout.SetIndex({layout.AddImage(MakeImage({{{"x", '0', value.value()}, {"y", '0', "1"}}}),
                                   [](const std::string& tar) { return tar.substr(0, 1500); })});
  const Image broken = Write("broken.tar", layout.files());
  ExpectGolden("leaked_values_made",
               {{"many places", [&] { EXPECT_NO_LEAKED_VALUE(many, value); }},
                {"a layer that cannot be read", [&] { EXPECT_NO_LEAKED_VALUE(broken, value); }},
                {"the same under Not", [&] { EXPECT_THAT(broken, Not(NeverContains(value))); }}});
}

// Two values that no provider issued: names alone tell of them.
TEST_F(Golden, SecretsOfMadeImages) {
  const std::string value = std::string("q8Wdg3Kd92") + "jfHqpw71mZ";
  const std::string url = "https://ci:" + std::string("zR5tX9") + "bN2kQ7@git.internal/x\n";
  const Image app = Write("secrets.tar", {{{"app/db.ini", '0', "[db]\npassword = " + value + "\n"},
                                           {"app/copy", '0', "password: " + value + "\n"}},
                                          {{"app/sources", '0', url}, {"app/.wh.db.ini", '0'}}});
  OciLayout layout;
  layout.SetIndex(
      {layout.AddImage(MakeImage({{{"x", '0', "password=" + value + "\n"}, {"y", '0', "1"}}}),
                       [](const std::string& tar) { return tar.substr(0, 1500); })});
  const Image broken = Write("broken-secrets.tar", layout.files());
  const SecretOptions allowed =
      SecretOptions()
          .Allow({.rule = "generic-url-password", .reason = "the demo's"})
          .Allow({.rule = "generic-password", .path = "app/**", .reason = "the demo's"});
  EXPECT_NO_SECRETS(app, allowed);
  ExpectGolden("secrets",
               {{"several places", [&] { EXPECT_NO_SECRETS(app); }},
                {"allowed, under Not", [&] { EXPECT_THAT(app, Not(HasNoSecrets(allowed))); }},
                {"streamed text",
                 [&] {
                   EXPECT_NO_SECRETS(app, SecretOptions().Allow({.path = "app/{db.ini,copy}",
                                                                 .reason = "the demo's"}))
                       << "see the runbook";
                 }},
                {"a layer that cannot be read", [&] { EXPECT_NO_SECRETS(broken); }}});
}

MadeImage ManyLayers() {
  std::vector<std::vector<TarFile>> layers;
  for (int layer = 0; layer < 14; ++layer) {
    layers.push_back({{"file" + std::to_string(layer), '0', "x"}});
  }
  for (int key = 10; key < 25; ++key) {
    layers[3].push_back({"keys/" + std::to_string(key) + ".key", '0', "key"});
  }
  layers[9].push_back({".wh.keys", '0'});
  return MakeImage(layers);
}

TEST_F(Golden, LeakedFilesOfMadeImages) {
  const Image many = Write("many.tar", ManyLayers());
  MadeImage made = MakeImage({{{"a\nb'c.key", '0', "1"},
                               {"link.key", '2', "", "x\x1b[31m"},
                               {"hard.key", '1', "", "a\nb'c.key"},
                               {"dir.key/", '5', "", "", 0700}},
                              {{"dir.key/.wh..wh..opq", '0'}}});
  const Image odd = Write("odd names.tar", made);
  made = MakeImage({{{"x.key", '0', "1"}}, {{".wh.x.key", '0'}}});
  made.config["history"].erase(0);
  const Image mismatch = Write("mismatch.tar", made);
  made = MakeImage({{{"x.key", '0', "1"}}});
  made.config["config"]["Labels"]["io.buildah.version"] = "1.28.2";
  made.config["history"] = Json::array();
  for (int step = 0; step < 9; ++step) {
    made.config["history"].push_back(
        {{"created_by", "/bin/sh -c #(nop) COPY file" + std::to_string(step) + " in /" +
                            std::string(step == 0 ? 90 : 1, 'd')},
         {"empty_layer", step < 8}});
  }
  const Image buildah = Write("buildah.tar", made);
  ExpectGolden("leaked_files_made",
               {{"many layers and paths", [&] { EXPECT_NO_LEAKED_FILE(many, "*.key"); }},
                {"odd names", [&] { EXPECT_NO_LEAKED_FILE(odd, "*.key"); }},
                {"history that does not fit", [&] { EXPECT_NO_LEAKED_FILE(mismatch, "*.key"); }},
                {"one layer of several steps", [&] { EXPECT_NO_LEAKED_FILE(buildah, "*.key"); }}});
}

TEST_F(Golden, Histories) {
  const Image& build_arg = Recorded("build-arg.buildkit");
  const Image& clean = Recorded("multi-stage.classic");
  const auto known = CleanOptions().Known(Secret::Value("the product"));
  const Image& same_run = Recorded("same-run.buildkit");
  MadeImage made = MakeImage({{{"x", '0', "1"}}});
  Json& history = made.config["history"];
  history[0]["author"] = "https://me:plantedauthor@example.invalid/";
  history[0]["comment"] = "password=plantedcomment";
  for (int step = 1; step < 16; ++step) {
    history.push_back({{"created_by", "ENV STEP=" + std::to_string(step)}, {"empty_layer", true}});
  }
  history[7]["created_by"] = "RUN /bin/sh -c " + std::string(120, 'x') +
                             " && curl -u me:plantedcurl https://example.invalid/ && " +
                             std::string(90, 'y') + " # buildkit";
  const Image odd = Write("history.tar", made);
  ExpectGolden("histories",
               {{"build-arg.buildkit", [&] { EXPECT_HISTORY_CLEAN(build_arg); }},
                {"build-arg.classic", [&] { EXPECT_HISTORY_CLEAN(Recorded("build-arg.classic")); }},
                {"env.buildkit", [&] { EXPECT_HISTORY_CLEAN(Recorded("env.buildkit")); }},
                {"env.classic", [&] { EXPECT_HISTORY_CLEAN(Recorded("env.classic")); }},
                {"a known value", [&] { EXPECT_HISTORY_CLEAN(same_run, known); }},
                {"long steps, many steps, other fields", [&] { EXPECT_HISTORY_CLEAN(odd); }},
                {"as a matcher", [&] { EXPECT_THAT(build_arg, HasCleanHistory()); }},
                {"under Not", [&] { EXPECT_THAT(clean, Not(HasCleanHistory())); }}});
}

TEST_F(Golden, Configurations) {
  MadeImage made = MakeImage({{{"x", '0', "1"}}});
  made.config["config"] = {
      {"Env",
       {"PATH=/bin", "API_TOKEN=plantedtoken", "URL=https://me:plantedurl@example.invalid/"}},
      {"Labels", {{"org.example.password", "plantedlabel"}}}};
  const Image leaks = Write("config.tar", made);
  const Image& clean = Recorded("multi-stage.classic");
  const auto known = CleanOptions().Known(Secret::Value("cat /app/product"));
  ExpectGolden("configurations",
               {{"three leaks", [&] { EXPECT_CONFIG_CLEAN(leaks); }},
                {"a known value", [&] { EXPECT_CONFIG_CLEAN(clean, known); }},
                {"as a matcher", [&] { EXPECT_THAT(leaks, HasCleanConfig()); }},
                {"under Not", [&] { EXPECT_THAT(clean, Not(HasCleanConfig())); }}});
}

// Each matcher twice: as it mismatches, and under Not.
TEST_F(Golden, RuntimeConfigs) {
  RuntimeConfig full;
  full.user = "1000:1000";
  full.env = {"PATH=/bin", "API_TOKEN=plantedtoken"};
  full.labels = {{"version", "1.2"}, {"org.example.password", "plantedlabel"}};
  full.entrypoint = {{"/app/server", "--token", "plantedword"}};
  full.cmd = {{"--port", "80"}};
  full.working_dir = "/app";
  full.exposed_ports = {"8080/tcp"};
  full.volumes = {"/data"};
  full.stop_signal = "SIGUSR1";
  full.healthcheck = Healthcheck{{"CMD", "true"}, 0, 0, 0, 0, 3};
  const RuntimeConfig empty;
  const auto retries = [](int count) { return Field(&Healthcheck::retries, count); };
  ExpectGolden(
      "runtime_configs",
      {{"RunsAs", [&] { EXPECT_THAT(full, RunsAs("node")); }},
       {"RunsAs, no user", [&] { EXPECT_THAT(empty, RunsAs("node")); }},
       {"Not RunsAs", [&] { EXPECT_THAT(full, Not(RunsAs("1000"))); }},
       {"RunsAsNonRoot", [&] { EXPECT_THAT(empty, RunsAsNonRoot()); }},
       {"Not RunsAsNonRoot", [&] { EXPECT_THAT(full, Not(RunsAsNonRoot())); }},
       {"HasEnv", [&] { EXPECT_THAT(full, HasEnv("HOME")); }},
       {"Not HasEnv", [&] { EXPECT_THAT(full, Not(HasEnv("API_TOKEN"))); }},
       {"HasEnv, value", [&] { EXPECT_THAT(full, HasEnv("PATH", "/usr/bin")); }},
       {"HasEnv, secret value", [&] { EXPECT_THAT(full, HasEnv("API_TOKEN", "x")); }},
       {"Not HasEnv, value", [&] { EXPECT_THAT(full, Not(HasEnv("PATH", "/bin"))); }},
       {"HasLabel", [&] { EXPECT_THAT(full, HasLabel("vendor")); }},
       {"Not HasLabel", [&] { EXPECT_THAT(full, Not(HasLabel("org.example.password"))); }},
       {"HasLabel, value", [&] { EXPECT_THAT(full, HasLabel("version", "2.0")); }},
       {"Not HasLabel, value", [&] { EXPECT_THAT(full, Not(HasLabel("version", "1.2"))); }},
       {"HasEntrypoint", [&] { EXPECT_THAT(full, HasEntrypoint({"/app/server"})); }},
       {"Not HasEntrypoint", [&] { EXPECT_THAT(full, Not(HasEntrypoint(SizeIs(3)))); }},
       {"HasCmd",
        [&] {
          EXPECT_THAT(empty, HasCmd({"--port", "80"}));
        }},
       {"Not HasCmd",
        [&] {
          EXPECT_THAT(full, Not(HasCmd({"--port", "80"})));
        }},
       {"HasWorkdir", [&] { EXPECT_THAT(empty, HasWorkdir("/app")); }},
       {"Not HasWorkdir", [&] { EXPECT_THAT(full, Not(HasWorkdir("/app"))); }},
       {"Exposes", [&] { EXPECT_THAT(full, Exposes("8080/udp")); }},
       {"Exposes, nothing", [&] { EXPECT_THAT(empty, Exposes(80)); }},
       {"Not Exposes", [&] { EXPECT_THAT(full, Not(Exposes(8080))); }},
       {"HasVolume", [&] { EXPECT_THAT(full, HasVolume("/var")); }},
       {"Not HasVolume", [&] { EXPECT_THAT(full, Not(HasVolume("/data"))); }},
       {"HasStopSignal", [&] { EXPECT_THAT(empty, HasStopSignal("SIGUSR1")); }},
       {"Not HasStopSignal", [&] { EXPECT_THAT(full, Not(HasStopSignal("SIGUSR1"))); }},
       {"HasHealthcheck", [&] { EXPECT_THAT(empty, HasHealthcheck()); }},
       {"Not HasHealthcheck", [&] { EXPECT_THAT(full, Not(HasHealthcheck())); }},
       {"HasHealthcheck, retries", [&] { EXPECT_THAT(full, HasHealthcheck(retries(5))); }},
       {"Not HasHealthcheck, retries",
        [&] { EXPECT_THAT(full, Not(HasHealthcheck(retries(3)))); }}});
}

TEST_F(Golden, Files) {
  const Image app = Write(
      "app.tar", std::vector<std::vector<TarFile>>{{{"app/server", '0', "plantedcontent", "", 0755},
                                                    {"app/secret.txt", '0', "plantedcontent"},
                                                    {"bin/", '5', "", "", 0755},
                                                    {"bin/su", '0', "x", "", 04755},
                                                    {"link", '2', "", "app/server"},
                                                    {"broken", '2', "", "nothing"}},
                                                   {{"app/.wh.secret.txt", '0'}}});
  ExpectGolden(
      "files",
      {{"HasFile", [&] { EXPECT_THAT(app, HasFile("/app/missing")); }},
       {"HasFile, deleted", [&] { EXPECT_THAT(app, HasFile("/app/secret.txt")); }},
       {"HasFile, directory", [&] { EXPECT_THAT(app, HasFile("/bin")); }},
       {"HasFile, broken symlink", [&] { EXPECT_THAT(app, HasFile("/broken")); }},
       {"Not HasFile", [&] { EXPECT_THAT(app, Not(HasFile("/app/server"))); }},
       {"HasFile, mode", [&] { EXPECT_THAT(app, HasFile("/app/server", HasMode(0644))); }},
       {"HasFile, several attributes",
        [&] {
          EXPECT_THAT(app,
                      HasFile("/link", AllOf(HasMode(0755), OwnedBy(1000, 1000), HasSize(14))));
        }},
       {"HasFile, owner", [&] { EXPECT_THAT(app, HasFile("/app/server", OwnedBy(1000))); }},
       {"HasFile, content",
        [&] { EXPECT_THAT(app, HasFile("/app/server", HasContent(HasSubstr("usage")))); }},
       {"Not HasFile, content",
        [&] { EXPECT_THAT(app, Not(HasFile("/app/server", HasContent(SizeIs(14))))); }},
       {"HasFile, size", [&] { EXPECT_THAT(app, HasFile("/app/server", HasSize(Le(10)))); }},
       {"Not HasFile, size", [&] { EXPECT_THAT(app, Not(HasFile("/app/server", HasSize(14)))); }},
       {"HasDirectory", [&] { EXPECT_THAT(app, HasDirectory("/app/server")); }},
       {"Not HasDirectory", [&] { EXPECT_THAT(app, Not(HasDirectory("/bin"))); }},
       {"HasSymlink", [&] { EXPECT_THAT(app, HasSymlink("/link", "/elsewhere")); }},
       {"Not HasSymlink", [&] { EXPECT_THAT(app, Not(HasSymlink("/link"))); }},
       {"LacksFile", [&] { EXPECT_THAT(app, LacksFile("app/**", "/link")); }},
       {"Not LacksFile", [&] { EXPECT_THAT(app, Not(LacksFile("*.map"))); }},
       {"HasNoSetuidFiles", [&] { EXPECT_THAT(app, HasNoSetuidFiles()); }},
       {"Not HasNoSetuidFiles", [&] { EXPECT_THAT(app, Not(HasNoSetuidFiles(Except("su")))); }}});
}

TEST_F(Golden, Layers) {
  const Image& app = Recorded("overwritten.buildkit");
  ExpectGolden("layers",
               {{"HasLayerCount", [&] { EXPECT_THAT(app, HasLayerCount(Le(2))); }},
                {"Not HasLayerCount", [&] { EXPECT_THAT(app, Not(HasLayerCount(3))); }},
                {"HasSize", [&] { EXPECT_THAT(app, HasSize(Le(1000))); }},
                {"Not HasSize", [&] { EXPECT_THAT(app, Not(HasSize(Ge(1000)))); }},
                {"HasSize of a layer", [&] { EXPECT_THAT(app.layers()[1], HasSize(0)); }},
                {"WastesAtMost bytes", [&] { EXPECT_THAT(app, WastesAtMost(0)); }},
                {"WastesAtMost percent", [&] { EXPECT_THAT(app, WastesAtMost(Percent(0.1))); }},
                {"Not WastesAtMost", [&] { EXPECT_THAT(app, Not(WastesAtMost(Percent(50)))); }}});
}

TEST_F(Golden, TwoImages) {
  const Image& app = Recorded("copy-then-delete.classic");
  const Image& other = Recorded("overwritten.classic");
  const Image base = Write("base.tar", std::vector<std::vector<TarFile>>{{{"bin/sh", '0', "sh"}}});
  ExpectGolden(
      "two_images",
      {{"IsBasedOn", [&] { EXPECT_THAT(app, IsBasedOn(base)); }},
       {"IsBasedOn, too short", [&] { EXPECT_THAT(Recorded("env.classic"), IsBasedOn(app)); }},
       {"Not IsBasedOn", [&] { EXPECT_THAT(app, Not(IsBasedOn(app))); }},
       {"HasSameContentAs", [&] { EXPECT_THAT(app, HasSameContentAs(other)); }},
       {"HasSameContentAs, other bytes", [&] { EXPECT_THAT(app, HasSameContentAs(base)); }},
       {"Not HasSameContentAs", [&] { EXPECT_THAT(app, Not(HasSameContentAs(app))); }}});
}

TEST_F(Golden, Damage) {
  MadeImage made = MakeImage({{{"a", '0', "1"}}, {{"b", '0', "2"}}});
  made.diff_ids[1] = "sha256:" + std::string(64, '0');
  made.config["rootfs"]["diff_ids"] = made.diff_ids;
  const Image wrong = Write("wrong.tar", made);
  std::vector<TarFile> files = DockerArchive(MakeImage({{{"a", '0', "1"}}, {{"b", '0', "2"}}}));
  files[1].content.resize(400);
  const Image cut = Write("cut.tar", files);
  const Image& whole = Recorded("multi-stage.classic");
  ExpectGolden("damage",
               {{"EXPECT_INTACT, wrong digest", [&] { EXPECT_INTACT(wrong); }},
                {"EXPECT_INTACT, unreadable", [&] { EXPECT_INTACT(cut); }},
                {"IsIntact", [&] { EXPECT_THAT(wrong, IsIntact()); }},
                {"Not IsIntact", [&] { EXPECT_THAT(whole, Not(IsIntact())); }},
                {"unreadable", [&] { EXPECT_NO_LEAKED_FILE(cut, "b"); }},
                {"unreadable, found elsewhere", [&] { EXPECT_NO_LEAKED_FILE(cut, "a"); }},
                {"unreadable, as a matcher", [&] { EXPECT_THAT(cut, HasFile("/a")); }},
                {"unreadable, under Not", [&] { EXPECT_THAT(cut, Not(NeverStores("a"))); }}});
}

// Every planted value begins with one of these words, and no message gives it whole.
TEST(GoldenFiles, HoldNoPlantedValue) {
  int files = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(WATERTIGHT_MATCHERS_TESTS "/golden")) {
    const std::string text = ReadFile(file.path().string());
    ++files;
    for (const char* word : {"supersecret", "planted"}) {
      EXPECT_EQ(text.find(word), std::string::npos) << file.path() << " holds " << word;
    }
  }
  EXPECT_GE(files, 9);
}

}  // namespace
}  // namespace watertight::testing
