#include "tests/generator/build/shell/script_machine.h"

#include <cstdio>
#include <string>

#include "generator/build/run.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using nlohmann::json;

constexpr const char* kProgram = "\177ELF";

FileTree BaseTree(const json& applets) {
  FileTree tree;
  tree.set_clock(1'700'000'000);
  for (const char* path : {"/bin", "/etc", "/root", "/w", "/dev", "/tmp"}) {
    tree.MakeDirectory(path, {.mode = 0755});
  }
  tree.Modify("/tmp", Follow::kNo, [](Inode& inode) { inode.attributes.mode = 01777; });
  tree.MakeFile("/etc/passwd", {.mode = 0644},
                Rope("root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n"));
  for (const char* path : {"/bin/busybox", "/bin/dash", "/bin/bash"}) {
    tree.MakeFile(path, {.mode = 0755}, Rope(kProgram));
  }
  for (const json& name : applets) {
    tree.MakeSymlink("/bin/" + name.get<std::string>(), {.mode = 0777}, "busybox");
  }
  Inode null;
  null.type = FileType::kCharDevice;
  null.attributes.mode = 0666;
  null.device_major = 1;
  null.device_minor = 3;
  tree.Make("/dev/null", null);
  tree.BeginLayer();
  return tree;
}

const char* TypeName(FileType type) {
  switch (type) {
    case FileType::kDirectory:
      return "directory";
    case FileType::kSymlink:
      return "symlink";
    case FileType::kFifo:
      return "fifo";
    default:
      return "file";
  }
}

json FilesOf(const FileTree& tree) {
  json files = json::array();
  tree.Walk("/w", [&](const std::string& path, const Inode& inode, InodeNumber) {
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", inode.attributes.mode);
    const std::string content = inode.is_symlink() ? inode.link : inode.content.ToString();
    files.push_back({path, TypeName(inode.type), mode, content});
  });
  return files;
}

}  // namespace

nlohmann::json RunScriptCase(const nlohmann::json& request) {
  FileTree tree = BaseTree(request.value("applets", json::array()));
  const std::string shell = request["shell"];
  json result = {{"error", nullptr}};
  try {
    const RunResult run =
        RunCommand({.tree = tree,
                    .arguments = {"/bin/" + shell, "-c", request["script"].get<std::string>()},
                    .environment = {{"PATH", "/bin"}, {"HOME", "/root"}},
                    .workdir = "/w",
                    .stdin_text = request.value("stdin", "")});
    result["status"] = run.status;
    result["output"] = run.output;
    result["files"] = FilesOf(tree);
  } catch (const Error& error) {
    result["error"] = error.what();
  }
  return result;
}

}  // namespace watertight::generator
