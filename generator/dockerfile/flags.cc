#include "generator/dockerfile/flags.h"

#include <algorithm>
#include <array>

#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

enum class Kind { kBool, kText, kTexts };

// `stable` and `labs`: the version of the language that brought the flag. `buildah`: 1.28 has it.
struct FlagRow {
  std::string_view keyword;
  std::string_view name;
  Kind kind;
  int stable;
  int labs;
  bool buildah;
};

constexpr std::array kFlags = {
    FlagRow{"FROM", "platform", Kind::kText, 1, 1, true},
    FlagRow{"COPY", "from", Kind::kText, 1, 1, true},
    FlagRow{"COPY", "chown", Kind::kText, 1, 1, true},
    FlagRow{"COPY", "chmod", Kind::kText, 2, 2, true},
    FlagRow{"COPY", "link", Kind::kBool, 4, 4, false},
    FlagRow{"COPY", "parents", Kind::kBool, 20, 7, false},
    FlagRow{"COPY", "exclude", Kind::kTexts, 19, 7, false},
    FlagRow{"ADD", "chown", Kind::kText, 1, 1, true},
    FlagRow{"ADD", "chmod", Kind::kText, 2, 2, true},
    FlagRow{"ADD", "link", Kind::kBool, 4, 4, false},
    FlagRow{"ADD", "keep-git-dir", Kind::kBool, 6, 5, false},
    FlagRow{"ADD", "checksum", Kind::kText, 6, 5, false},
    FlagRow{"ADD", "exclude", Kind::kTexts, 19, 7, false},
    FlagRow{"ADD", "unpack", Kind::kBool, 17, 17, false},
    FlagRow{"RUN", "mount", Kind::kTexts, 2, 1, true},
    FlagRow{"RUN", "network", Kind::kText, 3, 1, false},
    FlagRow{"RUN", "security", Kind::kText, 20, 1, false},
    FlagRow{"RUN", "device", Kind::kTexts, 14, 14, false},
    FlagRow{"HEALTHCHECK", "interval", Kind::kText, 1, 1, true},
    FlagRow{"HEALTHCHECK", "timeout", Kind::kText, 1, 1, true},
    FlagRow{"HEALTHCHECK", "start-period", Kind::kText, 1, 1, true},
    FlagRow{"HEALTHCHECK", "start-interval", Kind::kText, 6, 6, false},
    FlagRow{"HEALTHCHECK", "retries", Kind::kText, 1, 1, true},
};

struct BuildahRow {
  std::string_view keyword;
  const char* flags;
};

constexpr std::array kBuildahSupports = {
    BuildahRow{"ADD", "the --chmod=<permissions> and the --chown=<uid:gid> flag"},
    BuildahRow{"COPY",
               "the --chmod=<permissions> --chown=<uid:gid> and the --from=<image|stage> flags"},
    BuildahRow{"FROM", "the --platform flag"},
    BuildahRow{"RUN", "the --mount flag"},
};

bool Allows(const FlagRow& row, const Dialect& dialect) {
  if (dialect.family == Family::kBuildah) return row.buildah;
  return dialect.version >= (dialect.labs ? row.labs : row.stable);
}

// BuildKit 0.8 begins with a capital, and only 1.11 and later show the dashes.
Error Wrong(std::string message, const std::string& name, const std::string& rest,
            const Dialect& dialect) {
  if (!Has(dialect, Feature::kSuggestions) && message[0] >= 'a') {
    message[0] = static_cast<char>(message[0] - 'a' + 'A');
  }
  const bool dashes = Has(dialect, Feature::kDashesInMessages);
  return Error(message + (dashes ? "--" : "") + name + rest);
}

// Buildah lists what it has; instructions without flags drop them silently.
Error UnknownToBuildah(std::string_view keyword, const std::string& name) {
  for (const BuildahRow& row : kBuildahSupports) {
    if (row.keyword == keyword) return Error(std::string(keyword) + " only supports " + row.flags);
  }
  return Error("flag provided but not defined: -" + name);
}

const FlagRow& Find(std::string_view keyword, const std::string& name, const Dialect& dialect) {
  std::vector<std::string> names;
  for (const FlagRow& row : kFlags) {
    if (row.keyword != keyword || !Allows(row, dialect)) continue;
    if (row.name == name) return row;
    names.emplace_back(row.name);
  }
  if (dialect.family == Family::kBuildah) throw UnknownToBuildah(keyword, name);
  const bool suggests = Has(dialect, Feature::kSuggestions);
  throw Wrong("unknown flag: ", name, suggests ? DidYouMean(Nearest(name, names)) : "", dialect);
}

std::string BoolValue(const std::string& name, const std::string& value, const Dialect& dialect) {
  const std::string lower = Lower(value);
  if (lower.empty() || lower == "true") return "true";
  if (lower == "false") return "false";
  throw Wrong("expecting boolean value for flag ", name, ", not: " + value, dialect);
}

}  // namespace

std::string Flags::Text(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : found->second.back();
}

std::vector<std::string> Flags::All(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

Flags ParseFlags(std::string_view keyword, const std::vector<std::string>& words,
                 const Dialect& dialect) {
  Flags flags;
  if (dialect.family == Family::kBuildah &&
      std::ranges::find(kFlags, keyword, &FlagRow::keyword) == kFlags.end()) {
    return flags;
  }
  for (const std::string& word : words) {
    if (word == "--") break;
    const size_t equals = word.find('=');
    const bool has_value = equals != std::string::npos;
    const std::string name = word.substr(2, has_value ? equals - 2 : equals);
    const std::string value = has_value ? word.substr(equals + 1) : "";
    const FlagRow& row = Find(keyword, name, dialect);
    const bool once = row.kind != Kind::kTexts && dialect.family != Family::kBuildah;
    if (flags.Has(name) && once) {
      throw Wrong("duplicate flag specified: ", name, "", dialect);
    }
    const bool missing = row.kind == Kind::kBool ? has_value && value.empty() : !has_value;
    if (missing) throw Wrong("missing a value on flag: ", name, "", dialect);
    flags.values_[name].push_back(row.kind == Kind::kBool ? BoolValue(name, value, dialect)
                                                          : value);
    if (std::ranges::find(flags.names_, name) == flags.names_.end()) flags.names_.push_back(name);
  }
  return flags;
}

}  // namespace watertight::generator
