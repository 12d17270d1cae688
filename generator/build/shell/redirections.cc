// Redirections, and the messages of the shells when a file cannot be opened.

#include <charconv>
#include <utility>

#include "generator/build/shell/interpreter.h"
#include "generator/build/shell/parser.h"

namespace watertight::generator::shell {
namespace {

using Kind = Redirection::Kind;

OpenFlags FlagsOf(Kind kind) {
  switch (kind) {
    case Kind::kRead:
      return {.read = true};
    case Kind::kReadWrite:
      return {.read = true, .write = true, .create = true};
    case Kind::kAppend:
    case Kind::kBothAppend:
      return {.write = true, .create = true, .append = true};
    default:
      return {.write = true, .create = true, .truncate = true};
  }
}

std::optional<int> ParseDescriptor(const std::string& text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stop != end || number < 0) return {};
  return number;
}

}  // namespace

// Before the run of a command; undone after it, unless `exec` keeps them.
std::optional<int> Interpreter::WithRedirections(const std::vector<Redirection>& redirections,
                                                 const std::function<int()>& body) {
  if (redirections.empty()) return body();
  const auto saved = process.descriptors;
  redirections_stay = false;
  for (const Redirection& redirection : redirections) {
    if (Redirect(redirection)) continue;
    process.descriptors = saved;
    return {};
  }
  int result = 0;
  try {
    result = body();
  } catch (const ScriptError& error) {
    // The message goes where the command's do.
    Complain(error);
    process.descriptors = saved;
    throw ExitShell{error.status};
  } catch (...) {
    if (!std::exchange(redirections_stay, false)) process.descriptors = saved;
    throw;
  }
  if (!std::exchange(redirections_stay, false)) process.descriptors = saved;
  return result;
}

bool Interpreter::Redirect(const Redirection& redirection) {
  if (redirection.kind == Kind::kHere || redirection.kind == Kind::kHereString) {
    return RedirectToText(redirection);
  }
  if (redirection.kind == Kind::kDuplicate) return Duplicate(redirection);
  return RedirectToFile(redirection, Text(redirection.target));
}

// A mistake in a here-document only fails the redirection.
bool Interpreter::RedirectToText(const Redirection& redirection) {
  const auto pipe = std::make_shared<Pipe>();
  const bool here = redirection.kind == Kind::kHere;
  try {
    pipe->bytes = Rope(here ? Text(redirection.here->body) : Text(redirection.target) + "\n");
  } catch (const ScriptError& error) {
    if (language == Language::kBash) throw;
    Complain(error);
    return false;
  }
  process.descriptors[redirection.descriptor] = ReadingEnd(pipe);
  return true;
}

bool Interpreter::Duplicate(const Redirection& redirection) {
  const std::string target = Text(redirection.target);
  if (target == "-") {
    process.Close(redirection.descriptor);
    return true;
  }
  const std::optional<int> number = ParseDescriptor(target);
  if (!number) {
    if (language == Language::kDash || redirection.descriptor != 1) {
      Die(language == Language::kDash ? "Syntax error: Bad fd number"
                                      : target + ": ambiguous redirect");
    }
    Redirection both = redirection;
    both.kind = Kind::kBoth;
    return RedirectToFile(both, target);
  }
  const auto found = process.descriptors.find(*number);
  if (found == process.descriptors.end()) {
    Complain(target + ": " + process.Text(std::errc::bad_file_descriptor));
    return false;
  }
  process.descriptors[redirection.descriptor] = found->second;
  return true;
}

bool Interpreter::RedirectToFile(const Redirection& redirection, const std::string& path) {
  OpenFlags flags = FlagsOf(redirection.kind);
  if (redirection.kind == Kind::kWrite && options.Has('C')) {
    const Found found = process.Stat(path);
    if (!found || found.inode->is_regular()) flags.exclusive = true;
  }
  const Opened opened = process.Open(path, flags);
  if (!opened) {
    Complain(OpenFailure(path, flags.create, opened.error));
    return false;
  }
  const auto description = process.descriptors[opened.descriptor];
  process.Close(opened.descriptor);
  process.descriptors[redirection.descriptor] = description;
  if (redirection.kind == Kind::kBoth || redirection.kind == Kind::kBothAppend) {
    process.descriptors[2] = description;
  }
  return true;
}

std::string Interpreter::OpenFailure(const std::string& path, bool creates, std::errc error) const {
  const bool missing =
      error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
  switch (language) {
    case Language::kDash: {
      const std::string reason = !missing  ? process.Text(error)
                                 : creates ? "Directory nonexistent"
                                           : "No such file";
      return std::string(creates ? "cannot create " : "cannot open ") + path + ": " + reason;
    }
    case Language::kAsh: {
      const std::string reason = !missing  ? process.Text(error)
                                 : creates ? "nonexistent directory"
                                           : "no such file";
      return std::string(creates ? "can't create " : "can't open ") + path + ": " + reason;
    }
    case Language::kBash:
      break;
  }
  if (error == std::errc::file_exists) return path + ": cannot overwrite existing file";
  return path + ": " + process.Text(error);
}

}  // namespace watertight::generator::shell
