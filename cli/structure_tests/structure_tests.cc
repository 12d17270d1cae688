#include "cli/structure_tests/structure_tests.h"

#include <algorithm>
#include <utility>

#include "cli/structure_tests/fields.h"

namespace watertight::cli {
namespace {

using Kind = YamlNode::Kind;

template <std::size_t kSize>
struct Word {
  char text[kSize] = {};

  // NOLINTNEXTLINE(google-explicit-constructor): so that a key is spelled once
  consteval Word(const char (&from)[kSize]) { std::copy(from, from + kSize, text); }
};

// A key whose value, read by kRead, is a member of what the map describes.
template <typename T, Word kName, auto kMember, auto kRead>
Key<T> Field(bool required = false) {
  return {kName.text, required, [](const Reading& reading, const YamlNode& node, T* into) {
            into->*kMember = kRead(reading, kName.text, node);
          }};
}

TestPair ReadPair(const Reading& reading, const std::string& what, const YamlNode& node) {
  static const std::vector<Key<TestPair>> keys = {
      Field<TestPair, "key", &TestPair::key, NeededField>(true),
      Field<TestPair, "value", &TestPair::value, TextField>(),
      Field<TestPair, "isRegex", &TestPair::is_regex, BoolField>()};
  TestPair pair;
  pair.place = node.place;
  ReadFields(reading, what, node, keys, &pair);
  return pair;
}

std::vector<TestPair> PairsField(const Reading& reading, const std::string& what,
                                 const YamlNode& node) {
  std::vector<TestPair> pairs;
  for (const YamlNode& item : ListField(reading, what, node)) {
    pairs.push_back(ReadPair(reading, "an item of " + what, item));
  }
  return pairs;
}

// Of a command test, where an empty value is a mistake.
std::vector<TestPair> NeededPairsField(const Reading& reading, const std::string& what,
                                       const YamlNode& node) {
  std::vector<TestPair> pairs = PairsField(reading, what, node);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].value.empty()) reading.Fail(node.items[i], "an item of " + what + " needs value");
  }
  return pairs;
}

std::vector<std::vector<std::string>> CommandsField(const Reading& reading, const std::string& what,
                                                    const YamlNode& node) {
  std::vector<std::vector<std::string>> commands;
  for (const YamlNode& item : ListField(reading, what, node)) {
    commands.push_back(TextsField(reading, "an item of " + what, item));
    if (commands.back().empty()) reading.Fail(item, "an item of " + what + " is empty");
  }
  return commands;
}

// Each test, with its place.
template <typename T>
std::vector<T> ReadTests(const Reading& reading, const std::string& key, const YamlNode& node,
                         const std::string& what, const std::vector<Key<T>>& keys) {
  std::vector<T> tests;
  for (const YamlNode& item : ListField(reading, key, node)) {
    T test;
    test.place = item.place;
    ReadFields(reading, what, item, keys, &test);
    tests.push_back(std::move(test));
  }
  return tests;
}

std::vector<FileContentTest> ReadContents(const Reading& reading, const std::string& key,
                                          const YamlNode& node) {
  using T = FileContentTest;
  static const std::vector<Key<T>> keys = {
      Field<T, "name", &T::name, NeededField>(true), Field<T, "path", &T::path, NeededField>(true),
      Field<T, "expectedContents", &T::expected, PatternsField>(),
      Field<T, "excludedContents", &T::excluded, PatternsField>()};
  return ReadTests(reading, key, node, "a file content test", keys);
}

std::vector<Key<FileExistenceTest>> ExistenceKeys(bool first_version) {
  using T = FileExistenceTest;
  std::vector<Key<T>> keys = {Field<T, "name", &T::name, NeededField>(true),
                              Field<T, "path", &T::path, NeededField>(true),
                              Field<T, "shouldExist", &T::should_exist, BoolField>(),
                              Field<T, "permissions", &T::permissions, TextField>()};
  if (first_version) return keys;
  keys.push_back(Field<T, "uid", &T::uid, IntField>());
  keys.push_back(Field<T, "gid", &T::gid, IntField>());
  keys.push_back(Field<T, "isExecutableBy", &T::executable_by, TextField>());
  return keys;
}

bool HasKey(const YamlNode& map, const std::string& key) { return &ValueOf(map, key) != &map; }

std::vector<FileExistenceTest> ReadExistences(const Reading& reading, const std::string& key,
                                              const YamlNode& node, bool first_version) {
  const std::vector<Key<FileExistenceTest>> keys = ExistenceKeys(first_version);
  std::vector<FileExistenceTest> tests =
      ReadTests(reading, key, node, "a file existence test", keys);
  if (!IsJson(reading.file)) return tests;
  // The defaults are of YAML only.
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const YamlNode given = FoldedKeys(reading, node.items[i], NamesOf(keys));
    if (!HasKey(given, "shouldExist")) tests[i].should_exist = false;
    if (!HasKey(given, "uid") && !first_version) tests[i].uid = 0;
    if (!HasKey(given, "gid") && !first_version) tests[i].gid = 0;
  }
  return tests;
}

std::vector<FileExistenceTest> ReadNewExistences(const Reading& reading, const std::string& key,
                                                 const YamlNode& node) {
  return ReadExistences(reading, key, node, false);
}

std::vector<FileExistenceTest> ReadOldExistences(const Reading& reading, const std::string& key,
                                                 const YamlNode& node) {
  return ReadExistences(reading, key, node, true);
}

std::vector<LicenseTest> ReadLicenses(const Reading& reading, const std::string& key,
                                      const YamlNode& node) {
  using T = LicenseTest;
  static const std::vector<Key<T>> keys = {Field<T, "debian", &T::debian, BoolField>(),
                                           Field<T, "files", &T::files, TextsField>()};
  return ReadTests(reading, key, node, "a license test", keys);
}

// Nullopt for null, which asks nothing.
std::optional<std::vector<std::string>> WordsField(const Reading& reading, const std::string& what,
                                                   const YamlNode& node) {
  if (node.kind == Kind::kNull) return std::nullopt;
  return TextsField(reading, what, node);
}

// Nullopt when it asks nothing.
std::optional<MetadataTest> ReadMetadata(const Reading& reading, const std::string& what,
                                         const YamlNode& node) {
  using T = MetadataTest;
  static const std::vector<Key<T>> keys = {
      Field<T, "envVars", &T::env, PairsField>(),
      Field<T, "unboundEnvVars", &T::unbound_env, PairsField>(),
      Field<T, "labels", &T::labels, PairsField>(),
      Field<T, "exposedPorts", &T::exposed_ports, NeededFields>(),
      Field<T, "unexposedPorts", &T::unexposed_ports, NeededFields>(),
      Field<T, "volumes", &T::volumes, NeededFields>(),
      Field<T, "unmountedVolumes", &T::unmounted_volumes, NeededFields>(),
      Field<T, "entrypoint", &T::entrypoint, WordsField>(),
      Field<T, "cmd", &T::cmd, WordsField>(),
      Field<T, "workdir", &T::working_dir, TextField>(),
      Field<T, "user", &T::user, TextField>()};
  if (node.kind == Kind::kNull) return std::nullopt;
  MetadataTest test;
  test.place = node.place;
  ReadFields(reading, what, node, keys, &test);
  if (test.CountClaims() == 0) return std::nullopt;
  return test;
}

std::vector<Key<CommandTest>> CommandKeys() {
  using T = CommandTest;
  return {Field<T, "name", &T::name, NeededField>(true),
          Field<T, "setup", &T::setup, CommandsField>(),
          // Of use with no container, which is removed; as there, they are not run.
          {"teardown", false,
           [](const Reading& reading, const YamlNode& node, T* /*test*/) {
             (void)CommandsField(reading, "teardown", node);
           }},
          Field<T, "envVars", &T::env, NeededPairsField>(),
          Field<T, "exitCode", &T::exit_code, IntField>(),
          Field<T, "expectedOutput", &T::expected_output, PatternsField>(),
          Field<T, "excludedOutput", &T::excluded_output, PatternsField>(),
          Field<T, "expectedError", &T::expected_error, PatternsField>(),
          Field<T, "excludedError", &T::excluded_error, PatternsField>()};
}

std::vector<CommandTest> ReadNewCommands(const Reading& reading, const std::string& key,
                                         const YamlNode& node) {
  std::vector<Key<CommandTest>> keys = CommandKeys();
  // In either order.
  keys.push_back(
      {"command", true, [](const Reading& from, const YamlNode& word, CommandTest* test) {
         test->command.insert(test->command.begin(), NeededField(from, "command", word));
       }});
  keys.push_back({"args", false, [](const Reading& from, const YamlNode& list, CommandTest* test) {
                    for (std::string& word : TextsField(from, "args", list)) {
                      test->command.push_back(std::move(word));
                    }
                  }});
  return ReadTests(reading, key, node, "a command test", keys);
}

std::vector<CommandTest> ReadOldCommands(const Reading& reading, const std::string& key,
                                         const YamlNode& node) {
  std::vector<Key<CommandTest>> keys = CommandKeys();
  keys.push_back(
      {"command", true, [](const Reading& from, const YamlNode& list, CommandTest* test) {
         test->command = TextsField(from, "command", list);
         if (test->command.empty()) from.Fail(list, "command is empty");
       }});
  return ReadTests(reading, key, node, "a command test", keys);
}

RunOptions ReadRunOptions(const Reading& reading, const std::string& what, const YamlNode& node) {
  using T = RunOptions;
  static const std::vector<Key<T>> keys = {Field<T, "user", &T::user, TextField>(),
                                           Field<T, "privileged", &T::privileged, BoolField>(),
                                           Field<T, "allocateTty", &T::tty, BoolField>(),
                                           Field<T, "envFile", &T::env_file, TextField>(),
                                           Field<T, "envVars", &T::env, TextsField>(),
                                           Field<T, "capabilities", &T::capabilities, TextsField>(),
                                           Field<T, "bindMounts", &T::bind_mounts, TextsField>()};
  RunOptions options;
  if (node.kind != Kind::kNull) ReadFields(reading, what, node, keys, &options);
  return options;
}

using Tests = StructureTests;

constexpr const char* kSchemaVersion = "schemaVersion";

void ReadNothing(const Reading& /*reading*/, const YamlNode& /*node*/, Tests* /*tests*/) {}

std::vector<Key<Tests>> FileKeys(bool first_version) {
  std::vector<Key<Tests>> keys = {
      {kSchemaVersion, true, ReadNothing},
      Field<Tests, "globalEnvVars", &Tests::global_env, PairsField>(),
      Field<Tests, "fileContentTests", &Tests::contents, ReadContents>(),
      Field<Tests, "licenseTests", &Tests::licenses, ReadLicenses>()};
  if (first_version) {
    keys.push_back(Field<Tests, "commandTests", &Tests::commands, ReadOldCommands>());
    keys.push_back(Field<Tests, "fileExistenceTests", &Tests::existences, ReadOldExistences>());
    return keys;
  }
  keys.push_back(Field<Tests, "commandTests", &Tests::commands, ReadNewCommands>());
  keys.push_back(Field<Tests, "fileExistenceTests", &Tests::existences, ReadNewExistences>());
  keys.push_back(Field<Tests, "metadataTest", &Tests::metadata, ReadMetadata>());
  keys.push_back(Field<Tests, "containerRunOptions", &Tests::run_options, ReadRunOptions>());
  return keys;
}

// Null when the file is none of these. Throws: Error, when it only lacks the key.
const YamlNode* FindVersion(const Reading& reading, const YamlNode& root) {
  if (root.kind != Kind::kMap) return nullptr;
  if (IsJson(reading.file)) {
    for (std::size_t i = 0; i < root.keys.size(); ++i) {
      YamlNode one;
      one.keys = {root.keys[i]};
      one.items = {root.items[i]};
      if (!FoldedKeys(reading, one, {kSchemaVersion}).keys.empty()) return &root.items[i];
    }
    return nullptr;
  }
  if (HasKey(root, kSchemaVersion)) return &ValueOf(root, kSchemaVersion);
  for (const std::string& key : NamesOf(FileKeys(false))) {
    if (HasKey(root, key)) reading.Fail(root, "a file with " + key + " needs schemaVersion");
  }
  return nullptr;
}

}  // namespace

std::size_t MetadataTest::CountClaims() const {
  return env.size() + unbound_env.size() + labels.size() + exposed_ports.size() +
         unexposed_ports.size() + volumes.size() + unmounted_volumes.size() + (entrypoint ? 1 : 0) +
         (cmd ? 1 : 0) + (working_dir.empty() ? 0 : 1) + (user.empty() ? 0 : 1);
}

std::optional<StructureTests> ParseStructureTests(const std::string& text,
                                                  const std::string& file) {
  const std::string none;
  const Reading reading{file, none, none};
  YamlNode root =
      ParseYaml(IsJson(file) ? WithoutSurrogates(text) : text, file, YamlAliases::kRead);
  const YamlNode* const version = FindVersion(reading, root);
  if (version == nullptr) return std::nullopt;
  if (IsJson(file)) CheckJson(text, file);
  const std::string spelled = TextField(reading, kSchemaVersion, *version);
  const bool first_version = spelled == "1.0.0";
  if (!first_version && spelled != "2.0.0") {
    reading.Fail(*version, "schemaVersion is 2.0.0 or 1.0.0");
  }
  root = Merged(file, std::move(root));
  StructureTests tests;
  tests.file = file;
  tests.expands_paths = !first_version;
  ReadFields(reading, "a file of container-structure-test", root, FileKeys(first_version), &tests);
  if (tests.commands.empty() && tests.contents.empty() && tests.existences.empty() &&
      tests.licenses.empty() && !tests.metadata) {
    reading.Fail(root, "it holds no test");
  }
  return tests;
}

}  // namespace watertight::cli
