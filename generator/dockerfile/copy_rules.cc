#include "generator/dockerfile/copy_rules.h"

#include <algorithm>

#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr uint64_t kAllModeBits = 07777;

bool HasScheme(std::string_view source, std::string_view scheme) {
  return source.starts_with(scheme) && source.substr(scheme.size()).starts_with("://");
}

Error NeedsBuildKit(const std::string& flag) {
  return Error("the --" + flag +
               " option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn "
               "how to build images with BuildKit enabled");
}

// u+rwX,go=r and the like: clauses of who, one or more operators, permissions.
bool IsSymbolicMode(std::string_view text) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of("augo"), text.size()));
    if (text.empty() || std::string_view("+-=").find(text[0]) == std::string_view::npos) {
      return false;
    }
    while (!text.empty() && text[0] != ',') {
      if (std::string_view("+-=rwxXstugo").find(text[0]) == std::string_view::npos) return false;
      text.remove_prefix(1);
    }
    if (text.empty()) return true;
    text.remove_prefix(1);
  }
}

void CheckChmod(const std::string& chmod, const Dialect& dialect) {
  // Before docker/dockerfile:1.10, what is no number had no effect.
  const bool buildah = dialect.family == Family::kBuildah;
  if (dialect.family == Family::kKaniko) return;  // looks at it when it copies
  if (chmod.empty() || (!buildah && !Has(dialect, Feature::kExpandedChmod))) return;
  const auto mode = ParseUint(chmod, 8, 32);
  if (buildah) {
    if (mode) return;
    throw Error("Error parsing chmod " + chmod);
  }
  if (mode && *mode <= kAllModeBits) return;
  const bool numeric = mode || (chmod[0] >= '0' && chmod[0] <= '9');
  if (!numeric && Has(dialect, Feature::kSymbolicChmod)) {
    if (IsSymbolicMode(chmod)) return;
    throw Error("invalid syntax");
  }
  throw Error("invalid chmod parameter: '" + chmod +
              "'. it should be octal string and between 0 and 07777");
}

void CheckClassic(const Transfer& transfer, const std::string& keyword) {
  if (!transfer.chmod.empty()) throw NeedsBuildKit("chmod");
  if (transfer.sources.empty()) throw Error(keyword + " failed: no source files were specified");
  if (transfer.sources.size() > 1 && !transfer.destination.ends_with('/')) {
    throw Error("When using " + keyword +
                " with more than one source file, the destination must be a directory and end "
                "with a /");
  }
}

void CheckChecksum(const Add& add) {
  if (add.checksum.empty()) return;
  if (add.sources.size() != 1) throw Error("checksum can't be specified for multiple sources");
  const std::string& source = add.sources[0];
  if (!IsHttpSource(source) && !IsGitSource(source)) {
    throw Error("checksum requires HTTP(S) or Git sources");
  }
}

constexpr size_t kDigestLength = 64;

// Of a download: sha256:HEX, as long as it has to be.
void CheckDigest(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
    throw Error("invalid checksum digest format");
  }
  if (text.substr(0, colon) != "sha256") {
    const bool known = text.starts_with("sha384:") || text.starts_with("sha512:");
    if (!known) throw Error("unsupported digest algorithm");
    return;
  }
  if (text.size() - colon - 1 != kDigestLength) throw Error("invalid checksum digest length");
  if (text.find_first_not_of("0123456789abcdef", colon + 1) != std::string::npos) {
    throw Error("invalid checksum digest format");
  }
}

}  // namespace

bool IsGitSource(std::string_view source) {
  if (HasScheme(source, "git") || HasScheme(source, "ssh")) return true;
  if (HasScheme(source, "http") || HasScheme(source, "https")) {
    const std::string_view path = source.substr(0, source.find_first_of("?#"));
    return path.ends_with(".git");
  }
  const size_t at = source.find('@');  // user@host:path
  if (at == 0 || at == std::string_view::npos) return false;
  const size_t colon = source.find(':', at);
  return colon != std::string_view::npos && source.find('/') > colon;
}

bool IsHttpSource(std::string_view source) {
  return (HasScheme(source, "http") || HasScheme(source, "https")) && !IsGitSource(source);
}

void CheckCopy(const Copy& copy, const Dialect& dialect) {
  if (dialect.family == Family::kClassic) CheckClassic(copy, "COPY");
  CheckChmod(copy.chmod, dialect);
  const bool refuses_git = Has(dialect, Feature::kExpandedChmod);
  for (const std::string& source : copy.sources) {
    if (refuses_git && IsGitSource(source)) throw Error("source can't be a git ref for COPY");
    if (IsHttpSource(source)) throw Error("source can't be a URL for COPY");
  }
}

void CheckAdd(const Add& add, const Dialect& dialect) {
  if (dialect.family == Family::kClassic) CheckClassic(add, "ADD");
  CheckChmod(add.chmod, dialect);
  CheckChecksum(add);
  if (!add.checksum.empty() && IsHttpSource(add.sources[0])) CheckDigest(add.checksum);
}

void CheckRun(const Source& source, const Dialect& dialect) {
  if (dialect.family == Family::kClassic && !source.flags.empty()) {
    throw NeedsBuildKit(source.flags[0]);
  }
}

}  // namespace watertight::generator
