// The command line of tar.

#include "generator/build/commands/tar.h"

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/tar_option_values.h"
#include "generator/build/commands/times.h"
#include "generator/build/shell/pattern.h"

namespace watertight::generator::commands {
namespace {

// Long options without a letter have one of the signs and digits.
constexpr std::string_view kLetters =
    "+cxtruAdf:C:zjJZavkOmpoPhT:X:I:b:lSwBUn0:1:2:3:4:5:6:7:89!@#%^&:=~_.,V";
const std::initializer_list<LongOption> kNames = {{"create", 'c'},
                                                  {"extract", 'x'},
                                                  {"get", 'x'},
                                                  {"list", 't'},
                                                  {"append", 'r'},
                                                  {"update", 'u'},
                                                  {"file", 'f'},
                                                  {"directory", 'C'},
                                                  {"cd", 'C'},
                                                  {"gzip", 'z'},
                                                  {"gunzip", 'z'},
                                                  {"ungzip", 'z'},
                                                  {"bzip2", 'j'},
                                                  {"xz", 'J'},
                                                  {"auto-compress", 'a'},
                                                  {"verbose", 'v'},
                                                  {"keep-old-files", 'k'},
                                                  {"to-stdout", 'O'},
                                                  {"touch", 'm'},
                                                  {"preserve-permissions", 'p'},
                                                  {"same-permissions", 'p'},
                                                  {"absolute-names", 'P'},
                                                  {"dereference", 'h'},
                                                  {"files-from", 'T'},
                                                  {"exclude-from", 'X'},
                                                  {"use-compress-program", 'I'},
                                                  {"blocking-factor", 'b'},
                                                  {"one-file-system", ','},
                                                  {"sparse", 'S'},
                                                  {"unlink-first", 'U'},
                                                  {"exclude", '0'},
                                                  {"strip-components", '1'},
                                                  {"strip-path", '1'},
                                                  {"owner", '2'},
                                                  {"group", '3'},
                                                  {"mode", '4'},
                                                  {"mtime", '5'},
                                                  {"sort", '6'},
                                                  {"format", '7'},
                                                  {"wildcards", '8'},
                                                  {"no-recursion", '9'},
                                                  {"remove-files", '!'},
                                                  {"numeric-owner", '@'},
                                                  {"no-same-owner", '#'},
                                                  {"same-owner", '%'},
                                                  {"preserve-owner", '%'},
                                                  {"no-same-permissions", '^'},
                                                  {"transform", '&'},
                                                  {"xform", '&'},
                                                  {"overwrite", '='},
                                                  {"no-overwrite-dir", '~'},
                                                  {"keep-directory-symlink", '_'},
                                                  {"skip-old-files", '.'},
                                                  {"exclude-vcs", 'V'}};

// --exclude-vcs
constexpr const char* kVersionControl[] = {
    "CVS",        ".cvsignore",     "RCS",  "SCCS",      ".svn",       ".git",
    ".gitignore", ".gitattributes", ".hg",  ".hgignore", ".hgtags",    ".gitmodules",
    ".arch-ids",  "{arch}",         ".bzr", "_darcs",    ".bzrignore", ".bzrtags"};

bool TakesValue(char letter) {
  const std::size_t at = kLetters.find(letter);
  return at != kLetters.npos && at + 1 < kLetters.size() && kLetters[at + 1] == ':';
}

// "tar czf FILE …" as "tar -c -z -f FILE …"
std::vector<std::string> WithDashes(const std::vector<std::string>& words, bool busybox) {
  if (words.empty() || words[0].starts_with('-')) return words;
  // BusyBox puts a dash in front, and the word is as any other.
  if (busybox) {
    std::vector<std::string> dashed = words;
    dashed[0].insert(0, "-");
    // Letters that take values take them from the words behind.
    if (!dashed[0].ends_with('f') && dashed[0].find('f') != dashed[0].npos) {
      std::string& first = dashed[0];
      first.erase(first.find('f'), 1);
      first += 'f';
    }
    return dashed;
  }
  std::vector<std::string> dashed;
  std::size_t next = 1;
  for (const char letter : words[0]) {
    dashed.push_back(std::string("-") + letter);
    if (TakesValue(letter) && next < words.size()) dashed.push_back(words[next++]);
  }
  for (; next < words.size(); ++next) dashed.push_back(words[next]);
  return dashed;
}

class Parser {
 public:
  Parser(Process& process, int& status) : process_(process), status_(status) {}

  std::optional<TarJob> Parse() {
    const bool root = process_.credentials.is_root();
    job_.same_owner = job_.same_mode = root;
    // Operands and options alternate, and -C counts for the operands behind it.
    std::vector<std::string> rest = WithDashes(process_.Operands(), process_.busybox());
    bool only_operands = false;
    while (!rest.empty() && good_) {
      std::size_t taken = 0;
      if (!only_operands) {
        const Options options(NameOf(process_), rest, kLetters, kNames);
        for (const Options::Given& given : options.given()) Take(given);
        taken = rest.size() - options.operands().size();
        only_operands = taken > 0 && rest[taken - 1] == "--";
        rest = options.operands();
      }
      if (rest.empty()) break;
      job_.members.push_back({rest[0], job_.directory});
      rest.erase(rest.begin());
    }
    if (!good_ || !Finish()) return std::nullopt;
    return std::move(job_);
  }

 private:
  bool Finish() {
    if (job_.action == 0) {
      status_ = process_.busybox() ? 1 : 2;
      if (process_.busybox()) {
        MisusedBy(process_, "");
      } else {
        process_.Fail(
            "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
        process_.Write(2, "Try 'tar --help' or 'tar --usage' for more information.\n");
      }
      return false;
    }
    if (job_.packing_by_suffix && job_.action == 'c') job_.packing = PackingOfSuffix(job_.file);
    if (process_.busybox()) {
      job_.record_size = 1024;
      for (TarMember& member : job_.members) member.directory = job_.directory;
    }
    return true;
  }

  void SetAction(char action) {
    if (action == 'u' || action == 'A' || action == 'd') {
      NotModelled(NameOf(process_) + " -" + action);
    }
    job_.action = action;
  }

  void SetPacking(PackedAs packing) {
    job_.packing = packing;
    job_.packing_given = true;
  }

  void Take(const Options::Given& given) {
    if (TakesValue(given.letter)) return TakeValue(given);
    switch (given.letter) {
      case 'c':
      case 'x':
      case 't':
      case 'r':
      case 'u':
      case 'A':
      case 'd':
        return SetAction(given.letter);
      case 'z':
        return SetPacking(PackedAs::kGzip);
      case 'j':
        return SetPacking(PackedAs::kBzip2);
      case 'J':
        return SetPacking(PackedAs::kXz);
      case 'a':
        job_.packing_by_suffix = true;
        return;
      case 'v':
        ++job_.verbose;
        return;
      case 'k':
        job_.keeps_old = true;
        return;
      case '.':
        job_.skips_old = true;
        return;
      case 'O':
        job_.to_output = true;
        return;
      case 'm':
        job_.keeps_time = false;
        return;
      case 'p':
        job_.same_mode = true;
        return;
      case 'o':
      case '#':
        job_.same_owner = false;
        return;
      case '%':
        job_.same_owner = true;
        return;
      case '^':
        job_.same_mode = false;
        return;
      case 'P':
        job_.absolute_names = true;
        return;
      case 'h':
        job_.follows_links = true;
        return;
      case '8':
        job_.wildcards = true;
        return;
      case '9':
        job_.recursion = false;
        return;
      case '!':
        job_.removes_files = true;
        return;
      case '@':
        job_.numeric_owner = true;
        return;
      case '=':
        job_.overwrites = true;
        return;
      case '_':
        job_.keeps_directory_links = true;
        return;
      case 'V':
        job_.excludes.insert(job_.excludes.end(), std::begin(kVersionControl),
                             std::end(kVersionControl));
        return;
      case '~':
      case ',':
      case 'l':
      case 'B':
      case 'U':
        return;
      default:
        NotModelled(NameOf(process_) + " -" + given.letter);
    }
  }

  void TakeValue(const Options::Given& given) {
    const std::string& value = given.value;
    switch (given.letter) {
      case 'f':
        job_.file = value;
        return;
      case 'C':
        return SetDirectory(value);
      case 'I':
        return SetPacking(PackingOfProgram(value));
      case 'b':
        job_.record_size = 512 * static_cast<std::uint64_t>(NumberOf(value).value_or(20));
        return;
      case 'T':
        return TakeNames(value);
      case 'X':
        for (const std::string& line : LinesOfList(value)) job_.excludes.push_back(line);
        return;
      case '0':
        if (IsDebianBusybox(process_)) NotModelled("tar --exclude, which Debian's busybox lacks,");
        job_.excludes.push_back(value);
        return;
      case '1':
        job_.strip = static_cast<std::size_t>(NumberOf(value).value_or(0));
        return;
      case '2':
        return SetOwner(job_.owner, value, false);
      case '3':
        return SetOwner(job_.group, value, true);
      case '4':
        job_.mode = ModeChange::Parse(value);
        if (!job_.mode) Refuse("Invalid mode given on option");
        return;
      case '5':
        return SetTime(value);
      case '6':
        if (value != "name" && value != "none") NotModelled("tar --sort=" + value);
        return;
      case '7':
        return SetFormat(value);
      case '&':
        job_.transforms.push_back(TarTransformFrom(value));
        return;
      default:
        return;
    }
  }

  // BusyBox has one directory for all.
  void SetDirectory(const std::string& value) {
    const bool alone = value.starts_with('/') || job_.directory.empty() || process_.busybox();
    job_.directory = alone ? value : Joined(job_.directory, value);
  }

  void SetOwner(std::optional<TarOwner>& owner, const std::string& text, bool group) {
    owner = TarOwnerFrom(process_, text, group);
    if (!owner) Refuse(text + ": Invalid " + (group ? "group" : "owner"));
  }

  void SetTime(const std::string& text) {
    if (text.starts_with('/') || text.starts_with('.')) {
      const Found file = process_.Stat(text);
      if (file) job_.mtime = file.inode->attributes.mtime;
      if (!file) Refuse("Date sample file not found");
      return;
    }
    job_.mtime = ParseDate(text, process_.clock());
    if (!job_.mtime) Refuse("Invalid mtime: " + text);
  }

  void SetFormat(const std::string& format) {
    job_.ustar = format == "ustar";
    if (format != "ustar" && format != "gnu") NotModelled("tar --format=" + format);
  }

  void Refuse(const std::string& text) {
    process_.Fail(text);
    EndAtOnce(process_);
    good_ = false;
    status_ = 2;
  }

  std::vector<std::string> LinesOfList(const std::string& name) {
    std::vector<std::string> lines;
    std::errc error{};
    std::string text;
    if (name == "-") {
      text = process_.ReadAllText(0);
    } else if (const auto content = process_.ReadFile(name, error)) {
      text = content->ToString();
    } else {
      Refuse(name + ": Cannot open: " + process_.Text(error));
    }
    for (const std::string_view line : LinesOf(text)) {
      if (!Chomped(line).empty()) lines.emplace_back(Chomped(line));
    }
    return lines;
  }

  void TakeNames(const std::string& list) {
    for (const std::string& line : LinesOfList(list)) {
      job_.members.push_back({line, job_.directory});
    }
  }

  Process& process_;
  int& status_;
  TarJob job_;
  bool good_ = true;
};

}  // namespace

std::optional<TarJob> ParseTar(Process& process, int& status) {
  return Parser(process, status).Parse();
}

}  // namespace watertight::generator::commands
