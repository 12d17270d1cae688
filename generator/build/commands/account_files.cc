#include "generator/build/commands/account_files.h"

#include <algorithm>

namespace watertight::generator::commands {

bool AccountFiles::Open(const std::string& path) {
  const Found found = process_.Stat(path);
  if (!found) return false;
  // shadow-utils locks by a file beside it, which changes the directory.
  if (!process_.busybox()) {
    process_.WriteFile(path + ".lock", Rope());
    process_.Remove(path + ".lock");
  }
  files_.push_back({path, found.inode->content.ToString(), LinesOfFile(process_, path)});
  return true;
}

std::vector<std::string>& AccountFiles::Lines(const std::string& path) {
  static std::vector<std::string> none;
  for (File& file : files_) {
    if (file.path == path) return file.lines;
  }
  none.clear();
  return none;
}

void AccountFiles::Append(const std::string& path, const std::string& line) {
  Lines(path).push_back(line);
}

void AccountFiles::AddMember(const std::string& path, const std::string& group,
                             const std::string& user) {
  for (std::string& line : Lines(path)) {
    if (!line.starts_with(group + ":")) continue;
    const std::string members = line.substr(line.rfind(':') + 1);
    const std::vector<std::string> list = SplitAt(members, ',');
    if (std::find(list.begin(), list.end(), user) != list.end()) return;
    line += (members.empty() ? "" : ",") + user;
  }
}

void AccountFiles::Drop(const std::string& path, const std::string& name) {
  std::erase_if(Lines(path), [&](const std::string& line) { return line.starts_with(name + ":"); });
}

void AccountFiles::DropMember(const std::string& path, const std::string& user) {
  for (std::string& line : Lines(path)) {
    const std::size_t colon = line.rfind(':');
    std::string kept;
    for (const std::string& member : SplitAt(line.substr(colon + 1), ',')) {
      if (member != user) kept += (kept.empty() ? "" : ",") + member;
    }
    line = line.substr(0, colon + 1) + kept;
  }
}

void AccountFiles::Rewrite(const std::string& path) {
  for (File& file : files_) file.rewritten = file.rewritten || file.path == path;
}

void AccountFiles::Commit() {
  for (const File& file : files_) {
    std::string content;
    for (const std::string& line : file.lines) content += line + "\n";
    if (content != file.old || file.rewritten) {
      Replace(file, content);
      continue;
    }
    const Opened opened = process_.Open(file.path, {.read = true, .write = true});
    if (opened) process_.Close(opened.descriptor);
  }
  files_.clear();
}

void AccountFiles::Replace(const File& file, const std::string& content) {
  const Attributes attributes = process_.Stat(file.path).inode->attributes;
  const Owner owner{.uid = attributes.uid, .gid = attributes.gid};
  const auto write = [&](const std::string& path, const std::string& text) {
    process_.Remove(path);
    process_.WriteFile(path, Rope(text));
    process_.SetOwner(path, owner);
    process_.SetMode(path, attributes.mode);
  };
  write(file.path + "-", file.old);
  process_.SetTime(file.path + "-", attributes.mtime);
  write(file.path + "+", content);
  process_.Rename(file.path + "+", file.path);
}

}  // namespace watertight::generator::commands
