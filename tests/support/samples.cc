#include "tests/support/samples.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

#include "tests/support/command.h"

namespace watertight::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kSourceFolder[] = WATERTIGHT_SOURCE_DIR;
constexpr char kBuildFolder[] = WATERTIGHT_BUILD_DIR;

struct Kit {
  std::string folder;
  std::string missing;
};

// The whole of an unpacking belongs to one process; the others wait, then find it done.
class FolderLock {
 public:
  explicit FolderLock(const std::string& path)
      : descriptor_(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    if (descriptor_ >= 0) flock(descriptor_, LOCK_EX);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (descriptor_ >= 0) close(descriptor_);
  }

 private:
  int descriptor_;
};

Kit FindKit() {
  const char* variable = getenv("WATERTIGHT_SAMPLES");
  const std::string kit = variable != nullptr && *variable != '\0'
                              ? variable
                              : std::string(kSourceFolder) + "/../shared/samples";
  if (fs::exists(kit + "/corner-inputs")) return {fs::canonical(kit).string(), ""};
  if (!fs::exists(kit + "/unpack")) {
    return {"", "no samples in " + kit + " (set WATERTIGHT_SAMPLES)"};
  }
  const std::string folder = std::string(kBuildFolder) + "/samples";
  const FolderLock lock(folder + ".lock");
  const CommandResult unpacked =
      RunCommand(ShellQuoted(kit + "/unpack") + " " + ShellQuoted(folder));
  if (unpacked.exit_code != 0) return {"", "samples cannot be unpacked: " + unpacked.error};
  return {folder, ""};
}

const Kit& TheKit() {
  static const Kit kit = FindKit();
  return kit;
}

std::vector<std::string> TarsIn(const std::string& folder, const std::string& prefix) {
  std::vector<std::string> names;
  if (!SamplesMissing().empty()) return names;
  for (const fs::directory_entry& file : fs::directory_iterator(folder)) {
    if (file.path().extension() == ".tar")
      names.push_back(prefix + file.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

const std::string& SamplesMissing() { return TheKit().missing; }
const std::string& SamplesFolder() { return TheKit().folder; }

std::string SamplePath(const std::string& name) { return SamplesFolder() + "/" + name; }

std::vector<std::string> RealSamples() { return TarsIn(SamplesFolder(), ""); }

std::vector<std::string> SamplesIn(const std::string& folder) {
  return TarsIn(SamplePath(folder), folder + "/");
}

const std::vector<std::string>& SampleGroups() {
  static const std::vector<std::string> groups = {
      "docker20-",  "docker26-",   "docker26c-",    "docker28-",  "docker28c-",
      "buildx029-", "buildah128-", "buildah143-",   "podman43-",  "skopeo19-",
      "crane020-",  "umoci047-",   "corner-inputs", "hist-inputs"};
  return groups;
}

std::vector<std::string> SamplesOf(const std::string& group) {
  if (group.back() != '-') return SamplesIn(group);
  std::vector<std::string> samples = RealSamples();
  std::erase_if(samples, [&](const std::string& name) { return !name.starts_with(group); });
  return samples;
}

std::string TestNameOf(const std::string& sample) {
  std::string name = sample.substr(0, sample.rfind(".tar"));
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

}  // namespace watertight::testing
