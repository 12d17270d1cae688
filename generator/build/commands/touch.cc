// touch.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/times.h"

namespace watertight::generator::commands {
namespace {

int InvalidDate(Process& process, const std::string& text) {
  return Complain(process, "invalid date format " + Quoted(text), "invalid date '" + text + "'");
}

// Sets `time` to what the options say, if they do.
bool FindTime(Process& process, const Options& options, std::optional<std::int64_t>& time) {
  if (const auto reference = options.Value('r')) {
    const Found found = process.Stat(*reference, options.Has('h') ? Follow::kNo : Follow::kYes);
    if (!found) {
      Complain(process, "failed to get attributes of " + Quoted(*reference),
               "can't stat '" + *reference + "'", found.error);
      return false;
    }
    time = found.inode->attributes.mtime;
  }
  if (const auto date = options.Value('d')) {
    time = process.busybox() ? ParseBusyboxDate(*date, process.clock())
                             : ParseDate(*date, time.value_or(process.clock()));
    if (!time) return InvalidDate(process, *date), false;
  }
  if (const auto stamp = options.Value('t')) {
    time = ParseStamp(*stamp, process.clock());
    if (!time) return InvalidDate(process, *stamp), false;
  }
  return true;
}

bool TouchFile(Process& process, const std::string& path, const Options& options,
               const std::optional<std::int64_t>& time) {
  const Follow follow = options.Has('h') ? Follow::kNo : Follow::kYes;
  const Found found = process.Stat(path, follow);
  std::errc error = found.error;
  if (!found && error == std::errc::no_such_file_or_directory) {
    if (options.HasAny("ch")) {
      if (options.Has('c')) return true;
    } else {
      if (path.ends_with('/') && !process.busybox()) {
        process.Fail("setting times of " + Quoted(path) + ": " + process.Text(error));
        return false;
      }
      const Opened created = process.Open(path, {.write = true, .create = true});
      error = created.error;
      if (created) {
        process.Close(created.descriptor);
        if (time) process.SetTime(path, *time);
        return true;
      }
    }
  } else if (found) {
    // With -a alone the time of the last change stays, but the file is touched.
    const bool access_only = options.Has('a') && !options.Has('m');
    const std::optional<std::int64_t> wanted = access_only ? found.inode->attributes.mtime : time;
    error = process.SetTime(path, wanted, follow);
    if (error == std::errc()) return true;
    // coreutils tells of the open(2) that it tried first.
    if (!process.busybox() && error == std::errc::operation_not_permitted) {
      error = std::errc::permission_denied;
    }
  }
  const bool in_file = error == std::errc::not_a_directory && path.ends_with('/');
  Complain(process, (in_file ? "setting times of " : "cannot touch ") + Quoted(path), path, error);
  return false;
}

}  // namespace

int Touch(Process& process) {
  const Options options(
      process, "acd:fhmr:t:",
      {{"no-create", 'c'}, {"date", 'd'}, {"no-dereference", 'h'}, {"reference", 'r'}});
  if (options.operands().empty()) return MisusedBy(process, "missing file operand");
  std::optional<std::int64_t> time;
  if (!FindTime(process, options, time)) return 1;
  bool all = true;
  for (const std::string& path : options.operands()) {
    if (path == "-" && !process.busybox()) NotModelled("touch -");
    all = TouchFile(process, path, options, time) && all;
  }
  return all ? 0 : 1;
}

}  // namespace watertight::generator::commands
