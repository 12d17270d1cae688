// A file of container-structure-test: what it asks of an image.
//
// Read as version 1.19 of that program reads it, and run by run.h with its verdicts;
// docs/structure-tests.md lists what differs on purpose.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/policy/yaml.h"

namespace watertight::cli {

struct TestPattern {
  std::string text;  // as package regexp of Go reads it; may be none
  YamlPlace place;
};

// Of an environment or of labels.
struct TestPair {
  std::string key;
  std::string value;
  bool is_regex = false;
  YamlPlace place;
};

struct FileExistenceTest {
  std::string name;
  std::string path;
  bool should_exist = true;
  std::string permissions;  // as Go spells a mode: "-rwxr-xr-x"; empty: any
  std::int64_t uid = -1;    // -1: any
  std::int64_t gid = -1;
  std::string executable_by;  // "owner", "group", "other", "any"; empty: not asked
  YamlPlace place;
};

struct FileContentTest {
  std::string name;
  std::string path;
  std::vector<TestPattern> expected;
  std::vector<TestPattern> excluded;
  YamlPlace place;
};

struct MetadataTest {
  std::vector<TestPair> env;
  std::vector<TestPair> unbound_env;
  std::vector<TestPair> labels;
  std::vector<std::string> exposed_ports;  // without protocol
  std::vector<std::string> unexposed_ports;
  std::vector<std::string> volumes;
  std::vector<std::string> unmounted_volumes;
  std::optional<std::vector<std::string>> entrypoint;  // nullopt: any
  std::optional<std::vector<std::string>> cmd;
  std::string working_dir;  // empty: any
  std::string user;
  YamlPlace place;

  std::size_t CountClaims() const;
};

struct LicenseTest {
  bool debian = false;  // each package below /usr/share/doc
  std::vector<std::string> files;
  YamlPlace place;
};

struct CommandTest {
  std::string name;
  std::vector<std::vector<std::string>> setup;
  std::vector<TestPair> env;
  std::vector<std::string> command;  // with its arguments
  std::int64_t exit_code = 0;
  std::vector<TestPattern> expected_output;
  std::vector<TestPattern> excluded_output;
  std::vector<TestPattern> expected_error;
  std::vector<TestPattern> excluded_error;
  YamlPlace place;
};

// How containers of command tests are run.
struct RunOptions {
  std::string user;
  bool privileged = false;
  bool tty = false;
  std::string env_file;
  std::vector<std::string> env;  // names, of the caller's environment
  std::vector<std::string> capabilities;
  std::vector<std::string> bind_mounts;
};

struct StructureTests {
  std::string file;  // as given
  bool expands_paths = true;
  std::vector<TestPair> global_env;
  std::vector<CommandTest> commands;
  std::vector<FileContentTest> contents;
  std::vector<FileExistenceTest> existences;
  std::vector<LicenseTest> licenses;
  std::optional<MetadataTest> metadata;
  RunOptions run_options;
};

// text: of the file. Nullopt for a file without the key schemaVersion, which is a policy.
// Throws: Error, one line, which begins with the place: "tests.yaml:3:7: …".
std::optional<StructureTests> ParseStructureTests(const std::string& text, const std::string& file);

}  // namespace watertight::cli
