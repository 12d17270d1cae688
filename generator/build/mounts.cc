#include "generator/build/mounts.h"

#include <algorithm>
#include <utility>

#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

struct DeviceFile {
  const char* path;
  std::uint32_t major;
  std::uint32_t minor;
};

constexpr DeviceFile kDevices[] = {
    {"null", 1, 3}, {"zero", 1, 5},   {"full", 1, 7},
    {"tty", 5, 0},  {"random", 1, 8}, {"urandom", 1, 9},
};

constexpr std::pair<const char*, const char*> kDeviceLinks[] = {
    {"fd", "/proc/self/fd"},
    {"stdin", "/proc/self/fd/0"},
    {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"},
};

// /dev as container runtimes fill it.
FileTree Devices(std::int64_t clock) {
  FileTree files;
  files.set_clock(clock);
  for (const DeviceFile& device : kDevices) {
    Inode node;
    node.type = FileType::kCharDevice;
    node.attributes = {.mode = 0666, .mtime = clock};
    node.device_major = device.major;
    node.device_minor = device.minor;
    files.Make(device.path, node);
  }
  for (const auto& [name, target] : kDeviceLinks) {
    files.MakeSymlink(name, {.mode = 0777, .mtime = clock}, target);
  }
  files.MakeDirectory("pts", {.mode = 0755, .mtime = clock});
  files.MakeDirectory("shm", {.mode = 01777, .mtime = clock});
  return files;
}

FileTree EmptyDirectory(std::int64_t clock, const Attributes& attributes) {
  FileTree files;
  files.set_clock(clock);
  files.Modify("/", Follow::kNo, [&](Inode& root) { root.attributes = attributes; });
  return files;
}

// /proc, of which only the way to the own process is there.
FileTree Processes(std::int64_t clock) {
  FileTree files = EmptyDirectory(clock, {.mode = 0555, .mtime = clock});
  files.MakeDirectory("1", {.mode = 0555, .mtime = clock});
  files.MakeSymlink("self", {.mode = 0777, .mtime = clock}, "1");
  return files;
}

FileTree OneFile(std::string content, const Attributes& attributes) {
  FileTree files;
  files.MakeFile("file", attributes, Rope(std::move(content)));
  return files;
}

std::string ParentOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos || slash == 0 ? "/" : path.substr(0, slash);
}

std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string TargetOf(const std::string& target, const std::string& workdir) {
  if (target.starts_with('/')) return CleanPath(target);
  return CleanPath(workdir + "/" + target);
}

}  // namespace

RunMounts::RunMounts(FileTree& tree, MountSources sources, const MountTraces& traces)
    : tree_(tree), sources_(std::move(sources)), traces_(traces) {}

RunMounts::~RunMounts() { Release(); }

void RunMounts::AddRuntime(const std::vector<std::string>& files, bool script) {
  const std::int64_t clock = tree_.clock();
  MountAt("/proc", Processes(clock), "/", false, traces_.system);
  MountAt("/sys", EmptyDirectory(clock, {.mode = 0555, .mtime = clock}), "/", true, traces_.system);
  MountAt("/dev", Devices(clock), "/", false, traces_.system);
  for (const std::string& path : files) {
    MountAt(path, OneFile("", {.mode = 0644, .mtime = clock}), "/file", false, traces_.files);
  }
  if (script) TraceAbove("/dev/pipes");
}

// What BuildKit's cleaner removes begins with the directories above a mount of --mount.
void RunMounts::TraceAbove(const std::string& path) {
  for (Created& point : points_) {
    if (path.starts_with(point.path + "/")) point.trace = traces_.mounts;
  }
}

void RunMounts::AddFolder(const std::string& path, const FileTree& files) {
  MountAt(path, files, "/", false, MountTrace::kNone);
}

void RunMounts::Add(const Mount& mount, const std::string& workdir) {
  const std::string target = TargetOf(mount.target, workdir);
  const std::int64_t clock = tree_.clock();
  if (mount.type == "bind") return AddBind(mount, target);
  if (mount.type == "cache") return AddCache(mount, target);
  if (mount.type == "secret") return AddSecret(mount, workdir);
  if (mount.type == "tmpfs") {
    return MountAt(target, EmptyDirectory(clock, {.mode = 01777, .mtime = clock}), "/", false,
                   traces_.mounts);
  }
  // Nobody's agent is at hand here.
  if (mount.required) throw Missing(mount, mount.id.empty() ? "default" : mount.id);
}

Error RunMounts::Missing(const Mount& mount, const std::string& id) const {
  if (sources_.family == Family::kBuildah) {
    return Error(mount.type + " required but no " + mount.type + " with id " + id + " found");
  }
  if (mount.type == "secret") {
    return Error("secret " + id + (sources_.old_words ? " not found" : "") + ": not found");
  }
  return Error("no SSH key \"" + id + "\" forwarded from the client");
}

void RunMounts::AddBind(const Mount& mount, const std::string& target) {
  const FileTree* files = sources_.files ? sources_.files(mount.from) : nullptr;
  if (files == nullptr) throw Error("failed to resolve the source of a mount: " + mount.from);
  const std::string source = mount.source.empty() ? "/" : mount.source;
  if (files->Find(source, Follow::kYes) == nullptr) {
    if (sources_.family == Family::kBuildah) return;  // warns, and goes on without
    throw Error("failed to calculate checksum of \"" + CleanPath("/" + source) + "\": not found");
  }
  MountAt(target, *files, source, mount.read_only, traces_.mounts);
}

void RunMounts::AddCache(const Mount& mount, const std::string& target) {
  const std::string id = mount.id.empty() ? target : mount.id;
  const std::int64_t clock = tree_.clock();
  const auto kept = sources_.caches != nullptr ? sources_.caches->find(id)
                                               : std::map<std::string, FileTree>::iterator();
  const bool known = sources_.caches != nullptr && kept != sources_.caches->end();
  if (known) {
    MountAt(target, kept->second, "/", mount.read_only, traces_.mounts);
  } else if (!mount.from.empty()) {
    AddBind(mount, target);
  } else {
    const Attributes attributes{.mode = static_cast<std::uint32_t>(mount.mode.value_or(0755)),
                                .uid = static_cast<std::int64_t>(mount.uid.value_or(0)),
                                .gid = static_cast<std::int64_t>(mount.gid.value_or(0)),
                                .mtime = clock};
    MountAt(target, EmptyDirectory(clock, attributes), "/", mount.read_only, traces_.mounts);
  }
  cache_ids_.back() = id;
}

void RunMounts::AddSecret(const Mount& mount, const std::string& workdir) {
  const std::string id = mount.id.empty() ? NameOf(mount.target) : mount.id;
  const auto end = std::map<std::string, std::string>::const_iterator();
  const auto found = sources_.secrets != nullptr ? sources_.secrets->find(id) : end;
  if (sources_.secrets == nullptr || found == sources_.secrets->end()) {
    if (mount.required) throw Missing(mount, id);
    return;
  }
  if (mount.env) environment_.Set(mount.env->empty() ? id : *mount.env, found->second);
  if (mount.env && mount.target.empty()) return;
  const std::string target =
      mount.target.empty() ? "/run/secrets/" + id : TargetOf(mount.target, workdir);
  const Attributes attributes{.mode = static_cast<std::uint32_t>(mount.mode.value_or(0400)),
                              .uid = static_cast<std::int64_t>(mount.uid.value_or(0)),
                              .gid = static_cast<std::int64_t>(mount.gid.value_or(0)),
                              .mtime = tree_.clock()};
  MountAt(target, OneFile(found->second, attributes), "/file", true, traces_.mounts);
}

void RunMounts::MountAt(const std::string& path, const FileTree& files, const std::string& source,
                        bool read_only, MountTrace trace) {
  const bool exists = tree_.Find(path, Follow::kYes) != nullptr;
  if (trace == MountTrace::kRemoved && traces_.mounts == trace) TraceAbove(path);
  if (!exists && trace == MountTrace::kNone) {
    return MountWithParents(path, files, source, read_only);
  }
  if (!exists) MakePoint(path, files.Find(source, Follow::kYes)->is_directory(), trace);
  if (trace == MountTrace::kTargetsGo) targets_.push_back(path);
  const std::errc error = tree_.Mount(path, files, source, read_only);
  if (error != std::errc()) {
    throw Error("cannot mount at " + path + ": " + std::make_error_code(error).message());
  }
  cache_ids_.emplace_back();
}

void RunMounts::MakePoint(const std::string& path, bool directory, MountTrace trace) {
  if (path != "/" && tree_.Find(ParentOf(path), Follow::kYes) == nullptr) {
    MakePoint(ParentOf(path), true, trace);
  }
  const Attributes attributes{.mode = 0755, .mtime = tree_.clock()};
  const std::errc error =
      directory ? tree_.MakeDirectory(path, attributes) : tree_.MakeFile(path, attributes, Rope());
  if (error != std::errc()) {
    throw Error("cannot mount at " + path + ": " + std::make_error_code(error).message());
  }
  points_.push_back({.path = path, .directory = directory, .trace = trace});
  created_.push_back(path);
}

// The uppermost directory that is missing is mounted with all below it.
void RunMounts::MountWithParents(const std::string& path, const FileTree& files,
                                 const std::string& source, bool read_only) {
  std::string top = path;
  while (tree_.Find(ParentOf(top), Follow::kYes) == nullptr) top = ParentOf(top);
  if (top != path) {
    const Attributes attributes{.mode = 0755, .mtime = tree_.clock()};
    FileTree parents = EmptyDirectory(tree_.clock(), attributes);
    for (std::size_t slash = path.find('/', top.size() + 1); slash != path.npos;
         slash = path.find('/', slash + 1)) {
      parents.MakeDirectory(path.substr(top.size(), slash - top.size()), attributes);
    }
    tree_.Mount(top, parents, "/", false);
    cache_ids_.emplace_back();
  }
  tree_.Mount(path, files, source, read_only);
  cache_ids_.emplace_back();
}

void RunMounts::Release() {
  for (; !cache_ids_.empty(); cache_ids_.pop_back()) {
    FileTree files = tree_.Unmount();
    const std::string& id = cache_ids_.back();
    if (!id.empty() && sources_.caches != nullptr) (*sources_.caches)[id] = std::move(files);
  }
  for (; !points_.empty(); points_.pop_back()) {
    const Created& point = points_.back();
    const bool stays = point.directory && (point.trace == MountTrace::kDirectoriesStay ||
                                           point.trace == MountTrace::kTargetsGo);
    // What the command put below it keeps it.
    if (!stays) tree_.Remove(point.path);
  }
  for (const std::string& target : targets_) tree_.RemoveAll(target);
  targets_.clear();
}

}  // namespace watertight::generator
