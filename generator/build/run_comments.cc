#include "generator/build/run_comments.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "generator/build/run.h"
#include "generator/build/shell/accounts.h"
#include "generator/build/shell/escapes.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using Action = RunComment::Action;

// What stands behind an action.
enum class Operands { kNone, kPath, kPathText, kPathMode, kPathTarget, kModePath, kOwnerPath };

struct Row {
  std::string_view name;
  Action action;
  Operands operands;
  const char* usage;
};

constexpr Row kRows[] = {
    {"append", Action::kAppend, Operands::kPathText, "append PATH TEXT"},
    {"chmod", Action::kMode, Operands::kModePath, "chmod MODE PATH"},
    {"chown", Action::kOwner, Operands::kOwnerPath, "chown UID:GID PATH"},
    {"delete", Action::kDelete, Operands::kPath, "delete PATH"},
    {"directory", Action::kDirectory, Operands::kPathMode, "directory PATH [MODE]"},
    {"nothing", Action::kNothing, Operands::kNone, "nothing"},
    {"symlink", Action::kSymlink, Operands::kPathTarget, "symlink PATH TARGET"},
    {"write", Action::kWrite, Operands::kPathText, "write PATH TEXT"},
};

constexpr std::string_view kMark = "watertight:";
constexpr std::string_view kBlanks = " \t";

std::string_view TrimLeft(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

std::string_view Trim(std::string_view text) {
  text = TrimLeft(text);
  const std::size_t last = text.find_last_not_of(" \t\r");
  return text.substr(0, last == text.npos ? 0 : last + 1);
}

std::string AllUsages() {
  std::string usages;
  for (const Row& row : kRows) usages += std::string(usages.empty() ? "" : ", ") + row.usage;
  return usages;
}

[[noreturn]] void Malformed(const Row& row, const std::string& what) {
  throw Error("# watertight: " + std::string(row.name) + ": " + what +
              "; write `# watertight: " + row.usage + "`");
}

// The next word; one with blanks stands in double quotes. The rest keeps its inner blanks.
std::string TakeWord(const Row& row, std::string_view& text) {
  text = TrimLeft(text);
  std::string word;
  const bool quoted = text.starts_with('"');
  const std::size_t begin = quoted ? 1 : 0;
  const std::size_t end =
      quoted ? text.find('"', 1) : std::min(text.find_first_of(kBlanks), text.size());
  if (end == text.npos) Malformed(row, "a quote is not closed");
  word = text.substr(begin, end - begin);
  text.remove_prefix(end + begin);
  return word;
}

std::string TakePath(const Row& row, std::string_view& text) {
  std::string path = TakeWord(row, text);
  if (path.empty()) Malformed(row, "a path is missing");
  return path;
}

std::uint32_t TakeMode(const Row& row, std::string_view& text) {
  const std::string word = TakeWord(row, text);
  std::uint32_t mode = 0;
  for (const char c : word) {
    if (c < '0' || c > '7' || word.size() > 5) Malformed(row, word + " is no octal mode");
    mode = mode * 8 + static_cast<std::uint32_t>(c - '0');
  }
  if (word.empty()) Malformed(row, "a mode is missing");
  if (mode > 07777) Malformed(row, word + " is no octal mode");
  return mode;
}

Owner TakeOwner(const Row& row, std::string_view& text) {
  const std::string word = TakeWord(row, text);
  const std::size_t colon = word.find(':');
  const auto uid = shell::ParseId(word.substr(0, colon));
  const auto gid = colon == word.npos ? uid : shell::ParseId(word.substr(colon + 1));
  if (!uid || !gid) Malformed(row, "\"" + word + "\" is no pair of numbers");
  return {.uid = uid, .gid = gid};
}

// A line of a file: it ends with a newline, unless \c ends it first.
std::string Line(std::string_view text) {
  std::string line;
  const shell::EscapeRules rules{.zero_octal = true, .hexadecimal = true, .stop = true};
  if (shell::Unescape(Trim(text), rules, line)) line += '\n';
  return line;
}

RunComment ParseComment(std::string_view text) {
  text = Trim(text);
  const std::string_view name = text.substr(0, text.find_first_of(kBlanks));
  const auto* row = std::ranges::find(kRows, name, &Row::name);
  if (row == std::end(kRows)) {
    throw Error("# watertight: " +
                (name.empty() ? "an action is missing" : "unknown action " + std::string(name)) +
                "; there are: " + AllUsages());
  }
  text.remove_prefix(name.size());
  RunComment comment{.action = row->action};
  switch (row->operands) {
    case Operands::kNone:
      break;
    case Operands::kPath:
      comment.path = TakePath(*row, text);
      break;
    case Operands::kPathText:
      comment.path = TakePath(*row, text);
      comment.text = Line(text);
      return comment;
    case Operands::kPathMode:
      comment.path = TakePath(*row, text);
      comment.mode = Trim(text).empty() ? 0755 : TakeMode(*row, text);
      break;
    case Operands::kPathTarget:
      comment.path = TakePath(*row, text);
      comment.text = TakeWord(*row, text);
      if (comment.text.empty()) Malformed(*row, "the target is missing");
      break;
    case Operands::kModePath:
      comment.mode = TakeMode(*row, text);
      comment.path = TakePath(*row, text);
      break;
    case Operands::kOwnerPath:
      comment.owner = TakeOwner(*row, text);
      comment.path = TakePath(*row, text);
      break;
  }
  if (!Trim(text).empty()) Malformed(*row, "\"" + std::string(Trim(text)) + "\" is too much");
  return comment;
}

class Applier {
 public:
  Applier(FileTree& tree, std::string workdir, const Credentials& user)
      : tree_(tree), workdir_(std::move(workdir)), user_(user) {}

  void Apply(const RunComment& comment) {
    if (comment.action == Action::kNothing) return;
    const std::string path =
        comment.path.starts_with('/') ? comment.path : workdir_ + "/" + comment.path;
    const std::errc error = Do(comment, path);
    if (error == std::errc()) return;
    const auto* row = std::ranges::find(kRows, comment.action, &Row::action);
    throw Error("# watertight: " + std::string(row->name) + " " + comment.path + ": " +
                std::make_error_code(error).message());
  }

 private:
  Attributes AttributesOf(std::uint32_t mode) const {
    return {.mode = mode, .uid = user_.uid, .gid = user_.gid, .mtime = tree_.clock()};
  }

  std::errc Do(const RunComment& comment, const std::string& path) {
    switch (comment.action) {
      case Action::kWrite:
      case Action::kAppend:
        return Write(comment, path);
      case Action::kDelete:
        return tree_.RemoveAll(path);
      case Action::kDirectory:
        return MakeDirectory(path, comment.mode);
      case Action::kSymlink:
        MakeParents(path);
        if (tree_.Find(path) != nullptr) tree_.Remove(path);
        return tree_.MakeSymlink(path, AttributesOf(0777), comment.text);
      case Action::kMode:
        return tree_.Modify(path, Follow::kYes,
                            [&](Inode& inode) { inode.attributes.mode = comment.mode; });
      case Action::kOwner:
        return tree_.Modify(path, Follow::kYes, [&](Inode& inode) {
          inode.attributes.uid = *comment.owner.uid;
          inode.attributes.gid = *comment.owner.gid;
        });
      case Action::kNothing:
        break;
    }
    return {};
  }

  void MakeParents(const std::string& path) {
    for (std::size_t slash = path.find('/', 1); slash != path.npos;
         slash = path.find('/', slash + 1)) {
      const std::string parent = path.substr(0, slash);
      if (tree_.Find(parent, Follow::kYes) == nullptr) {
        tree_.MakeDirectory(parent, AttributesOf(0755));
      }
    }
  }

  std::errc MakeDirectory(const std::string& path, std::uint32_t mode) {
    MakeParents(path);
    const Inode* there = tree_.Find(path, Follow::kYes);
    if (there == nullptr) return tree_.MakeDirectory(path, AttributesOf(mode));
    if (!there->is_directory()) return std::errc::file_exists;
    return tree_.Modify(path, Follow::kYes, [&](Inode& inode) { inode.attributes.mode = mode; });
  }

  std::errc Write(const RunComment& comment, const std::string& path) {
    MakeParents(path);
    const Inode* there = tree_.Find(path, Follow::kYes);
    if (there == nullptr) return tree_.MakeFile(path, AttributesOf(0644), Rope(comment.text));
    if (!there->is_regular()) return std::errc::is_a_directory;
    return tree_.Modify(path, Follow::kYes, [&](Inode& inode) {
      if (comment.action == Action::kWrite) inode.content = Rope();
      inode.content.Append(comment.text);
      inode.attributes.mtime = tree_.clock();
    });
  }

  FileTree& tree_;
  std::string workdir_;
  Credentials user_;
};

}  // namespace

std::vector<RunComment> ParseRunComments(const std::vector<std::string>& comments) {
  std::vector<RunComment> parsed;
  for (const std::string& comment : comments) {
    std::string_view text = Trim(comment);
    if (!text.starts_with(kMark)) continue;
    parsed.push_back(ParseComment(text.substr(kMark.size())));
  }
  const bool nothing =
      std::ranges::find(parsed, Action::kNothing, &RunComment::action) != parsed.end();
  if (nothing && parsed.size() > 1) {
    throw Error("# watertight: nothing stands alone: remove it, or the other lines");
  }
  return parsed;
}

void ApplyRunComments(FileTree& tree, const std::vector<RunComment>& comments,
                      const std::string& workdir, const std::string& user) {
  Applier applier(tree, workdir.empty() ? "/" : workdir, ResolveUser(tree, user).credentials);
  for (const RunComment& comment : comments) applier.Apply(comment);
}

}  // namespace watertight::generator
