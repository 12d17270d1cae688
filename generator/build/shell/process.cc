#include "generator/build/shell/process.h"

#include <algorithm>
#include <array>
#include <utility>

#include "generator/error.h"

namespace watertight::generator {
namespace {

// The words of the C libraries, as strerror(3) gives them.
struct ErrorText {
  std::errc error;
  const char* glibc;
  const char* musl;
};

constexpr std::array kErrorTexts = {
    ErrorText{std::errc::operation_not_permitted, "Operation not permitted", nullptr},
    ErrorText{std::errc::no_such_file_or_directory, "No such file or directory", nullptr},
    ErrorText{std::errc::io_error, "Input/output error", "I/O error"},
    ErrorText{std::errc::no_such_device_or_address, "No such device or address", nullptr},
    ErrorText{std::errc::executable_format_error, "Exec format error", nullptr},
    ErrorText{std::errc::bad_file_descriptor, "Bad file descriptor", nullptr},
    ErrorText{std::errc::permission_denied, "Permission denied", nullptr},
    ErrorText{std::errc::device_or_resource_busy, "Device or resource busy", "Resource busy"},
    ErrorText{std::errc::file_exists, "File exists", nullptr},
    ErrorText{std::errc::cross_device_link, "Invalid cross-device link", "Cross-device link"},
    ErrorText{std::errc::no_such_device, "No such device", nullptr},
    ErrorText{std::errc::not_a_directory, "Not a directory", nullptr},
    ErrorText{std::errc::is_a_directory, "Is a directory", nullptr},
    ErrorText{std::errc::invalid_argument, "Invalid argument", nullptr},
    ErrorText{std::errc::inappropriate_io_control_operation, "Inappropriate ioctl for device",
              "Not a tty"},
    ErrorText{std::errc::file_too_large, "File too large", nullptr},
    ErrorText{std::errc::no_space_on_device, "No space left on device", nullptr},
    ErrorText{std::errc::invalid_seek, "Illegal seek", "Invalid seek"},
    ErrorText{std::errc::read_only_file_system, "Read-only file system", nullptr},
    ErrorText{std::errc::broken_pipe, "Broken pipe", nullptr},
    ErrorText{std::errc::filename_too_long, "File name too long", "Filename too long"},
    ErrorText{std::errc::directory_not_empty, "Directory not empty", nullptr},
    ErrorText{std::errc::too_many_symbolic_link_levels, "Too many levels of symbolic links",
              "Symbolic link loop"},
    ErrorText{std::errc::no_message_available, "No data available", nullptr},
    ErrorText{std::errc::operation_not_supported, "Operation not supported", "Not supported"},
};

constexpr int kDeepest = 1000;

}  // namespace

bool Credentials::InGroup(std::int64_t group) const {
  return gid == group || std::ranges::find(groups, group) != groups.end();
}

void Machine::Step() {
  if (--steps < 0) throw Error("RUN does not end: it takes more steps than are modelled");
}

Deeper::Deeper(Machine& machine) : machine_(machine) {
  if (machine_.depth >= kDeepest) throw Error("RUN does not end: its commands nest too deeply");
  ++machine_.depth;
}

std::vector<std::string> Process::Operands() const {
  if (arguments.empty()) return {};
  return {arguments.begin() + 1, arguments.end()};
}

std::string Process::Text(std::errc error) const {
  for (const ErrorText& row : kErrorTexts) {
    if (row.error != error) continue;
    return machine_->libc == Libc::kMusl && row.musl != nullptr ? row.musl : row.glibc;
  }
  return std::make_error_code(error).message();
}

int Process::Fail(std::string_view message) {
  const std::string& name = arguments.empty() ? std::string() : arguments[0];
  Write(2, name.substr(name.rfind('/') + 1) + ": " + std::string(message) + "\n");
  return 1;
}

std::string Process::Absolute(std::string_view path) const {
  if (path.starts_with('/')) return std::string(path);
  return directory + (directory.ends_with('/') ? "" : "/") + std::string(path);
}

void NotModelled(std::string_view what) {
  throw Error("RUN: `" + std::string(what) +
              "` is not modelled; say what it does with `# watertight: …` above the RUN");
}

}  // namespace watertight::generator
