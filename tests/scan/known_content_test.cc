// What packages ship: the digests are those of md5sum, sha1sum and sha256sum.

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/image_maker.h"
#include "watertight/secrets.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;

// "db_password = " and 24 characters that look made by chance.
std::string Settings() {
  constexpr std::string_view kDigits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string text = "db_password = ";
  for (std::size_t i = 0; i < 24; ++i) text += kDigits[(i * 37 + 11) % kDigits.size()];
  return text + "\n";
}
constexpr char kMd5[] = "3d7c6edc4ea973274a63f4bd29d8a06c";
constexpr char kSha1[] = "j373kw76rNt1hpiCyKRXKeKqfUw=";
constexpr char kSha256[] = "L-BCqjubOhmNV58P48mna3GmC-InFj4Z7Ee58q4qlzM";

// "path level package" of each finding.
std::vector<std::string> Found(const std::vector<std::vector<TarFile>>& layers) {
  const Image image = Image::OpenBytes("made.tar", MakeTar(DockerArchive(MakeImage(layers))));
  std::vector<std::string> found;
  for (const Finding& finding : FindSecrets(image).findings) {
    found.push_back(finding.path + " " + ToString(finding.level) +
                    (finding.package.empty() ? "" : " " + finding.package));
  }
  return found;
}

TEST(KnownContent, OfDpkgByItsSums) {
  const TarFile list{"var/lib/dpkg/info/libssl3:amd64.md5sums", '0',
                     std::string(kMd5) + "  lib/ssl/sample.cnf\n"};
  EXPECT_THAT(Found({{list, {"lib/ssl/sample.cnf", '0', Settings()}}}),
              ElementsAre("lib/ssl/sample.cnf note dpkg package libssl3"));
  EXPECT_THAT(Found({{list, {"usr/lib/ssl/sample.cnf", '0', Settings()}}}),
              ElementsAre("usr/lib/ssl/sample.cnf note dpkg package libssl3"));
}

// A package of one's own may hold a token that is in use.
TEST(KnownContent, WarnsOfTokensOfProviders) {
  const std::string token = std::string("gl") + "pat-" + "Zx81kQmPq7Rt5VwYu2Lc\n";
  const TarFile list{"var/lib/dpkg/info/acme.md5sums", '0',
                     "ebd7af1e695908c2856f55d5810bd7d5  opt/acme/conf.ini\n"};
  EXPECT_THAT(Found({{list, {"opt/acme/conf.ini", '0', token}}}),
              ElementsAre("opt/acme/conf.ini warning dpkg package acme"));
}

TEST(KnownContent, OfDpkgByItsConffiles) {
  const TarFile status{"var/lib/dpkg/status", '0',
                       std::string("Package: first\nStatus: install ok installed\n\nPackage: demo\n"
                                   "Conffiles:\n /etc/other newconffile\n /etc/demo.conf ") +
                           kMd5 + " obsolete\nDescription: demo\n"};
  EXPECT_THAT(Found({{status, {"etc/demo.conf", '0', Settings()}}}),
              ElementsAre("etc/demo.conf note dpkg package demo"));
}

TEST(KnownContent, OfApk) {
  const TarFile list{"lib/apk/db/installed", '0',
                     std::string("C:Q1x\nP:demo\nV:1\nF:usr/share\nF:usr/share/demo\nR:a\n"
                                 "R:sample.conf\na:0:0:600\nZ:Q1") +
                         kSha1 + "\n\n"};
  EXPECT_THAT(Found({{list, {"usr/share/demo/sample.conf", '0', Settings()}}}),
              ElementsAre("usr/share/demo/sample.conf note apk package demo"));
}

TEST(KnownContent, OfPipAndWhatPythonCompiled) {
  const std::string folder = "usr/lib/python3/site-packages/";
  const std::string record = std::string("demo/t.py,sha256=") + kSha256 +
                             ",39\n"
                             "demo-1.0.dist-info/RECORD,,\n";
  const TarFile source{folder + "demo/t.py", '0', Settings()};
  const TarFile compiled{folder + "demo/__pycache__/t.cpython-311.pyc", '0',
                         "\xa7\r\r\n" + Settings()};
  const std::string list = folder + "demo-1.0.dist-info/RECORD";
  EXPECT_THAT(Found({{source, compiled, {list, '0', record}}}),
              ElementsAre(source.name + " warning pip package demo",
                          compiled.name + " warning pip package demo"));
  EXPECT_THAT(Found({{source, {list, '0', record + "demo-1.0.dist-info/direct_url.json,,\n"}}}),
              ElementsAre(source.name + " error"))
      << "a package of the image's own";
}

// The lock's form is that of npm 10.
TEST(KnownContent, OfNpmByTheFolderOfAPublicPackage) {
  const auto lock = [](const std::string& name, const std::string& from) {
    return TarFile{"app/node_modules/.package-lock.json", '0',
                   R"({"name": "app", "lockfileVersion": 3, "packages": {"node_modules/)" + name +
                       R"(": {"version": "1.0.0", "resolved": "https://)" + from +
                       R"(/demo-1.0.0.tgz", "integrity": "sha512-Zm9v"}}})"};
  };
  const std::string publicly = "registry.npmjs.org/demo/-";
  const auto file = [](const std::string& path) {
    return TarFile{"app/node_modules/" + path, '0', Settings()};
  };
  EXPECT_THAT(Found({{lock("demo", publicly), file("demo/test/a.conf")}}),
              ElementsAre("app/node_modules/demo/test/a.conf warning npm package demo"));
  EXPECT_THAT(Found({{lock("@acme/demo", publicly), file("@acme/demo/a.conf")}}),
              ElementsAre("app/node_modules/@acme/demo/a.conf warning npm package @acme/demo"));
  EXPECT_THAT(Found({{lock("demo", "npm.acme.internal"), file("demo/a.conf")}}),
              ElementsAre("app/node_modules/demo/a.conf error"))
      << "of a registry of its own";
  EXPECT_THAT(Found({{lock("demo", publicly), file("demo/.env")}}),
              ElementsAre("app/node_modules/demo/.env error"));
  EXPECT_THAT(Found({{lock("demo", publicly), file("demo/node_modules/inner/a.conf")}}),
              ElementsAre("app/node_modules/demo/node_modules/inner/a.conf error"));
  EXPECT_THAT(Found({{lock("demo", publicly)}, {file("demo/a.conf")}}),
              ElementsAre("app/node_modules/demo/a.conf error"))
      << "of another layer";
  EXPECT_THAT(Found({{TarFile{"app/node_modules/.package-lock.json", '0', "{\"packages\": ["},
                      file("demo/a.conf")}}),
              ElementsAre("app/node_modules/demo/a.conf error"));
}

// Without a list, and by a name alone.
TEST(KnownContent, WarnsOfValuesInTestsOfPackages) {
  const auto level = [](const std::string& path, const std::string& content = Settings()) {
    return Found({{{path, '0', content}}}).at(0).substr(path.size() + 1);
  };
  EXPECT_EQ(level("usr/lib/python3/dist-packages/demo/tests/a.conf"), "warning");
  EXPECT_EQ(level("srv/app/node_modules/@acme/demo/docs/a.conf"), "warning");
  EXPECT_EQ(level("srv/app/node_modules/demo/lib/a.conf"), "error");
  EXPECT_EQ(level("usr/lib/python3/dist-packages/tests/a.conf"), "error") << "a package's name";
  EXPECT_EQ(level("srv/app/tests/a.conf"), "error") << "of no package";
  EXPECT_EQ(level("usr/local/go/src/crypto/a_test.go"), "warning");
  EXPECT_EQ(level("root/go/pkg/mod/code.internal/a@v1.0.0/b_test.go"), "warning");
  EXPECT_EQ(level("usr/local/go/src/crypto/a.go"), "error");
  EXPECT_EQ(level("go/src/app/a_test.go"), "error") << "of no package";
  const std::string token = std::string("gl") + "pat-" + "Zx81kQmPq7Rt5VwYu2Lc\n";
  EXPECT_EQ(level("usr/lib/python3/dist-packages/demo/tests/a.conf", token), "error");
  // As Python's index has it.
  EXPECT_THAT(Found({{{"srv/demo-1.0/PKG-INFO", '0', "Name: demo\n"},
                      {"srv/demo-1.0/doc/a.conf", '0', Settings()}}}),
              ElementsAre("srv/demo-1.0/doc/a.conf warning"));
}

TEST(KnownContent, IsNoneWhenItWasChanged) {
  const TarFile list{"var/lib/dpkg/info/demo.md5sums", '0', std::string(kMd5) + "  usr/demo.cnf\n"};
  EXPECT_THAT(Found({{list, {"usr/demo.cnf", '0', Settings() + "more = 1\n"}}}),
              ElementsAre("usr/demo.cnf error"));
  EXPECT_THAT(Found({{list, {"usr/other.cnf", '0', Settings()}}}),
              ElementsAre("usr/other.cnf error"));
}

TEST(KnownContent, IsKnownByTheListOfAnyLayer) {
  const TarFile list{"var/lib/dpkg/info/demo.md5sums", '0', std::string(kMd5) + "  usr/demo.cnf\n"};
  EXPECT_THAT(Found({{{"usr/demo.cnf", '0', Settings()}, list},
                     {{"usr/.wh.demo.cnf", '0'}, {"var/lib/dpkg/.wh.info", '0'}}}),
              ElementsAre("usr/demo.cnf note dpkg package demo"));
}

}  // namespace
}  // namespace watertight::testing
