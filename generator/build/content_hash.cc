#include "generator/build/content_hash.h"

#include <algorithm>
#include <map>

#include "generator/archives/sha256.h"
#include "generator/archives/tar_writer.h"
#include "generator/build/debian_names.h"
#include "generator/build/tree_paths.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

class Hasher {
 public:
  Hasher(const FileTree& files, HashedSource source, const FileRules& rules)
      : files_(files), source_(source), rules_(rules) {}

  // Of what a path leads to, or the path itself if it leads nowhere.
  std::string HashOf(const std::string& path) {
    const std::string real = RootPath(files_, path).substr(1);
    const Resolved at = files_.Resolve(real, Follow::kNo);
    if (source_ == HashedSource::kStage) {
      if (at.inode == nullptr) return real.empty() ? "." : real;
    } else if (at.inode == nullptr || real.empty() || at.inode->implied) {
      return path;
    }
    return HashOf(real, *at.inode, at.number);
  }

 private:
  // The names that the machine has for ids, but for a context: its client leaves them out.
  std::string UserOf(const Attributes& attributes) const {
    const bool named = rules_.old_headers && source_ != HashedSource::kContext;
    return named ? DebianUser(attributes.uid) : "";
  }
  std::string GroupOf(const Attributes& attributes) const {
    const bool named = rules_.old_headers && source_ != HashedSource::kContext;
    return named ? DebianGroup(attributes.gid) : "";
  }

  // The name under which a client sent a file first.
  const std::string* FirstName(InodeNumber number) {
    if (source_ != HashedSource::kContext) return nullptr;
    if (first_names_.empty()) {
      files_.Walk("", [&](const std::string& path, const Inode& inode, InodeNumber each) {
        if (!inode.is_directory()) first_names_.try_emplace(each, path);
      });
    }
    return &first_names_.find(number)->second;
  }

  std::string HashOf(const std::string& real, const Inode& inode, InodeNumber number) {
    char type = static_cast<char>(inode.type);
    std::string link = inode.link;
    std::uint64_t size = inode.content.size();
    std::uint32_t mode = inode.is_symlink() ? 0777 : inode.attributes.mode;
    if (rules_.old_headers) mode = WithTypeBits(type, mode);
    if (!inode.is_directory()) {
      const std::string* first = FirstName(number);
      if (first != nullptr && *first != real) {
        type = '1';
        link = *first;
        size = 0;
      }
    }
    const Attributes& attributes = inode.attributes;
    std::string header = "name" + (real.empty() ? "." : real) + (inode.is_directory() ? "/" : "");
    header += "mode" + std::to_string(mode) + "uid" + std::to_string(attributes.uid) + "gid" +
              std::to_string(attributes.gid) + "size" + std::to_string(size) + "typeflag" + type +
              "linkname" + link + "uname" + UserOf(attributes) + "gname" + GroupOf(attributes) +
              "devmajor" + std::to_string(inode.device_major) + "devminor" +
              std::to_string(inode.device_minor);
    const auto capability = attributes.xattrs.find("security.capability");
    if (capability != attributes.xattrs.end()) header += capability->first + capability->second;
    Rope hashed(std::move(header));
    if (type == '0') hashed.Append(inode.content);
    return Sha256Hex(hashed);
  }

  const FileTree& files_;
  HashedSource source_;
  const FileRules& rules_;
  std::map<InodeNumber, std::string> first_names_;
};

}  // namespace

std::string ClassicHash(const FileTree& files, const std::string& path, HashedSource source,
                        const FileRules& rules) {
  Hasher hasher(files, source, rules);
  const std::string real = RootPath(files, path);
  const Inode& inode = *files.Find(real);
  if (!inode.is_directory()) {
    return (source == HashedSource::kDownload ? "" : "file:") + hasher.HashOf(path);
  }
  std::vector<std::string> hashes;
  if (real != "/") hashes.push_back(hasher.HashOf(real.substr(1)));
  files.Walk(real, [&](const std::string& each, const Inode&, InodeNumber) {
    hashes.push_back(hasher.HashOf(each));
  });
  std::ranges::sort(hashes);
  return "dir:" + Sha256Hex(Join(hashes, ","));
}

std::string CombinedHash(const std::vector<std::string>& hashes) {
  return hashes.size() == 1 ? hashes[0] : "multi:" + Sha256Hex(Join(hashes, ","));
}

}  // namespace watertight::generator
