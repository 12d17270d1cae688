// cp.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/copy_files.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/targets.h"

namespace watertight::generator::commands {
namespace {

using Links = CopyOptions::Links;

// What --preserve and --no-preserve name.
void Preserve(const Process& process, const std::string& list, bool value, CopyOptions& how) {
  std::string rest = list;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string name = rest.substr(0, comma);
    rest = comma == rest.npos ? "" : rest.substr(comma + 1);
    const bool all = name == "all";
    const bool known = all || name == "mode" || name == "ownership" || name == "timestamps" ||
                       name == "links" || name == "xattr" || name == "context";
    if (!known) NotModelled(NameOf(process) + " --preserve=" + name);
    if (all || name == "mode") {
      how.mode = value;
      how.default_mode = !value;
    }
    if (all || name == "ownership") how.owner = value;
    if (all || name == "timestamps") how.time = value;
    if (all || name == "links") how.hard_links = value;
  }
}

void PreserveStatus(CopyOptions& how) { how.mode = how.owner = how.time = true; }

void Apply(const Process& process, const Options::Given& option, CopyOptions& how) {
  switch (option.letter) {
    case 'a':
      PreserveStatus(how);
      how.hard_links = true;
      how.recursive = true;
      how.links = Links::kKeep;
      break;
    case 'p':
      PreserveStatus(how);
      break;
    case 'd':
      how.links = Links::kKeep;
      how.hard_links = true;
      break;
    case 'P':
      how.links = Links::kKeep;
      break;
    case 'L':
      how.links = Links::kFollow;
      break;
    case 'H':
      how.links = Links::kFollowOperands;
      break;
    case 'W':
      if (option.value.empty()) PreserveStatus(how);
      Preserve(process, option.value, true, how);
      break;
    case 'N':
      Preserve(process, option.value, false, how);
      break;
    default:
      break;
  }
}

CopyOptions HowOf(const Process& process, const Options& options) {
  CopyOptions how{.recursive = options.HasAny("arR"),
                  .force = options.Has('f'),
                  .keep_existing = options.LastOf("nfi") == 'n',
                  .update = options.Has('u'),
                  .verbose = options.Has('v'),
                  .remove_destination = options.Has('M'),
                  .make_links = options.Has('l'),
                  .make_symlinks = options.Has('s')};
  // With -r, links stay links unless an option says otherwise.
  how.links = how.recursive || how.make_links ? Links::kKeep : Links::kFollow;
  for (const Options::Given& option : options.given()) Apply(process, option, how);
  return how;
}

// Makes the directories of `from` below `to`, in the modes that they have there; coreutils only.
bool MakeParents(Process& process, const std::string& from, const std::string& to,
                 const CopyOptions& how) {
  std::string there = to;
  std::string here = from.starts_with('/') ? "/" : "";
  const std::vector<std::string> components = Components(Dirname(from));
  for (const std::string& component : components) {
    here = here.empty() ? component : Joined(here, component);
    there = Joined(there, component);
    if (process.Stat(there) || component == ".") continue;
    const Found source = process.Stat(here);
    const std::uint32_t mode = source && !process.busybox() ? source.inode->attributes.mode : 0777;
    const std::errc error = process.MakeDirectory(there, mode);
    if (error != std::errc()) {
      Complain(process, "cannot make directory " + Quoted(there),
               "can't create directory '" + there + "'", error);
      return false;
    }
    if (how.mode && source) process.SetMode(there, mode);
    if (how.owner && source) {
      process.SetOwner(there, {source.inode->attributes.uid, source.inode->attributes.gid});
    }
  }
  return true;
}

int RefuseParents(Process& process) {
  constexpr std::string_view kReason = "with --parents, the destination must be a directory";
  return process.busybox() ? process.Fail(kReason) : MisusedBy(process, kReason);
}

Options OptionsOf(const Process& process) {
  if (process.busybox()) {
    return {process,
            "arRpdLPHfinlsTut:v",
            {{"target-directory", 't'},
             {"parents", 'Y'},
             {"remove-destination", 'M'},
             {"reflink", 'X'}}};
  }
  return {process,
          "arRpdLPHfinlsTut:vxMYW::N:X::",
          {{"archive", 'a'},
           {"recursive", 'r'},
           {"dereference", 'L'},
           {"no-dereference", 'P'},
           {"force", 'f'},
           {"no-clobber", 'n'},
           {"link", 'l'},
           {"symbolic-link", 's'},
           {"no-target-directory", 'T'},
           {"target-directory", 't'},
           {"update", 'u'},
           {"verbose", 'v'},
           {"one-file-system", 'x'},
           {"remove-destination", 'M'},
           {"parents", 'Y'},
           {"preserve", 'W'},
           {"no-preserve", 'N'},
           {"reflink", 'X'},
           {"sparse", 'X'}}};
}

}  // namespace

int Cp(Process& process) {
  const Options options = OptionsOf(process);
  const CopyOptions how = HowOf(process, options);
  const bool parents = options.Has('Y');
  Targets targets;
  if (!FindTargets(process, options, how.recursive, targets)) return 1;
  if (parents && !targets.directory) return RefuseParents(process);
  Copier copier(process, how);
  bool all = true;
  for (const std::string& from : targets.sources) {
    const std::string name = parents ? std::string(WithoutSlashes(from)) : Basename(from);
    std::string to = targets.directory ? Joined(*targets.directory, name) : targets.target;
    // The content of "dir/.." comes into the target, as that of "dir/." does.
    if (targets.directory && name == ".." && !process.busybox()) to = *targets.directory;
    if (parents && !MakeParents(process, from, *targets.directory, how)) {
      all = false;
      continue;
    }
    all = copier.Copy(from, to) && all;
  }
  return all ? 0 : 1;
}

}  // namespace watertight::generator::commands
