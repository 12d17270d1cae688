// What the kinds of tests share.

#pragma once

#include <string>
#include <vector>

#include "cli/checks.h"
#include "cli/structure_tests/structure_tests.h"
#include "watertight/image.h"

namespace watertight::cli {

class Engines;
class TestContents;

struct TestWork {
  const Image& image;
  const StructureTests& tests;
  Engines& engines;
  TestContents& contents;
};

// The row that a path of a test leads to: ".." does not leave the root, symlinks are followed
// inside the image, but for the last component. Null when there is none, and for the root.
// Throws: Error.
const RootfsEntry* FindUnfollowed(const Image& image, const std::string& path);
bool IsRoot(const std::string& path);
// "/etc/passwd", on one line.
std::string ShownPath(const std::string& path);

// A variable of the image; empty when there is none.
std::string ImageValue(const Image& image, const std::string& name);
// Of globalEnvVars, else of the image; empty when there is none.
std::string EnvValue(const TestWork& work, const std::string& name);

// What the layers store of a path, and remove, as the lines of a message; empty when none does.
std::string LayersOf(const Image& image, const std::string& path);

struct TestFailure {
  std::string claim;     // "has the file /etc/x"
  std::string evidence;  // follows the image: "whose rootfs …"
  std::string remedy;    // lines of their own; may be empty
  std::string detail;    // for the line of the check
  YamlPlace place;       // of the test
};

CheckResult Passed(std::string detail);
CheckResult FailedBy(const TestWork& work, const TestFailure& failure);

// A file's content; the error of a layer that cannot be read is the caller's.
// Throws: Error, kNotFound with a text that follows "whose rootfs ": "has no /etc/x".
std::string ReadContent(const TestWork& work, const std::string& path);

// The files that a licence test names, those of all packages among them.
// Throws: Error, kNotFound as ReadContent does, when no packages are there.
std::vector<std::string> LicenseFiles(const Image& image, const LicenseTest& test);

// Skipped where no engine answers.
CheckResult RunCommand(const TestWork& work, const CommandTest& test);
CheckResult RunFileExistence(const TestWork& work, const FileExistenceTest& test);
CheckResult RunFileContent(const TestWork& work, const FileContentTest& test);
CheckResult RunLicense(const TestWork& work, const LicenseTest& test);
CheckResult RunMetadata(const TestWork& work, const MetadataTest& test);

}  // namespace watertight::cli
