#include "generator/catalogue/own_dockerfile.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "generator/build/context_directory.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

namespace fs = std::filesystem;

std::map<std::string, PlacedText> Placed(const std::map<std::string, std::string>& texts) {
  std::map<std::string, PlacedText> placed;
  for (const auto& [key, text] : texts) placed[key] = {text, {}};
  return placed;
}

std::string ReadText(const std::string& path) {
  std::optional<std::string> bytes = ReadDiskFile(path);
  if (!bytes) throw Error("No such file or directory").In(path);
  return *bytes;
}

// Nothing for what no context has: sockets and the like.
std::optional<ContextFile::Options> OptionsOf(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) throw Error(std::strerror(errno)).In(path);
  ContextFile::Options options = {.mode = status.st_mode & 07777, .mtime = status.st_mtime};
  if (S_ISDIR(status.st_mode)) {
    options.type = FileType::kDirectory;
  } else if (S_ISLNK(status.st_mode)) {
    options.type = FileType::kSymlink;
    options.mode = 0777;
  } else if (!S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return options;
}

// What lies in the context; the content of a link is its target.
std::vector<ContextFile> FilesOf(const std::string& context) {
  std::vector<ContextFile> files;
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(context, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string path = entry->path().string();
    const auto options = OptionsOf(path);
    if (!options) continue;
    ContextFile file{entry->path().lexically_relative(context).string(), "", *options};
    if (options->type == FileType::kSymlink) file.content = fs::read_symlink(path).string();
    if (options->type == FileType::kRegular) file.content = ReadText(path);
    files.push_back(std::move(file));
  }
  if (error) throw Error(error.message()).In(context);
  std::ranges::sort(files, {}, &ContextFile::path);
  return files;
}

}  // namespace

OwnFixture PrepareOwnDockerfile(const OwnDockerfile& own) {
  OwnFixture made;
  std::vector<ContextFile> files = FilesOf(own.context);
  const std::string dockerfile = fs::path(own.dockerfile).lexically_proximate(own.context).string();
  made.fixture.id = own.dockerfile;
  made.fixture.path = own.context + "/" + kFixtureFile;  // templates are named by their files
  made.fixture.build_args = Placed(own.build_args);
  made.fixture.secrets = Placed(own.secrets);
  for (const ContextFile& file : files) {
    if (file.options.type != FileType::kRegular || file.path == dockerfile) continue;
    made.fixture.files.push_back({file.path, file.content});
  }
  made.fixture.files.push_back({dockerfile, ReadText(own.dockerfile)});
  made.prepared = PrepareFixture(made.fixture, own.seed);
  std::map<std::string, std::string> rendered;
  for (ContextFile& file : made.prepared.context.files) {
    rendered[file.path] = std::move(file.content);
  }
  for (ContextFile& file : files) {
    if (file.options.type == FileType::kRegular) file.content = rendered[file.path];
  }
  made.prepared.context.dockerfile = rendered[dockerfile];
  made.prepared.context.files = std::move(files);
  return made;
}

}  // namespace watertight::generator
