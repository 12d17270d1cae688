// ls: names in byte order.

#include <algorithm>
#include <cstdio>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/files.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/times.h"

namespace watertight::generator::commands {
namespace {

struct Row {
  std::string name;
  std::string path;
  Found file;
};

class Lister {
 public:
  Lister(Process& process, const Options& options)
      : process_(process), options_(options), accounts_(process) {}

  int Run(std::vector<std::string> operands) {
    if (operands.empty()) operands.push_back(".");
    const bool several = operands.size() > 1 || options_.Has('R');
    std::vector<Row> files;
    std::vector<Row> directories;
    for (const std::string& operand : operands) {
      // A link to a directory is listed as one, but not with -l or -F.
      const bool follows = !options_.HasAny("lnFd") || options_.HasAny("LH");
      Found found = process_.Stat(operand, follows ? Follow::kYes : Follow::kNo);
      if (!found) found = process_.Stat(operand, Follow::kNo);
      if (!found) {
        Complain(process_, "cannot access " + Quoted(operand), operand, found.error);
        status_ = process_.busybox() ? 1 : 2;
        continue;
      }
      const bool directory = found.inode->is_directory() && !options_.Has('d');
      (directory ? directories : files).push_back({operand, operand, found});
    }
    Sort(files);
    Sort(directories);
    Print(files);
    bool first = files.empty();
    for (const Row& row : directories) {
      ListDirectory(row.path, several, first);
      first = false;
    }
    return status_;
  }

 private:
  void Sort(std::vector<Row>& rows) const {
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      const Attributes& x = a.file.inode->attributes;
      const Attributes& y = b.file.inode->attributes;
      if (options_.Has('t') && x.mtime != y.mtime) return x.mtime > y.mtime;
      if (options_.Has('S') && SizeOf(*a.file.inode) != SizeOf(*b.file.inode)) {
        return SizeOf(*a.file.inode) > SizeOf(*b.file.inode);
      }
      return a.name < b.name;
    });
    if (options_.Has('r')) std::reverse(rows.begin(), rows.end());
  }

  void ListDirectory(const std::string& path, bool titled, bool first) {
    std::vector<std::string> names;
    const std::errc error = process_.ReadDirectory(path, names);
    if (error != std::errc()) {
      if (titled && !process_.busybox()) Title(path, first);
      Complain(process_, "cannot open directory " + Quoted(path), "can't open '" + path + "'",
               error);
      status_ = process_.busybox() ? 1 : 2;
      return;
    }
    if (titled) Title(path, first);
    if (options_.LastOf("aA") == 'a') {
      names.insert(names.begin(), "..");
      names.insert(names.begin(), ".");
    }
    std::vector<Row> rows;
    for (const std::string& name : names) {
      if (name.starts_with('.') && !options_.HasAny("aA")) continue;
      const std::string child = Joined(path, name);
      Found found = process_.Stat(child, options_.Has('L') ? Follow::kYes : Follow::kNo);
      if (!found) found = process_.Stat(child, Follow::kNo);
      if (found) rows.push_back({name, child, found});
    }
    Sort(rows);
    if (options_.HasAny("ln")) {
      std::uint64_t blocks = 0;
      for (const Row& row : rows) blocks += Blocks(*row.file.inode);
      process_.Write(1, "total " + std::to_string(blocks) + "\n");
    }
    Print(rows);
    if (!options_.Has('R')) return;
    for (const Row& row : rows) {
      if (row.name == "." || row.name == ".." || !row.file.inode->is_directory()) continue;
      ListDirectory(row.path, true, false);
    }
  }

  void Title(const std::string& path, bool first) {
    process_.Write(1, std::string(first ? "" : "\n") + path + ":\n");
  }

  // In kilobytes, of a file system with blocks of four.
  static std::uint64_t Blocks(const Inode& inode) {
    if (inode.is_symlink()) return 0;
    return (SizeOf(inode) + 4095) / 4096 * 4;
  }

  std::string Time(std::int64_t mtime) const {
    if (const auto style = options_.Value('Y')) {
      if (*style == "full-iso") return FormatTime("%Y-%m-%d %H:%M:%S.000000000 +0000", mtime);
      if (*style == "long-iso") return FormatTime("%Y-%m-%d %H:%M", mtime);
      if (style->starts_with('+')) return FormatTime(style->substr(1), mtime);
      NotModelled(NameOf(process_) + " --time-style=" + *style);
    }
    constexpr std::int64_t kHalfYear = 31556952 / 2;
    const std::int64_t age = process_.clock() - mtime;
    const bool recent = age >= 0 && age < kHalfYear;
    return FormatTime(recent ? "%b %e %H:%M" : "%b %e  %Y", mtime);
  }

  std::string Indicator(const Inode& inode) const {
    if (inode.is_directory()) return "/";
    if (!options_.Has('F')) return "";
    if (inode.is_symlink()) return "@";
    if (inode.type == FileType::kFifo) return "|";
    return inode.is_regular() && (inode.attributes.mode & 0111) != 0 ? "*" : "";
  }

  // A name, with its link's target and the like.
  std::string Shown(const Row& row) const {
    const Inode& inode = *row.file.inode;
    std::string text = row.name;
    if (inode.is_symlink() && options_.HasAny("ln")) return text + " -> " + inode.link;
    if (options_.HasAny("Fp")) text += Indicator(inode);
    return text;
  }

  static std::string Human(std::uint64_t size) {
    if (size < 1024) return std::to_string(size);
    constexpr char kUnits[] = "KMGT";
    double value = static_cast<double>(size);
    int unit = -1;
    while (value >= 1024) {
      value /= 1024;
      ++unit;
    }
    char text[32];
    const double rounded = std::max(value, 0.1);
    std::snprintf(text, sizeof text, rounded < 9.95 ? "%.1f%c" : "%.0f%c", rounded, kUnits[unit]);
    return text;
  }

  struct Columns {
    std::string links;
    std::string user;
    std::string group;
    std::string size;
  };

  Columns ColumnsOf(const Row& row) const {
    const Inode& inode = *row.file.inode;
    const Attributes& attributes = inode.attributes;
    const bool numbers = options_.Has('n');
    Columns columns;
    columns.links = std::to_string(LinkCount(process_.tree(), row.file.number));
    columns.user = numbers ? std::to_string(attributes.uid) : accounts_.NameOfUser(attributes.uid);
    columns.group =
        numbers ? std::to_string(attributes.gid) : accounts_.NameOfGroup(attributes.gid);
    columns.size = options_.Has('h') ? Human(SizeOf(inode)) : std::to_string(SizeOf(inode));
    if (inode.type == FileType::kCharDevice || inode.type == FileType::kBlockDevice) {
      columns.size = std::to_string(inode.device_major) + ", " + std::to_string(inode.device_minor);
    }
    return columns;
  }

  void Print(const std::vector<Row>& rows) {
    if (!options_.HasAny("ln")) {
      std::string out;
      for (const Row& row : rows) out += Shown(row) + "\n";
      process_.Write(1, out);
      return;
    }
    // coreutils makes columns as wide as they must be, BusyBox has widths of its own.
    std::size_t links = process_.busybox() ? 4 : 1;
    std::size_t user = process_.busybox() ? 8 : 1;
    std::size_t group = process_.busybox() ? 8 : 1;
    std::size_t size = process_.busybox() ? 9 : 1;
    std::vector<Columns> table;
    for (const Row& row : rows) {
      table.push_back(ColumnsOf(row));
      if (process_.busybox()) continue;
      links = std::max(links, table.back().links.size());
      user = std::max(user, table.back().user.size());
      group = std::max(group, table.back().group.size());
      size = std::max(size, table.back().size.size());
    }
    std::string out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Columns& columns = table[i];
      const Inode& inode = *rows[i].file.inode;
      const auto right = [](const std::string& text, std::size_t width) {
        return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
      };
      const auto left = [](const std::string& text, std::size_t width) {
        return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
      };
      const bool numbers = options_.Has('n') && !process_.busybox();
      out += TypeAndMode(inode) + " " + right(columns.links, links) + " ";
      out += (numbers ? right(columns.user, user) : left(columns.user, user)) + " ";
      out += (numbers ? right(columns.group, group) : left(columns.group, group)) + " ";
      out += right(columns.size, size) + " " + Time(inode.attributes.mtime) + " ";
      out += Shown(rows[i]) + "\n";
    }
    process_.Write(1, out);
  }

  Process& process_;
  const Options& options_;
  Accounts accounts_;
  int status_ = 0;
};

}  // namespace

int Ls(Process& process) {
  const Options options(process, process.busybox() ? "laA1RdnrFphLHtSm" : "laA1RdnrFphLHtSUK::Y:D",
                        {{"all", 'a'},
                         {"almost-all", 'A'},
                         {"recursive", 'R'},
                         {"directory", 'd'},
                         {"numeric-uid-gid", 'n'},
                         {"reverse", 'r'},
                         {"classify", 'F'},
                         {"human-readable", 'h'},
                         {"dereference", 'L'},
                         {"color", 'K'},
                         {"time-style", 'Y'},
                         {"group-directories-first", 'D'}});
  if (options.HasAny("mD")) NotModelled(NameOf(process) + " -" + options.LastOf("mD"));
  return Lister(process, options).Run(options.operands());
}

}  // namespace watertight::generator::commands
