// stat -c: single fields of files.

#include <cstdio>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/files.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"
#include "generator/build/commands/times.h"

namespace watertight::generator::commands {
namespace {

std::string Number(const char* format, std::uint32_t value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string Field(Process& process, const Accounts& accounts, char letter, const std::string& path,
                  const Found& file) {
  const Inode& inode = *file.inode;
  const Attributes& attributes = inode.attributes;
  switch (letter) {
    case 'n':
      return path;
    case 'N':
      return inode.is_symlink() ? Quoted(path) + " -> " + Quoted(inode.link) : Quoted(path);
    case 'a':
      return Number("%o", FullMode(inode) & 07777);
    case 'A':
      return TypeAndMode(inode);
    case 'f':
      return Number("%x", FullMode(inode));
    case 'F':
      return TypeName(inode);
    case 'u':
      return std::to_string(attributes.uid);
    case 'g':
      return std::to_string(attributes.gid);
    case 'U': {
      const UserRecord* user = accounts.UserOf(attributes.uid);
      return user != nullptr ? user->name : "UNKNOWN";
    }
    case 'G': {
      const Group* group = accounts.GroupOf(attributes.gid);
      return group != nullptr ? group->name : "UNKNOWN";
    }
    case 's':
      return std::to_string(SizeOf(inode));
    case 'h':
      return std::to_string(LinkCount(process.tree(), file.number));
    case 't':
      return Number("%x", inode.device_major);
    case 'T':
      return Number("%x", inode.device_minor);
    case 'Y':
      return std::to_string(attributes.mtime);
    case 'y':
      return FormatTime("%Y-%m-%d %H:%M:%S.000000000 +0000", attributes.mtime);
    case '%':
      return "%";
    default:
      NotModelled(NameOf(process) + " -c %" + letter);
  }
}

}  // namespace

int Stat(Process& process) {
  const Options options(process, process.busybox() ? "c:Lt" : "c:LtP:",
                        {{"format", 'c'}, {"printf", 'P'}, {"dereference", 'L'}});
  const auto printf_format = options.Value('P');
  const auto format = printf_format ? printf_format : options.Value('c');
  if (!format || options.Has('t')) NotModelled(NameOf(process) + " without -c");
  if (options.operands().empty()) return MisusedBy(process, "missing operand");
  const Accounts accounts(process);
  int status = 0;
  for (const std::string& path : options.operands()) {
    const Found file = process.Stat(path, options.Has('L') ? Follow::kYes : Follow::kNo);
    if (!file) {
      status = Complain(process, "cannot statx " + Quoted(path), "can't stat '" + path + "'",
                        file.error);
      continue;
    }
    std::string out;
    for (std::size_t i = 0; i < format->size(); ++i) {
      const char c = (*format)[i];
      if (c == '%' && i + 1 < format->size()) {
        out += Field(process, accounts, (*format)[++i], path, file);
      } else if (c == '\\' && printf_format && i + 1 < format->size()) {
        const char escaped = (*format)[++i];
        out += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
      } else {
        out += c;
      }
    }
    process.Write(1, out + (printf_format ? "" : "\n"));
  }
  return status;
}

}  // namespace watertight::generator::commands
