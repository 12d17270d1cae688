// Every case of commands/*.json, run by the modelled shell over tree.json, against what the real
// commands did. differences.json names the cases in which we differ, and why.

#include <gmock/gmock.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "generator/build/shell/command.h"
#include "generator/build/shell/process.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t kNow = 1'795'570'000;

ordered_json Load(const std::string& name) {
  std::ifstream file(std::filesystem::path(WATERTIGHT_COMMANDS_DATA) / name);
  return ordered_json::parse(file);
}

void AddPrepared(FileTree& tree) {
  const ordered_json spec = Load("tree.json");
  for (const auto& [path, node] : spec.items()) {
    if (node.contains("hard")) {
      tree.Link(node["hard"].get<std::string>(), path);
      continue;
    }
    Attributes attributes{.mode = 0777,
                          .uid = node.value("uid", 0),
                          .gid = node.value("gid", 0),
                          .mtime = node["mtime"]};
    if (node.contains("link")) {
      tree.MakeSymlink(path, attributes, node["link"].get<std::string>());
      continue;
    }
    attributes.mode =
        static_cast<std::uint32_t>(std::stoul(node["mode"].get<std::string>(), nullptr, 8));
    if (node.contains("text")) {
      tree.MakeFile(path, attributes, Rope(node["text"].get<std::string>()));
    } else {
      tree.MakeDirectory(path, attributes);
    }
  }
  // Makers change the times of directories above.
  for (const auto& [path, node] : spec.items()) {
    if (node.contains("hard")) continue;
    const std::int64_t mtime = node["mtime"];
    tree.Modify(path, Follow::kNo, [&](Inode& inode) { inode.attributes.mtime = mtime; });
  }
}

void MakeDevice(FileTree& tree, const std::string& name, std::uint32_t minor) {
  Inode node;
  node.type = FileType::kCharDevice;
  node.attributes.mode = 0666;
  node.device_major = 1;
  node.device_minor = minor;
  tree.Make("dev/" + name, node);
}

// As record.py lays the layers: what is under test, below the prepared files.
FileTree MakeTree(const std::string& dialect) {
  FileTree tree;
  for (const char* path : {"bin", "dev", "proc"}) tree.MakeDirectory(path, {});
  MakeDevice(tree, "null", 3);
  MakeDevice(tree, "zero", 5);
  const bool busybox = dialect == "busybox";
  std::vector<std::string> names = {"sh"};
  if (busybox) {
    names = Load("applets.json");
  } else {
    for (const Program& program : Programs()) names.emplace_back(program.name);
  }
  if (busybox) tree.MakeFile("bin/busybox", {.mode = 0755}, Rope());
  for (const std::string& name : names) {
    if (name == "busybox") continue;
    if (busybox) {
      tree.MakeSymlink("bin/" + name, {}, "busybox");
    } else {
      tree.MakeFile("bin/" + name, {.mode = 0755}, Rope());
    }
  }
  AddPrepared(tree);
  tree.BeginLayer();
  tree.set_clock(kNow);
  return tree;
}

std::string Quoted(const std::string& text) { return json(text).dump(-1, ' ', false); }

std::string Digest(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (int i = 0; i < 8; ++i) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", digest[i]);
    hex += pair;
  }
  return hex;
}

std::string Content(const Inode& inode) {
  const std::string text = inode.content.ToString();
  bool shown = text.size() <= 300;
  try {
    if (shown) return " " + Quoted(text);
  } catch (const json::exception&) {
  }
  return " " + std::to_string(text.size()) + " bytes " + Digest(text);
}

const char* TypeName(FileType type) {
  switch (type) {
    case FileType::kRegular:
      return "file";
    case FileType::kDirectory:
      return "dir";
    case FileType::kSymlink:
      return "link";
    case FileType::kFifo:
      return "fifo";
    case FileType::kCharDevice:
      return "char";
    default:
      return "block";
  }
}

// The uppermost layer as record.py writes it.
std::vector<std::string> LayerOf(const FileTree& tree) {
  std::vector<std::string> lines;
  std::map<InodeNumber, std::string> first;
  for (const Change& change : tree.Changes()) {
    if (change.kind == Change::Kind::kWhiteout) {
      lines.push_back("-" + change.path);
      continue;
    }
    if (change.kind == Change::Kind::kOpaque) {
      lines.back() += " opaque";
      continue;
    }
    const Inode& inode = *change.inode;
    const Attributes& attributes = inode.attributes;
    if (inode.is_regular()) {
      const auto [found, added] = first.try_emplace(change.number, change.path);
      if (!added) {
        lines.push_back("hard " + change.path + " = " + found->second);
        continue;
      }
    }
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", inode.is_symlink() ? 0777 : attributes.mode);
    const std::string when = attributes.mtime >= kNow ? "now" : std::to_string(attributes.mtime);
    std::string line = std::string(TypeName(inode.type)) + " " + mode + " " +
                       std::to_string(attributes.uid) + ":" + std::to_string(attributes.gid) + " " +
                       when + " " + change.path;
    if (inode.is_symlink()) line += " -> " + inode.link;
    if (inode.is_directory()) line += "/";
    if (inode.type == FileType::kCharDevice || inode.type == FileType::kBlockDevice) {
      line += " " + std::to_string(inode.device_major) + ":" + std::to_string(inode.device_minor);
    }
    if (inode.is_regular()) line += Content(inode);
    lines.push_back(line);
  }
  return lines;
}

std::string Sorted(const std::string& text) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : text) {
    line += c;
    if (c != '\n' && c != '\0') continue;
    lines.push_back(line);
    line.clear();
  }
  lines.push_back(line);
  std::ranges::sort(lines);
  std::string sorted;
  for (const std::string& each : lines) sorted += each;
  return sorted;
}

std::shared_ptr<Description> Sink() {
  auto sink = std::make_shared<Description>();
  sink->kind = Description::Kind::kPipe;
  sink->writable = true;
  sink->pipe = std::make_shared<Pipe>();
  return sink;
}

std::string WithoutUsage(const std::string& text) { return text.substr(0, text.find("BusyBox v")); }

json RunLine(const FileTree& prepared, std::string line) {
  FileTree tree = prepared;
  Machine machine{.tree = tree};
  Process process(machine);
  const bool any_order = line.starts_with("~ ");
  if (any_order) line = line.substr(2);
  process.credentials.groups = {0};
  if (line.starts_with('@')) {
    const std::size_t blank = line.find(' ');
    const std::int64_t uid = std::stoll(line.substr(1, blank - 1));
    process.credentials = {.uid = uid, .gid = uid};
    line = line.substr(blank + 1);
  }
  process.directory = "/w";
  process.environment.Set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  process.environment.Set("HOME", "/root");
  process.descriptors[0] = std::make_shared<Description>();
  process.descriptors[0]->readable = true;
  process.descriptors[1] = Sink();
  process.descriptors[2] = Sink();
  const auto out = process.descriptors[1]->pipe;
  const auto err = process.descriptors[2]->pipe;
  process.arguments = {"/bin/sh", "-c", line};
  const Execution execution = Execute(process);
  json result = {{"status", execution.status}};
  const std::string output = out->bytes.ToString();
  const std::string errors = WithoutUsage(err->bytes.ToString());
  if (!output.empty()) result["out"] = any_order ? Sorted(output) : output;
  if (!errors.empty()) result["err"] = any_order ? Sorted(errors) : errors;
  const auto layer = LayerOf(tree);
  if (!layer.empty()) result["layer"] = layer;
  return result;
}

// What differs, as "out: ours | theirs", or "" for nothing.
std::string Difference(const json& ours, json theirs, bool any_order) {
  std::string text;
  for (const char* key : {"status", "out", "err", "layer"}) {
    json expected = theirs.contains(key) ? theirs[key] : json();
    if (any_order && expected.is_string()) expected = Sorted(expected.get<std::string>());
    if (expected == "") expected = json();
    const json actual = ours.contains(key) ? ours[key] : json();
    if (actual == expected) continue;
    text += std::string("\n    ") + key + ": " +
            actual.dump(-1, ' ', false, json::error_handler_t::replace) +
            "\n    real: " + expected.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  return text;
}

class RecordedCommands : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(RecordedCommands, DoWhatTheRealOnesDid) {
  const auto& [file, dialect] = GetParam();
  const FileTree tree = MakeTree(dialect);
  const json differences = Load("differences.json");
  const json known = differences[dialect].value(file, json::object());
  int equal = 0;
  int refused = 0;
  const json cases = Load(file + ".json");
  for (const json& recorded : cases) {
    const std::string line = recorded["run"];
    const json& theirs = recorded.contains("both") ? recorded["both"] : recorded[dialect];
    std::string difference;
    try {
      difference = Difference(RunLine(tree, line), theirs, line.starts_with("~ "));
    } catch (const Error& error) {
      difference = std::string("\n    refused: ") + error.what();
      // What fails anyway may as well be refused.
      if (theirs["status"] != 0) {
        ++refused;
        continue;
      }
    }
    if (difference.empty()) ++equal;
    if (known.contains(line)) {
      EXPECT_NE(difference, "") << line << "\n    is in differences.json and does not differ";
    } else {
      EXPECT_EQ(difference, "") << line;
    }
  }
  std::printf("%s, %s: %d equal, %d refused that fail\n", file.c_str(), dialect.c_str(), equal,
              refused);
}

std::vector<std::string> Files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(WATERTIGHT_COMMANDS_DATA)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path().stem().string());
  }
  std::ranges::sort(files);
  return files;
}

std::string NameOfCase(const testing::TestParamInfo<RecordedCommands::ParamType>& info) {
  std::string name = std::get<0>(info.param) + "_" + std::get<1>(info.param);
  bool upper = true;
  std::string camel;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
    } else {
      camel += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = false;
    }
  }
  return camel;
}

INSTANTIATE_TEST_SUITE_P(All, RecordedCommands,
                         testing::Combine(testing::ValuesIn(Files()),
                                          testing::Values("busybox", "debian")),
                         NameOfCase);

}  // namespace
}  // namespace watertight::generator
