#include "generator/catalogue/staging.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "generator/error.h"

namespace watertight::generator {
namespace {

namespace fs = std::filesystem;

// The uppermost folder of the path that does not exist; empty if all of them do.
std::string UppermostMissing(const fs::path& path) {
  std::string missing;
  for (fs::path folder = path; !folder.empty() && !fs::exists(folder);
       folder = folder.parent_path()) {
    missing = folder.string();
  }
  return missing;
}

}  // namespace

StagingFolder::StagingFolder(std::string directory, std::string mark)
    : directory_(std::move(directory)), mark_(std::move(mark)) {
  while (directory_.size() > 1 && directory_.back() == '/') directory_.pop_back();
  std::error_code error;
  if (fs::exists(directory_) && !fs::is_directory(directory_)) {
    throw Error("is no folder").In(directory_);
  }
  first_made_ = UppermostMissing(directory_);
  const fs::path home =
      first_made_.empty() ? fs::path(directory_) : fs::path(directory_).parent_path();
  if (!home.empty()) fs::create_directories(home, error);
  if (error) throw Error(error.message()).In(directory_);
  outer_ = (home / ".watertight-XXXXXX").string();
  if (mkdtemp(outer_.data()) != nullptr) {
    staging_ = outer_ + "/new";
    if (mkdir(staging_.c_str(), 0777) == 0) return;
  }
  const std::string cause = std::strerror(errno);
  RemoveAll();
  throw Error(cause).In(directory_);
}

StagingFolder::~StagingFolder() { RemoveAll(); }

void StagingFolder::RemoveAll() const {
  std::error_code ignored;
  fs::remove_all(outer_, ignored);
  if (!first_made_.empty()) fs::remove_all(first_made_, ignored);
}

void StagingFolder::Check(const std::string& name) const {
  const std::string target = directory_ + "/" + name;
  struct stat status {};
  if (lstat(target.c_str(), &status) != 0) return;
  const bool folder = fs::is_directory(Path(name));
  if (!folder && S_ISREG(status.st_mode)) return;
  const bool ours =
      S_ISDIR(status.st_mode) && (fs::is_empty(target) || fs::exists(fs::path(target) / mark_));
  if (folder && ours) return;
  throw Error(folder ? "is neither empty nor has a file " + mark_ : "is no regular file")
      .In(target);
}

void StagingFolder::MoveIn(const std::vector<std::string>& names) {
  try {
    if (!fs::exists(directory_)) {
      fs::rename(staging_, directory_);
      return first_made_.clear();
    }
    for (const std::string& name : names) Check(name);
    for (const std::string& name : names) {
      const std::string target = directory_ + "/" + name;
      fs::create_directories(fs::path(target).parent_path());
      if (fs::is_directory(target)) fs::rename(target, Path(name + ".old"));
      fs::rename(Path(name), target);
    }
    first_made_.clear();
  } catch (const fs::filesystem_error& error) {
    throw Error(error.code().message()).In(directory_);
  }
}

}  // namespace watertight::generator
