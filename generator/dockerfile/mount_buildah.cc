#include "generator/dockerfile/mount_buildah.h"

#include <algorithm>
#include <array>
#include <vector>

#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

enum class Role {
  kNone,    // of SELinux, propagation and the like: no file shows it
  kNoneOf,  // the same, with a value
  kReadOnly,
  kReadWrite,
  kFrom,
  kSource,
  kNoSource,
  kTarget,
  kId,
  kSharing,
  kMode,
  kUid,
  kGid,
  kRequired,
};

// `types`: the first letters of those that know it: bind, cache, tmpfs; secret, ssh (h).
struct OptionRow {
  std::string_view name;
  std::string_view types;
  Role role;
};

constexpr std::array kOptions = {
    OptionRow{"type", "bctsh", Role::kNone},
    OptionRow{"target", "bctsh", Role::kTarget},
    OptionRow{"dst", "bctsh", Role::kTarget},
    OptionRow{"destination", "bctsh", Role::kTarget},
    OptionRow{"ro", "bct", Role::kReadOnly},
    OptionRow{"readonly", "bct", Role::kReadOnly},
    OptionRow{"rw", "bc", Role::kReadWrite},
    OptionRow{"readwrite", "bc", Role::kReadWrite},
    OptionRow{"nosuid", "bct", Role::kNone},
    OptionRow{"nodev", "bct", Role::kNone},
    OptionRow{"noexec", "bct", Role::kNone},
    OptionRow{"shared", "bc", Role::kNone},
    OptionRow{"rshared", "bc", Role::kNone},
    OptionRow{"private", "bc", Role::kNone},
    OptionRow{"rprivate", "bc", Role::kNone},
    OptionRow{"slave", "bc", Role::kNone},
    OptionRow{"rslave", "bc", Role::kNone},
    OptionRow{"Z", "bc", Role::kNone},
    OptionRow{"z", "bc", Role::kNone},
    OptionRow{"U", "bc", Role::kNone},
    OptionRow{"bind-nonrecursive", "b", Role::kNone},
    OptionRow{"consistency", "b", Role::kNone},
    OptionRow{"bind-propagation", "bc", Role::kNoneOf},
    OptionRow{"from", "bc", Role::kFrom},
    OptionRow{"src", "bc", Role::kSource},
    OptionRow{"source", "bc", Role::kSource},
    OptionRow{"src", "t", Role::kNoSource},
    OptionRow{"source", "t", Role::kNoSource},
    OptionRow{"tmpcopyup", "t", Role::kNone},
    OptionRow{"tmpfs-mode", "t", Role::kNoneOf},
    OptionRow{"tmpfs-size", "t", Role::kNoneOf},
    OptionRow{"sharing", "c", Role::kSharing},
    OptionRow{"id", "csh", Role::kId},
    OptionRow{"mode", "csh", Role::kMode},
    OptionRow{"uid", "csh", Role::kUid},
    OptionRow{"gid", "csh", Role::kGid},
    OptionRow{"required", "sh", Role::kRequired},
};

struct TypeRow {
  std::string_view name;
  char letter;
};

constexpr std::array kTypes = {TypeRow{"bind", 'b'}, TypeRow{"cache", 'c'}, TypeRow{"tmpfs", 't'},
                               TypeRow{"secret", 's'}, TypeRow{"ssh", 'h'}};

std::vector<std::string_view> Fields(std::string_view text) {
  std::vector<std::string_view> fields;
  for (;;) {
    const size_t comma = text.find(',');
    fields.push_back(text.substr(0, comma));
    if (comma == text.npos) return fields;
    text.remove_prefix(comma + 1);
  }
}

class Reader {
 public:
  explicit Reader(const std::string& type) { mount_.type = type; }

  Mount Run(std::string_view text) {
    const auto fields = Fields(text);
    for (const std::string_view field : fields) {
      if (field.starts_with("type=")) mount_.type = field.substr(field.find('=') + 1);
    }
    const auto* row = std::ranges::find(kTypes, std::string_view(mount_.type), &TypeRow::name);
    if (row == kTypes.end()) throw Error("invalid mount type " + Quote(mount_.type));
    letter_ = row->letter;
    for (const std::string_view field : fields) Read(field);
    if (!read_only_given_) mount_.read_only = letter_ != 'c' && letter_ != 't';
    CheckTarget();
    return mount_;
  }

 private:
  bool IsLent() const { return letter_ == 's' || letter_ == 'h'; }

  // What is said of any mistake in secrets and agents.
  Error WrongSyntax() const {
    return Error(mount_.type + " should have syntax id=id[,target=path,required=bool,mode=uint," +
                 "uid=uint,gid=uint");
  }

  void Read(std::string_view field) {
    const size_t equals = field.find('=');
    const std::string name(field.substr(0, equals));
    const auto* row = std::ranges::find_if(kOptions, [&](const OptionRow& each) {
      return each.name == name && each.types.find(letter_) != std::string_view::npos;
    });
    if (row == kOptions.end()) {
      throw IsLent() ? WrongSyntax() : Error(name + ": invalid mount option");
    }
    const bool flag = row->role == Role::kNone || row->role == Role::kReadOnly ||
                      row->role == Role::kReadWrite || row->role == Role::kNoSource;
    if (equals == field.npos && !flag) {
      throw IsLent() ? WrongSyntax() : Error(name + ": must provide an argument for option");
    }
    Set(row->role, equals == field.npos ? "" : std::string(field.substr(equals + 1)));
  }

  void SetReadOnly(bool value) {
    mount_.read_only = value;
    read_only_given_ = true;
  }

  void Set(Role role, const std::string& value) {
    switch (role) {
      case Role::kNone:
      case Role::kNoneOf:
        return;
      case Role::kReadOnly:
        return SetReadOnly(true);
      case Role::kReadWrite:
        return SetReadOnly(false);
      case Role::kFrom:
        mount_.from = value;
        return;
      case Role::kSource:
        mount_.source = value;
        return;
      case Role::kNoSource:
        throw Error("source is not supported with tmpfs mounts");
      case Role::kTarget:
        mount_.target = value;
        return;
      case Role::kId:
        mount_.id = value;
        return;
      case Role::kSharing:
        return SetSharing(value);
      case Role::kMode:
        mount_.mode = Number("mode", value, 8);
        return;
      case Role::kUid:
        mount_.uid = Number("uid", value, 10);
        return;
      case Role::kGid:
        mount_.gid = Number("gid", value, 10);
        return;
      case Role::kRequired:
        const auto required = ParseBool(value);
        if (!required) throw WrongSyntax();
        mount_.required = *required;
    }
  }

  void SetSharing(const std::string& value) {
    // Buildah formats an error that there is not.
    if (value != "shared" && value != "locked") {
      throw Error("unrecognized value " + Quote(value) + " for field `sharing`: %!w(<nil>)");
    }
    mount_.sharing = value;
  }

  uint64_t Number(const std::string& name, const std::string& value, int base) const {
    const auto number = ParseUint(value, base, 32);
    if (number) return *number;
    if (IsLent()) throw WrongSyntax();
    const char* function = base == 8 ? "ParseUint" : "Atoi";
    throw Error("unable to parse cache " + name + ": strconv." + function + ": parsing " +
                Quote(value) + ": invalid syntax");
  }

  void CheckTarget() const {
    if (letter_ == 's' && mount_.id.empty()) throw WrongSyntax();
    if (IsLent()) return;
    if (mount_.target.empty()) throw Error("must set volume destination");
    if (!mount_.target.starts_with('/')) {
      throw Error("invalid container path " + Quote(mount_.target) + ", must be an absolute path");
    }
  }

  Mount mount_;
  char letter_ = 0;
  bool read_only_given_ = false;
};

}  // namespace

Mount ParseBuildahMount(std::string_view text, const std::string& type) {
  return Reader(type).Run(text);
}

}  // namespace watertight::generator
