#include "generator/build/commands/find_printf.h"

#include <cstdio>

#include "generator/build/commands/files.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {
namespace {

std::string Directive(Process& process, char letter, const FindEntry& entry,
                      const Accounts& accounts) {
  const Attributes& attributes = entry.inode->attributes;
  char octal[16];
  switch (letter) {
    case 'p':
      return entry.path;
    case 'f':
      return Basename(entry.path);
    case 'h':
      return Dirname(entry.path);
    case 'P':
      return entry.path == entry.start ? "" : entry.path.substr(entry.start.size() + 1);
    case 's':
      return std::to_string(SizeOf(*entry.inode));
    case 'm':
      std::snprintf(octal, sizeof octal, "%o", FullMode(*entry.inode) & 07777);
      return octal;
    case 'M':
      return TypeAndMode(*entry.inode);
    case 'u':
      return accounts.NameOfUser(attributes.uid);
    case 'g':
      return accounts.NameOfGroup(attributes.gid);
    case 'U':
      return std::to_string(attributes.uid);
    case 'G':
      return std::to_string(attributes.gid);
    case 'd':
      return std::to_string(entry.depth);
    case 'l':
      return entry.inode->link;
    case 'n':
      return std::to_string(LinkCount(process.tree(), entry.number));
    case 'y': {
      const char type = TypeAndMode(*entry.inode)[0];
      return std::string(1, type == '-' ? 'f' : type);
    }
    case '%':
      return "%";
    default:
      NotModelled(std::string("find -printf %") + letter);
  }
}

}  // namespace

std::string FindPrintf(Process& process, const std::string& format, const FindEntry& entry,
                       const Accounts& accounts) {
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (i + 1 == format.size() || (format[i] != '%' && format[i] != '\\')) {
      text += format[i];
    } else if (format[i] == '%') {
      if (format.substr(i).starts_with("%T@")) {
        text += std::to_string(entry.inode->attributes.mtime) + ".0000000000";
        i += 2;
      } else {
        text += Directive(process, format[++i], entry, accounts);
      }
    } else {
      const char c = format[++i];
      text += c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
    }
  }
  return text;
}

}  // namespace watertight::generator::commands
