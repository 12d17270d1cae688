#include "generator/catalogue/contexts.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <system_error>

#include "generator/archives/archive_file.h"
#include "generator/catalogue/build_script.h"
#include "generator/catalogue/parallel.h"
#include "generator/catalogue/staging.h"
#include "generator/error.h"
#include "generator/fixtures/prepare.h"

namespace watertight::generator {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kScriptMode = 0755;
constexpr std::uint32_t kSecretMode = 0600;

void MakeFolders(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Error(error.message()).In(path);
}

[[noreturn]] void FailWithErrno(const std::string& path) {
  throw Error(std::strerror(errno)).In(path);
}

void SetMode(const std::string& path, std::optional<std::uint32_t> mode) {
  if (mode && chmod(path.c_str(), static_cast<mode_t>(*mode)) != 0) FailWithErrno(path);
}

void SetTime(const std::string& path, std::int64_t seconds) {
  const timespec time = {.tv_sec = seconds, .tv_nsec = 0};
  const timespec times[] = {time, time};
  if (utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) FailWithErrno(path);
}

// One fixture's folder.
class FolderWriter {
 public:
  FolderWriter(std::string folder, std::int64_t clock) : folder_(std::move(folder)), clock_(clock) {
    folders_.insert(folder_);
  }

  void Write(const Fixture& fixture, const PreparedFixture& prepared) {
    WriteContext(kContextFolder, prepared.context);
    for (const auto& [name, base] : prepared.bases) {
      WriteContext(std::string(kBasesFolder) + "/" + base.folder, base);
    }
    for (const auto& [id, value] : prepared.secrets) {
      WriteFile({std::string(kSecretsFolder) + "/" + id, value, {.mode = kSecretMode}});
    }
    WriteFile({kScript, BuildScript(fixture, prepared), {.mode = kScriptMode}});
    SetTimesOfFolders();
  }

 private:
  void WriteContext(const std::string& folder, const PreparedContext& context) {
    MakeParents(folder + "/Dockerfile");
    for (ContextFile file : context.files) {
      file.path = folder + "/" + file.path;
      WriteFile(file);
    }
  }

  // Names them, for their times.
  void MakeParents(const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != path.npos;
         slash = path.find('/', slash + 1)) {
      folders_.insert(folder_ + "/" + path.substr(0, slash));
    }
    MakeFolders(fs::path(folder_ + "/" + path).parent_path());
  }

  void WriteFile(const ContextFile& file) {
    const std::string path = folder_ + "/" + file.path;
    MakeParents(file.path);
    if (file.options.type == FileType::kDirectory) {
      MakeFolders(path);
      folders_.insert(path);
      return SetMode(path, file.options.mode);
    }
    if (file.options.type == FileType::kSymlink) {
      if (symlink(file.content.c_str(), path.c_str()) != 0) FailWithErrno(path);
    } else {
      ReplaceFile(path, Rope(file.content));
      SetMode(path, file.options.mode);
    }
    SetTime(path, file.options.mtime.value_or(clock_));
  }

  // Last and from the innermost: what is made in a folder changes its time.
  void SetTimesOfFolders() {
    for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) {
      SetTime(*folder, clock_);
    }
  }

  std::string folder_;
  std::int64_t clock_;
  std::set<std::string> folders_;
};

}  // namespace

void WriteContexts(const std::vector<const Fixture*>& fixtures, const std::string& directory,
                   const ContextOptions& options) {
  StagingFolder staging(directory, kScript);
  ForEachIndex(fixtures.size(), options.threads, [&](std::size_t i) {
    const Fixture& fixture = *fixtures[i];
    MakeFolders(staging.Path(fixture.id));
    FolderWriter(staging.Path(fixture.id), options.clock)
        .Write(fixture, PrepareFixture(fixture, options.seed));
  });
  std::vector<std::string> ids;
  for (const Fixture* fixture : fixtures) ids.push_back(fixture->id);
  staging.MoveIn(ids);
}

}  // namespace watertight::generator
