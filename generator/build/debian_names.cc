#include "generator/build/debian_names.h"

#include <algorithm>
#include <array>
#include <span>

namespace watertight::generator {
namespace {

struct Name {
  std::int64_t id;
  const char* name;
};

constexpr std::array kUsers = {
    Name{0, "root"},      Name{1, "daemon"},     Name{2, "bin"},   Name{3, "sys"},
    Name{4, "sync"},      Name{5, "games"},      Name{6, "man"},   Name{7, "lp"},
    Name{8, "mail"},      Name{9, "news"},       Name{10, "uucp"}, Name{13, "proxy"},
    Name{33, "www-data"}, Name{34, "backup"},    Name{38, "list"}, Name{39, "irc"},
    Name{42, "_apt"},     Name{65534, "nobody"},
};

constexpr std::array kGroups = {
    Name{0, "root"},    Name{1, "daemon"},      Name{2, "bin"},      Name{3, "sys"},
    Name{4, "adm"},     Name{5, "tty"},         Name{6, "disk"},     Name{7, "lp"},
    Name{8, "mail"},    Name{9, "news"},        Name{10, "uucp"},    Name{12, "man"},
    Name{13, "proxy"},  Name{15, "kmem"},       Name{20, "dialout"}, Name{21, "fax"},
    Name{22, "voice"},  Name{24, "cdrom"},      Name{25, "floppy"},  Name{26, "tape"},
    Name{27, "sudo"},   Name{29, "audio"},      Name{30, "dip"},     Name{33, "www-data"},
    Name{34, "backup"}, Name{37, "operator"},   Name{38, "list"},    Name{39, "irc"},
    Name{40, "src"},    Name{42, "shadow"},     Name{43, "utmp"},    Name{44, "video"},
    Name{45, "sasl"},   Name{46, "plugdev"},    Name{50, "staff"},   Name{60, "games"},
    Name{100, "users"}, Name{65534, "nogroup"},
};

const char* NameIn(std::span<const Name> names, std::int64_t id) {
  const auto found = std::ranges::find(names, id, &Name::id);
  return found == names.end() ? "" : found->name;
}

}  // namespace

const char* DebianUser(std::int64_t uid) { return NameIn(kUsers, uid); }
const char* DebianGroup(std::int64_t gid) { return NameIn(kGroups, gid); }

}  // namespace watertight::generator
