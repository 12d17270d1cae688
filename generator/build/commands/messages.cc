#include "generator/build/commands/messages.h"

#include <algorithm>
#include <cctype>

#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {

std::string NameOf(const Process& process) {
  const std::string& called = process.arguments[0];
  return process.busybox() ? Basename(called) : called;
}

int Complain(Process& process, std::string_view coreutils, std::string_view busybox) {
  return process.Fail(process.busybox() ? busybox : coreutils);
}

int Complain(Process& process, std::string_view coreutils, std::string_view busybox,
             std::errc error) {
  std::string text(process.busybox() ? busybox : coreutils);
  return process.Fail(text + ": " + process.Text(error));
}

int ComplainOf(Process& process, std::string_view path, std::errc error) {
  return process.Fail((process.busybox() ? std::string(path) : QuotedIfOdd(path)) + ": " +
                      process.Text(error));
}

int MisusedBy(Process& process, std::string_view coreutils, int status) {
  if (process.busybox()) {
    process.Write(2, "BusyBox v1.36.1 multi-call binary.\n\nUsage: " + NameOf(process) + "\n");
    return 1;
  }
  process.Fail(coreutils);
  process.Write(2, "Try '" + NameOf(process) + " --help' for more information.\n");
  return status;
}

namespace {

bool IsOdd(std::string_view name) {
  if (name.empty()) return true;
  constexpr std::string_view kPlain = "%+,-./:@_=^~#{}]!";
  const bool plain = std::all_of(name.begin(), name.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || kPlain.find(c) != kPlain.npos;
  });
  return !plain || name[0] == '~' || name[0] == '#';
}

}  // namespace

std::string Quoted(std::string_view name) {
  const bool controls = std::any_of(name.begin(), name.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (name.find('\'') != name.npos && !controls && name.find_first_of("\"`$\\!") == name.npos) {
    return "\"" + std::string(name) + "\"";
  }
  std::string text = "'";
  for (const char c : name) {
    switch (c) {
      case '\'':
        text += "'\\''";
        break;
      case '\n':
        text += "'$'\\n''";
        break;
      case '\t':
        text += "'$'\\t''";
        break;
      default:
        text += c;
    }
  }
  return text + "'";
}

std::string QuotedIfOdd(std::string_view name) {
  return IsOdd(name) ? Quoted(name) : std::string(name);
}

}  // namespace watertight::generator::commands
