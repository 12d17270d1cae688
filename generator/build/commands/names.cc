// basename, dirname, readlink, realpath, pwd, which, mktemp.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

std::string WithoutSuffix(const std::string& name, const std::string& suffix) {
  if (suffix.empty() || name == suffix || !name.ends_with(suffix)) return name;
  return name.substr(0, name.size() - suffix.size());
}

enum class Missing { kNothing, kLast, kAny };  // what need not exist of a path

// Without links; nothing when it leads nowhere.
std::optional<std::string> Canonical(const Process& process, const std::string& path,
                                     Missing missing, std::errc& error) {
  const Found found = process.Stat(path);
  if (found) return "/" + found.path;
  error = found.error;
  if (error != std::errc::no_such_file_or_directory && missing != Missing::kAny) return {};
  if (missing == Missing::kNothing) return {};
  // A link to what does not exist leads there.
  const Found itself = process.Stat(WithoutSlashes(path), Follow::kNo);
  if (itself && itself.inode->is_symlink()) {
    const std::string& link = itself.inode->link;
    return Canonical(process, link.starts_with('/') ? link : Joined(Dirname(path), link), missing,
                     error);
  }
  const std::string name = Basename(path);
  const Found parent = process.Stat(Dirname(path));
  if (parent && parent.inode->is_directory()) return Normal("/" + parent.path + "/" + name);
  if (missing != Missing::kAny) return {};
  std::errc ignored{};
  const auto above = Canonical(process, Dirname(path), missing, ignored);
  return Normal(above.value_or(process.Absolute(Dirname(path))) + "/" + name);
}

}  // namespace

int Basename(Process& process) {
  const Options options(process, process.busybox() ? "+" : "+as:z",
                        {{"multiple", 'a'}, {"suffix", 's'}, {"zero", 'z'}});
  const std::vector<std::string>& names = options.operands();
  if (names.empty()) return MisusedBy(process, "missing operand");
  const bool several = options.HasAny("as");
  if (!several && names.size() > 2) return MisusedBy(process, "extra operand " + Quoted(names[2]));
  const std::string suffix =
      options.Value('s').value_or(!several && names.size() == 2 ? names[1] : "");
  for (std::size_t i = 0; i < (several ? names.size() : 1); ++i) {
    const std::string name = WithoutSuffix(Basename(names[i]), suffix);
    process.Write(1, name + (options.Has('z') ? std::string(1, '\0') : "\n"));
  }
  return 0;
}

int Dirname(Process& process) {
  const Options options(process, "z", {{"zero", 'z'}});
  const std::vector<std::string>& names = options.operands();
  if (names.empty()) return MisusedBy(process, "missing operand");
  if (process.busybox() && names.size() > 1) return MisusedBy(process, "");
  for (const std::string& name : names) {
    process.Write(1, Dirname(name) + (options.Has('z') ? std::string(1, '\0') : "\n"));
  }
  return 0;
}

int Readlink(Process& process) {
  const Options options(process, process.busybox() ? "fnvqs" : "fnvqsemz",
                        {{"canonicalize", 'f'},
                         {"canonicalize-existing", 'e'},
                         {"canonicalize-missing", 'm'},
                         {"no-newline", 'n'},
                         {"zero", 'z'}});
  const std::vector<std::string>& names = options.operands();
  if (names.empty()) return MisusedBy(process, "missing operand");
  int status = 0;
  for (const std::string& name : names) {
    std::string target;
    if (const char kind = options.LastOf("fem")) {
      std::errc error{};
      const auto canonical = Canonical(process, name,
                                       kind == 'm'   ? Missing::kAny
                                       : kind == 'e' ? Missing::kNothing
                                                     : Missing::kLast,
                                       error);
      if (!canonical) {
        status = 1;
        continue;
      }
      target = *canonical;
    } else {
      const Found found = process.Stat(name, Follow::kNo);
      if (!found || !found.inode->is_symlink()) {
        status = 1;
        continue;
      }
      target = found.inode->link;
    }
    process.Write(1, target + (options.Has('n') ? "" : "\n"));
  }
  return status;
}

int Realpath(Process& process) {
  const Options options(process, process.busybox() ? "" : "emsLPqzR:",
                        {{"canonicalize-existing", 'e'},
                         {"canonicalize-missing", 'm'},
                         {"no-symlinks", 's'},
                         {"strip", 's'},
                         {"logical", 'L'},
                         {"physical", 'P'},
                         {"quiet", 'q'},
                         {"relative-to", 'R'}});
  if (options.HasAny("Lz")) NotModelled(NameOf(process) + " -" + options.LastOf("Lz"));
  const std::vector<std::string>& names = options.operands();
  if (names.empty()) return MisusedBy(process, "missing operand");
  int status = 0;
  const Missing missing = options.Has('m')   ? Missing::kAny
                          : options.Has('e') ? Missing::kNothing
                                             : Missing::kLast;
  for (const std::string& name : names) {
    std::errc error{};
    std::optional<std::string> path;
    if (options.Has('s')) {
      path = Normal(process.Absolute(name));
    } else {
      path = Canonical(process, name, missing, error);
    }
    if (!path) {
      status = 1;
      if (!options.Has('q')) ComplainOf(process, name, error);
      continue;
    }
    if (const auto base = options.Value('R')) {
      const auto from = Canonical(process, *base, Missing::kAny, error);
      path = RelativeTo(*path, *from);
    }
    process.Write(1, *path + "\n");
  }
  return status;
}

int Pwd(Process& process) {
  const Options options(process, "LP", {{"logical", 'L'}, {"physical", 'P'}});
  if (options.LastOf("LP") == 'L') NotModelled(NameOf(process) + " -L");
  process.Write(1, process.directory + "\n");
  return 0;
}

int Which(Process& process) {
  const Options options(process, process.busybox() ? "a" : "as");
  const std::string* path = process.environment.Find("PATH");
  int status = 0;
  for (const std::string& name : options.operands()) {
    bool found = false;
    std::string rest = path != nullptr ? *path : "";
    std::vector<std::string> candidates;
    if (name.find('/') != name.npos) {
      candidates.push_back(name);
    } else {
      while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        candidates.push_back(Joined(rest.substr(0, colon), name));
        rest = colon == rest.npos ? "" : rest.substr(colon + 1);
      }
    }
    for (const std::string& candidate : candidates) {
      const Found file = process.Stat(candidate);
      if (!file || !file.inode->is_regular() || !process.May(*file.inode, Permission::kExecute)) {
        continue;
      }
      if (!options.Has('s')) process.Write(1, candidate + "\n");
      found = true;
      if (!options.Has('a')) break;
    }
    if (!found) status = 1;
  }
  return options.operands().empty() ? 1 : status;
}

int Mktemp(Process& process) {
  const Options options(process, "dqup:tT::",
                        {{"directory", 'd'}, {"dry-run", 'u'}, {"quiet", 'q'}, {"tmpdir", 'T'}});
  const bool given = !options.operands().empty();
  std::string pattern = given ? options.operands()[0] : "tmp.XXXXXXXXXX";
  const std::string* variable = process.environment.Find("TMPDIR");
  std::string directory = variable != nullptr && !variable->empty() ? *variable : "/tmp";
  if (const auto value = options.Value('p')) directory = *value;
  if (const auto value = options.Value('T'); value && !value->empty()) directory = *value;
  if (!given || options.HasAny("ptT")) pattern = Joined(directory, pattern);
  const std::size_t last = pattern.rfind('X');
  std::size_t begin = last == pattern.npos ? 0 : last + 1;
  while (begin > 0 && pattern[begin - 1] == 'X') --begin;
  if (last == pattern.npos || last + 1 - begin < 3) {
    return Complain(process, "too few X's in template " + Quoted(pattern), pattern,
                    process.busybox() ? std::errc::invalid_argument : std::errc());
  }
  // Always the same names: the first free one.
  for (int attempt = 0; attempt < 1000; ++attempt) {
    std::string path = pattern;
    int number = attempt;
    for (std::size_t i = last + 1; i-- > begin;) {
      path[i] = static_cast<char>('A' + (number + static_cast<int>(i - begin)) % 26);
      number /= 26;
    }
    if (process.Stat(path, Follow::kNo)) continue;
    std::errc error{};
    if (options.Has('d')) {
      error = process.MakeDirectory(path, 0700);
    } else if (!options.Has('u')) {
      const Opened file =
          process.Open(path, {.write = true, .create = true, .exclusive = true, .mode = 0600});
      error = file.error;
      if (file) process.Close(file.descriptor);
    }
    if (error != std::errc()) {
      const std::string kind = options.Has('d') ? "directory" : "file";
      return Complain(process, "failed to create " + kind + " via template " + Quoted(pattern),
                      pattern, error);
    }
    process.Write(1, path + "\n");
    return 0;
  }
  return 1;
}

}  // namespace watertight::generator::commands
