#include "generator/build/missing_source.h"

#include "generator/archives/sha256.h"
#include "generator/build/tree_paths.h"

namespace watertight::generator {
namespace {

constexpr size_t kReferenceLength = 25;
constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr int kMostLinks = 255;

// BuildKit names a result by random digits; these are of what is looked for.
std::string Reference(const std::string& path) {
  const std::string hash = Sha256Hex("reference\n" + path);
  std::string digits;
  for (size_t i = 0; i < kReferenceLength; ++i) {
    const auto sum =
        static_cast<unsigned char>(hash[2 * i]) * 7U + static_cast<unsigned char>(hash[2 * i + 1]);
    digits += kDigits[sum % kDigits.size()];
  }
  return digits;
}

// Where symbolic links at the end of a path lead.
std::string LastLink(const FileTree& files, std::string path) {
  for (int i = 0; i < kMostLinks; ++i) {
    const Inode* inode = files.Find(path);
    if (inode == nullptr || !inode->is_symlink()) break;
    const bool absolute = inode->link.starts_with('/');
    path = JoinPath(absolute ? "/" : DirName(path), inode->link);
  }
  return path;
}

}  // namespace

Error MissingSource(const CopySource& source, const std::string& path, const FileRules& rules) {
  const std::string failed = "failed to compute cache key: ";
  const std::string shown = rules.names_written_source ? path : LastLink(source.files, path);
  const std::string quoted = "\"" + shown + "\"";
  if (!rules.old_cache_words) {
    const std::string reference = Reference(path) + "::" + Reference(path + "\n");
    return Error(failed + "failed to calculate checksum of ref " + reference + ": " + quoted +
                 ": not found");
  }
  // The context is known as it came; other files are read from the disk, folder by folder.
  const std::string folder = DirName(shown);
  if (source.context || source.files.Find(folder, Follow::kYes) != nullptr) {
    return Error(failed + quoted + " not found: not found");
  }
  return Error(failed + "failed to walk " + folder + ": lstat " + folder +
               ": no such file or directory");
}

}  // namespace watertight::generator
