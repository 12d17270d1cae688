#include "generator/dockerfile/mount.h"

#include <algorithm>
#include <array>
#include <vector>

#include "generator/dockerfile/csv.h"
#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

const std::vector<std::string> kTypes = {"bind", "cache", "tmpfs", "secret", "ssh"};
const std::vector<std::string> kSharings = {"shared", "private", "locked"};
const std::vector<std::string> kKeys = {
    "type", "from", "source", "target", "readonly",    "id", "sharing", "required",  "size", "mode",
    "uid",  "gid",  "src",    "dst",    "destination", "ro", "rw",      "readwrite", "env"};

bool Contains(const std::vector<std::string>& list, const std::string& word) {
  return std::ranges::find(list, word) != list.end();
}

// The options of one --mount, applied one after the other: `required` and `size` look at the type
// that was given before them.
class MountReader {
 public:
  MountReader(const Environment* variables, const LexOptions& options)
      : variables_(variables), options_(options) {}

  Mount Run(std::string_view text) {
    std::vector<std::string> fields;
    try {
      fields = ParseCsv(text, !Allows(Feature::kOwnCsv));
    } catch (const Error& error) {
      throw Error("failed to parse csv mounts: " + error.message());
    }
    for (const std::string& field : fields) Read(field);
    CheckOwner();
    if (!read_only_given_) mount_.read_only = mount_.type != "cache" && mount_.type != "tmpfs";
    if (!Allows(Feature::kExpandedMounts)) CheckSharing();
    if (mount_.type == "secret") CheckSecret();
    CheckSharing();
    return mount_;
  }

 private:
  bool Allows(Feature feature) const { return Has(options_.dialect, feature); }
  bool suggests() const { return Allows(Feature::kSuggestions); }

  void Read(const std::string& field) {
    const size_t equals = field.find('=');
    const std::string key = Lower(field.substr(0, equals));
    if (equals == std::string::npos) {
      if (variables_ != nullptr) ReadWord(key, field);
      return;
    }
    const std::string value = field.substr(equals + 1);
    if (variables_ != nullptr) {
      const bool expands = Allows(Feature::kExpandedMounts);
      Set(key, expands ? ProcessWord(value, *variables_, options_) : value, field);
    } else if (key == "from") {
      const size_t dollar = value.find('$');
      if (dollar != std::string::npos && dollar + 1 != value.size()) {
        throw Error("'from' doesn't support variable expansion, define alias stage instead");
      }
    }
  }

  void ReadWord(const std::string& key, const std::string& field) {
    if (key == "readonly" || key == "ro") return SetReadOnly(true);
    if (key == "readwrite" || key == "rw") return SetReadOnly(false);
    if (key != "required") {
      throw Error("invalid field '" + field + "' must be a key=value pair");
    }
    RequireType(key, mount_.type == "secret" || mount_.type == "ssh");
    mount_.required = true;
  }

  void SetReadOnly(bool value) {
    mount_.read_only = value;
    read_only_given_ = true;
  }

  void RequireType(const std::string& key, bool right) const {
    if (!right) throw Error("unexpected key '" + key + "' for mount type '" + mount_.type + "'");
  }

  void Set(const std::string& key, const std::string& value, const std::string& field);
  bool SetText(const std::string& key, const std::string& value);
  bool SetNumber(const std::string& key, const std::string& value);
  bool SetFlag(const std::string& key, const std::string& value);
  std::string OneOf(const std::vector<std::string>& options, const std::string& what,
                    const std::string& value) const;
  void CheckOwner() const;
  void CheckSecret() const;
  void CheckSharing() const;

  const Environment* variables_;  // null: look at the syntax only
  LexOptions options_;
  Mount mount_;
  bool read_only_given_ = false;
};

std::string MountReader::OneOf(const std::vector<std::string>& options, const std::string& what,
                               const std::string& value) const {
  const std::string lower = Lower(value);
  if (Contains(options, lower)) return lower;
  throw Error("unsupported " + what + " " + Quote(value) +
              (suggests() ? DidYouMean(Nearest(value, options)) : ""));
}

bool MountReader::SetText(const std::string& key, const std::string& value) {
  if (key == "type")
    mount_.type = OneOf(kTypes, "mount type", value);
  else if (key == "from")
    mount_.from = value;
  else if (key == "source" || key == "src")
    mount_.source = value;
  else if (key == "target" || key == "dst" || key == "destination")
    mount_.target = value;
  else if (key == "id")
    mount_.id = value;
  else if (key == "sharing")
    mount_.sharing = OneOf(kSharings, "sharing value", value);
  else if (key == "env" && Allows(Feature::kSecretEnv))
    mount_.env = value;
  else
    return false;
  return true;
}

bool MountReader::SetFlag(const std::string& key, const std::string& value) {
  const bool read = key == "readonly" || key == "ro";
  const bool write = key == "readwrite" || key == "rw";
  if (!read && !write && key != "required") return false;
  if (key == "required") RequireType(key, mount_.type == "secret" || mount_.type == "ssh");
  const auto flag = ParseBool(value);
  if (!flag) throw Error("invalid value for " + key + ": " + value);
  if (key == "required")
    mount_.required = *flag;
  else
    SetReadOnly(read ? *flag : !*flag);
  return true;
}

bool MountReader::SetNumber(const std::string& key, const std::string& value) {
  if (key == "size" && Allows(Feature::kExpandedMounts)) {
    RequireType(key, mount_.type == "tmpfs");
    const auto size = ParseMemorySize(value);
    if (!size) throw Error("invalid value for size: " + value);
    mount_.size = *size;
    return true;
  }
  if (key != "mode" && key != "uid" && key != "gid") return false;
  const auto number = ParseUint(value, key == "mode" ? 8 : 10, 32);
  if (!number) throw Error("invalid value " + value + " for " + key);
  (key == "mode" ? mount_.mode : key == "uid" ? mount_.uid : mount_.gid) = *number;
  return true;
}

void MountReader::Set(const std::string& key, const std::string& value, const std::string& field) {
  if (SetText(key, value) || SetFlag(key, value) || SetNumber(key, value)) return;
  throw Error("unexpected key '" + key + "' in '" + field + "'" +
              (suggests() ? DidYouMean(Nearest(key, kKeys)) : ""));
}

void MountReader::CheckOwner() const {
  if (mount_.type == "secret" || mount_.type == "ssh" || mount_.type == "cache") return;
  const char* given = mount_.mode ? "mode" : mount_.uid ? "uid" : mount_.gid ? "gid" : nullptr;
  if (given != nullptr) {
    throw Error(std::string(given) + " not allowed for " + Quote(mount_.type) + " type mounts");
  }
}

void MountReader::CheckSharing() const {
  if (!mount_.sharing.empty() && mount_.type != "cache") {
    throw Error("invalid cache sharing set for " + mount_.type + " mount");
  }
}

void MountReader::CheckSecret() const {
  if (!mount_.from.empty()) throw Error("secret mount should not have a from");
  if (!mount_.sharing.empty()) throw Error("secret mount should not define sharing");
  if (mount_.source.empty() && mount_.target.empty() && mount_.id.empty()) {
    throw Error("invalid secret mount. one of source, target required");
  }
  if (!mount_.source.empty() && !mount_.id.empty()) {
    throw Error("both source and id can't be set");
  }
}

}  // namespace

Mount CheckMount(std::string_view text, const Dialect& dialect) {
  const LexOptions options{.dialect = dialect};
  // Before variables were allowed, all was checked at once.
  const Environment none;
  const bool later = Has(dialect, Feature::kExpandedMounts);
  return MountReader(later ? nullptr : &none, options).Run(text);
}

Mount ParseMount(std::string_view text, const Environment& variables, const LexOptions& options) {
  return MountReader(&variables, options).Run(text);
}

}  // namespace watertight::generator
