// gzip, gunzip, zcat, and the unpacking half of bzip2 and xz.

#include <cstdio>
#include <span>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/files.h"
#include "generator/build/commands/gzip_member.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

struct Suffix {
  std::string_view packed;
  std::string_view plain = "";
};
constexpr Suffix kGzipSuffixes[] = {{".gz"}, {"-gz"}, {".z"},           {"-z"},
                                    {"_z"},  {".Z"},  {".tgz", ".tar"}, {".taz", ".tar"}};
constexpr Suffix kBusyboxSuffixes[] = {{".gz"}, {".Z"}, {".tgz", ".tar"}};
constexpr Suffix kBzip2Suffixes[] = {{".bz2"}, {".bz"}, {".tbz2", ".tar"}, {".tbz", ".tar"}};
constexpr Suffix kXzSuffixes[] = {{".xz"}, {".lzma"}, {".txz", ".tar"}, {".tlz", ".tar"}};

struct Format {
  std::string_view name;
  PackedAs packing;
  std::span<const Suffix> suffixes;
};
constexpr Format kGzip{"gzip", PackedAs::kGzip, kGzipSuffixes};
constexpr Format kBusyboxGzip{"gzip", PackedAs::kGzip, kBusyboxSuffixes};
constexpr Format kBzip2{"bzip2", PackedAs::kBzip2, kBzip2Suffixes};
constexpr Format kXz{"xz", PackedAs::kXz, kXzSuffixes};

// Packs or unpacks one file after the other.
class Packer {
 public:
  Packer(Process& process, const Format& format, const Options& options, bool unpacks,
         bool to_output)
      : process_(process),
        format_(format),
        options_(options),
        unpacks_(unpacks),
        to_output_(to_output || options.Has('t')) {}

  int Run() {
    std::vector<std::string> names = options_.operands();
    if (names.empty()) names.emplace_back("-");
    for (const std::string& name : names) {
      if (name == "-") {
        Convert(process_.ReadAll(0), "-", nullptr);
      } else {
        One(name);
      }
    }
    return status_;
  }

 private:
  bool gnu() const { return !process_.busybox(); }

  void Say(int status, const std::string& text) {
    process_.Fail(text);
    // What was left alone is a warning, and errors weigh more.
    if (status_ != 1) status_ = gnu() || status == 0 ? status : 1;
  }

  // A file that is to be unpacked may be named without its suffix.
  Found Find(std::string& name) const {
    const Follow follow = gnu() && !options_.Has('f') && !to_output_ ? Follow::kNo : Follow::kYes;
    Found found = process_.Stat(name, follow);
    if (found || !unpacks_ || !gnu() || format_.packing != PackedAs::kGzip) return found;
    const std::string packed = name + ".gz";
    Found other = process_.Stat(packed, follow);
    name = packed;
    return other;
  }

  bool Refuses(const std::string& name, const Found& file) {
    if (file.inode->is_directory()) {
      Say(2, gnu() ? name + " is a directory -- ignored" : name + ": Is a directory");
      return true;
    }
    if (!gnu()) return false;
    if (file.inode->is_symlink()) {
      Say(1, name + ": Too many levels of symbolic links");
      return true;
    }
    if (to_output_ || options_.Has('f')) return false;
    const std::int64_t links = LinkCount(process_.tree(), file.number);
    const std::uint32_t mode = file.inode->attributes.mode;
    if ((mode & 04000) != 0) {
      Say(2, name + " is set-user-ID on execution - ignored");
    } else if ((mode & 02000) != 0) {
      Say(2, name + " is set-group-ID on execution - ignored");
    } else if (links > 1) {
      Say(2, name + " has " + std::to_string(links - 1) + " other link" + (links > 2 ? "s" : "") +
                 " -- file ignored");
    } else {
      return false;
    }
    return true;
  }

  // The name of the result; nothing after a complaint.
  std::optional<std::string> TargetOf(const std::string& name) {
    const std::string own = options_.Value('S').value_or("");
    if (!unpacks_) {
      const std::string suffix = own.empty() ? std::string(format_.suffixes[0].packed) : own;
      if (!gnu() || !name.ends_with(suffix)) return name + suffix;
      process_.Fail(name + " already has " + suffix + " suffix -- unchanged");
      return std::nullopt;
    }
    if (!own.empty() && name.ends_with(own)) return name.substr(0, name.size() - own.size());
    for (const Suffix& suffix : format_.suffixes) {
      if (!name.ends_with(suffix.packed) || Basename(name).size() == suffix.packed.size()) continue;
      return name.substr(0, name.size() - suffix.packed.size()) + std::string(suffix.plain);
    }
    Say(2, name + ": unknown suffix -" + (gnu() ? "-" : "") + " ignored");
    return std::nullopt;
  }

  void ComplainOfMissing(const std::string& name, std::errc error) {
    const std::string text = process_.Text(error);
    if (gnu() && format_.packing == PackedAs::kBzip2) {
      return Say(1, "Can't open input file " + name + ": " + text + ".");
    }
    Say(1, name + ": " + text);
  }

  void One(std::string name) {
    const std::string asked = name;
    const Found file = Find(name);
    if (!file) return ComplainOfMissing(name, file.error);
    if (Refuses(name, file)) return;
    std::errc error{};
    const auto content = process_.ReadFile(name, error);
    if (!content) return Say(1, name + ": " + process_.Text(error));
    if (to_output_) return Convert(*content, name, file.inode);
    if (unpacks_ && format_.packing == PackedAs::kXz && gnu() &&
        PackingOf(*content) != PackedAs::kXz) {
      return ComplainOfFormat(name);
    }
    std::optional<std::string> target = TargetOf(name);
    if (!target) return;
    if (unpacks_ && options_.Has('N')) {
      const std::string stored = HeaderOf(*content).name;
      if (!stored.empty()) target = Joined(Dirname(*target), Basename(stored));
    }
    const Attributes attributes = file.inode->attributes;
    const auto result = Converted(*content, name, file.inode);
    if (result) Place(name, *target, *content, *result, attributes);
  }

  void Place(const std::string& name, const std::string& target, const Rope& before,
             const Rope& result, const Attributes& attributes) {
    if (process_.Stat(target, Follow::kNo)) {
      if (!options_.Has('f')) {
        return gnu() ? Say(2, target + " already exists;\tnot overwritten")
                     : Say(1, "can't open '" + target + "': File exists");
      }
      process_.Remove(target);
    }
    const std::errc error = process_.WriteFile(target, result);
    if (error != std::errc()) {
      const std::string named = gnu() ? target : "can't open '" + target + "'";
      return Say(1, named + ": " + process_.Text(error));
    }
    if (gnu()) process_.SetOwner(target, {.uid = attributes.uid, .gid = attributes.gid});
    process_.SetMode(target, attributes.mode);
    const std::int64_t packed_at = unpacks_ ? HeaderOf(before).mtime : 0;
    if (gnu()) {
      const bool restores = options_.Has('N') && packed_at != 0;
      process_.SetTime(target, restores ? packed_at : attributes.mtime);
    } else if (packed_at != 0) {
      process_.SetTime(target, packed_at);
    }
    if (!options_.Has('k')) process_.Remove(name);
    if (options_.Has('v') && gnu() && format_.packing == PackedAs::kGzip) {
      Report(name, before, result, target);
    }
  }

  void Report(const std::string& name, const Rope& before, const Rope& after,
              const std::string& target) {
    const Rope& packed = unpacks_ ? before : after;
    const Rope& plain = unpacks_ ? after : before;
    const auto whole = static_cast<double>(plain.size());
    const auto part = static_cast<double>(packed.size() - HeaderOf(packed).size - 8);
    char ratio[32];
    std::snprintf(ratio, sizeof ratio, "%5.1f%%",
                  plain.empty() ? 0.0 : 100.0 * (whole - part) / whole);
    process_.Write(2, name + ":\t" + ratio +
                          (options_.Has('k') ? " -- created " : " -- replaced with ") + target +
                          "\n");
  }

  // For -c and pipes.
  void Convert(const Rope& content, const std::string& name, const Inode* inode) {
    const auto result = Converted(content, name, inode);
    if (result && !options_.Has('t')) process_.Write(1, *result);
  }

  // `inode`: null for standard input that is no file.
  std::optional<Rope> Converted(const Rope& content, const std::string& name, const Inode* inode) {
    if (unpacks_) return Unpack(content, name);
    if (format_.packing != PackedAs::kGzip) {
      NotModelled(NameOf(process_) + " that packs");
    }
    GzipMember member{.level = gnu() ? LevelOf() : 6};
    const bool named = name != "-";
    if (inode == nullptr && !named) inode = process_.InodeOf(0);
    if (gnu() && !options_.Has('n') && inode != nullptr) {
      member.mtime = inode->attributes.mtime;
      if (named) member.name = Basename(name);
    }
    if (gnu()) member.extra_flags = member.level == 9 ? 2 : member.level == 1 ? 4 : 0;
    return PackGzip(content, member);
  }

  int LevelOf() const {
    const char digit = options_.LastOf("123456789");
    return digit == 0 ? 6 : digit - '0';
  }

  std::optional<Rope> Unpack(const Rope& content, const std::string& name) {
    if (PackingOf(content) != format_.packing) {
      if (gnu() && to_output_ && options_.Has('f')) return content;
      ComplainOfFormat(name);
      return std::nullopt;
    }
    Unpacked unpacked = Decompress(content);
    if (unpacked.whole) return unpacked.bytes;
    const std::string where = name == "-" ? "stdin" : name;
    if (!gnu()) {
      Say(1, "unexpected end of file");
    } else {
      process_.Write(
          2, "\n" + std::string(format_.name) + ": " + where + ": unexpected end of file\n");
      status_ = 1;
    }
    return std::nullopt;
  }

  void ComplainOfFormat(const std::string& name) {
    if (!gnu()) {
      return Say(1, NameOf(process_) == "zcat" ? "no gzip/bzip2/xz magic" : "invalid magic");
    }
    const std::string where = name == "-" ? "stdin" : name;
    status_ = 1;
    switch (format_.packing) {
      case PackedAs::kGzip:
        process_.Write(2, "\ngzip: " + where + ": not in gzip format\n");
        return;
      case PackedAs::kXz:
        Say(1, (name == "-" ? "(stdin)" : name) + ": File format not recognized");
        return;
      default:
        Say(2, (name == "-" ? "(stdin)" : name) + " is not a bzip2 file.");
    }
  }

  Process& process_;
  const Format& format_;
  const Options& options_;
  const bool unpacks_;
  const bool to_output_;
  int status_ = 0;
};

constexpr std::string_view kLetters = "cdfknNqtvS:123456789";

int RunPacker(Process& process, const Format& format, bool unpacks, bool to_output) {
  const Options options(process, kLetters,
                        {{"stdout", 'c'},
                         {"to-stdout", 'c'},
                         {"decompress", 'd'},
                         {"uncompress", 'd'},
                         {"force", 'f'},
                         {"keep", 'k'},
                         {"no-name", 'n'},
                         {"name", 'N'},
                         {"quiet", 'q'},
                         {"silent", 'q'},
                         {"test", 't'},
                         {"verbose", 'v'},
                         {"suffix", 'S'},
                         {"fast", '1'},
                         {"best", '9'}});
  if (process.busybox() && options.HasAny("nNS") && options.HasAny("NS")) {
    NotModelled(NameOf(process) + " -" + options.LastOf("NS"));
  }
  return Packer(process, format, options, unpacks || options.HasAny("dt"),
                to_output || options.Has('c'))
      .Run();
}

const Format& GzipOf(const Process& process) { return process.busybox() ? kBusyboxGzip : kGzip; }

// gunzip and zcat are scripts that call gzip, and so are its messages.
int RunGzipScript(Process& process, bool to_output) {
  if (!process.busybox()) process.arguments[0] = "gzip";
  return RunPacker(process, GzipOf(process), true, to_output);
}

}  // namespace

int Gzip(Process& process) { return RunPacker(process, GzipOf(process), false, false); }
int Gunzip(Process& process) { return RunGzipScript(process, false); }
int Zcat(Process& process) { return RunGzipScript(process, true); }
int Bzip2(Process& process) { return RunPacker(process, kBzip2, false, false); }
int Bunzip2(Process& process) { return RunPacker(process, kBzip2, true, false); }
int Bzcat(Process& process) { return RunPacker(process, kBzip2, true, true); }
int Xz(Process& process) { return RunPacker(process, kXz, false, false); }
int Unxz(Process& process) { return RunPacker(process, kXz, true, false); }
int Xzcat(Process& process) { return RunPacker(process, kXz, true, true); }

}  // namespace watertight::generator::commands
