// mkfifo and mknod.

#include <optional>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/mode_change.h"
#include "generator/build/commands/options.h"
#include "generator/dockerfile/numbers.h"

namespace watertight::generator::commands {
namespace {

constexpr std::uint32_t kDefaultMode = 0666;
constexpr std::uint32_t kPermissions = 0777;
constexpr std::uint64_t kMostMajor = 4095;
constexpr std::uint64_t kMostMinor = 1048575;

// -m, which the umask does not touch.
struct NodeMode {
  std::uint32_t mode = kDefaultMode;
  bool given = false;
  int error = 0;  // the exit status
};

NodeMode ModeOf(Process& process, const Options& options, const std::string& name) {
  const auto text = options.Value('m');
  if (!text) return {};
  const auto change = ModeChange::Parse(*text);
  if (!change) {
    return {.error = Complain(process, "invalid mode", name + ": Invalid argument")};
  }
  const std::uint32_t mode = change->Apply(kDefaultMode, false, process.umask, true);
  if (!process.busybox() && (mode & ~kPermissions) != 0) {
    return {.error = Complain(process, "mode must specify only file permission bits", "")};
  }
  return {.mode = mode, .given = true};
}

std::errc MakeNode(Process& process, const std::string& path, Inode node, const NodeMode& mode) {
  const std::uint32_t umask = process.umask;
  if (mode.given) process.umask = 0;
  node.attributes.mode = mode.mode;
  const std::errc error = process.MakeNode(path, node);
  process.umask = umask;
  return error;
}

std::optional<std::uint32_t> NumberOf(const Process& process, const std::string& text,
                                      std::uint64_t most) {
  const bool octal = text.size() > 1 && text[0] == '0';
  const bool hexadecimal = octal && (text[1] == 'x' || text[1] == 'X');
  std::string digits = text;
  int base = 10;
  if (!process.busybox() && hexadecimal) {
    digits = text.substr(2);
    base = 16;
  } else if (!process.busybox() && octal) {
    base = 8;
  }
  const auto number = ParseUint(digits, base, 64);
  if (!number || *number > most) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

int BadNumber(Process& process, const std::string& which, const std::string& text) {
  return Complain(process, "invalid " + which + " device number " + Quoted(text),
                  "invalid number '" + text + "'");
}

// Sets the numbers of a device from the operands; not 0 for the exit status of a failure.
int SetNumbers(Process& process, const std::vector<std::string>& operands, Inode& node) {
  const auto major = NumberOf(process, operands[2], kMostMajor);
  const auto minor = NumberOf(process, operands[3], kMostMinor);
  // BusyBox reads the second one first.
  if (process.busybox() && !minor) return BadNumber(process, "minor", operands[3]);
  if (!major) return BadNumber(process, "major", operands[2]);
  if (!minor) return BadNumber(process, "minor", operands[3]);
  node.device_major = *major;
  node.device_minor = *minor;
  return 0;
}

std::optional<FileType> TypeOf(std::string_view text) {
  if (text.starts_with('b')) return FileType::kBlockDevice;
  if (text.starts_with('c') || text.starts_with('u')) return FileType::kCharDevice;
  if (text.starts_with('p')) return FileType::kFifo;
  return std::nullopt;
}

}  // namespace

int Mkfifo(Process& process) {
  const Options options(process, "m:Z", {{"mode", 'm'}});
  if (options.operands().empty()) return MisusedBy(process, "missing operand");
  const NodeMode mode = ModeOf(process, options, options.operands()[0]);
  if (mode.error != 0) return mode.error;
  int status = 0;
  for (const std::string& path : options.operands()) {
    Inode node;
    node.type = FileType::kFifo;
    const std::errc error = MakeNode(process, path, node, mode);
    if (error == std::errc()) continue;
    status = Complain(process, "cannot create fifo " + Quoted(path), path, error);
  }
  return status;
}

int Mknod(Process& process) {
  const Options options(process, "m:Z", {{"mode", 'm'}});
  const std::vector<std::string>& operands = options.operands();
  const bool fifo = operands.size() > 1 && TypeOf(operands[1]) == FileType::kFifo;
  const std::size_t wanted = fifo ? 2 : 4;
  if (operands.empty()) return MisusedBy(process, "missing operand");
  if (operands.size() < wanted) {
    const std::string hint =
        operands.size() == 2 ? "\nSpecial files require major and minor device numbers." : "";
    return MisusedBy(process, "missing operand after " + Quoted(operands.back()) + hint);
  }
  if (operands.size() > wanted) {
    const std::string hint =
        fifo ? "\nFifos do not have major and minor device numbers." : std::string();
    return MisusedBy(process, "extra operand " + Quoted(operands[wanted]) + hint);
  }
  const std::optional<FileType> type = TypeOf(operands[1]);
  if (!type) return MisusedBy(process, "invalid device type " + Quoted(operands[1]));
  const NodeMode mode = ModeOf(process, options, operands[0]);
  if (mode.error != 0) return mode.error;
  Inode node;
  node.type = *type;
  if (!fifo) {
    const int status = SetNumbers(process, operands, node);
    if (status != 0) return status;
  }
  const std::errc error = MakeNode(process, operands[0], node, mode);
  return error == std::errc() ? 0 : ComplainOf(process, operands[0], error);
}

}  // namespace watertight::generator::commands
