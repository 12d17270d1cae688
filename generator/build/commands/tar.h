// What a command line of tar asks for: GNU tar's, and BusyBox's smaller one.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/build/commands/mode_change.h"
#include "generator/build/commands/regex.h"
#include "generator/build/decompress.h"
#include "generator/build/shell/process.h"
#include "generator/build/untar.h"

namespace watertight::generator::commands {

// An operand, and the directory it counts from: all of -C up to there.
struct TarMember {
  std::string name;
  std::string directory;
};

// --owner, --group: "NAME", "NAME:ID", "+ID"
struct TarOwner {
  std::string name;
  std::int64_t id = 0;
};

// --transform
struct TarTransform {
  Regex pattern;
  std::string replacement;
  bool all = false;
};

struct TarJob {
  char action = 0;  // c, r, x, t
  std::string file = "-";
  PackedAs packing = PackedAs::kPlain;
  bool packing_given = false;
  bool packing_by_suffix = false;
  int verbose = 0;
  std::string directory;  // all of -C
  std::vector<TarMember> members;
  std::vector<std::string> excludes;
  std::vector<TarTransform> transforms;

  bool follows_links = false;
  bool absolute_names = false;
  bool recursion = true;
  bool removes_files = false;
  bool ustar = false;
  bool numeric_owner = false;
  std::optional<TarOwner> owner = {};
  std::optional<TarOwner> group = {};
  std::optional<ModeChange> mode = {};
  std::optional<std::int64_t> mtime = {};
  std::uint64_t record_size = 10240;

  bool to_output = false;
  bool keeps_old = false;  // and complains
  bool skips_old = false;
  bool overwrites = false;
  bool keeps_directory_links = false;
  bool keeps_time = true;
  bool same_owner = false;
  bool same_mode = false;
  bool wildcards = false;
  std::size_t strip = 0;
};

// Nothing after a complaint; `status` is what tar then ends with.
std::optional<TarJob> ParseTar(Process& process, int& status);

// Each returns the status.
int CreateTar(Process& process, const TarJob& job);
int ExtractTar(Process& process, const TarJob& job);
int ListTar(Process& process, const TarJob& job);

// Whether --exclude leaves a member out, or what is below one.
bool IsExcluded(const TarJob& job, std::string_view name);
std::string Transformed(const TarJob& job, const std::string& name);
// Of a long listing.
std::string TarListing(const TarJob& job, const UnpackedEntry& entry, bool busybox,
                       std::size_t& width);
// "../" and "/" that no member's name begins with.
std::string UnsafePrefix(std::string_view name);

// GNU tar's last word.
int EndWithFailure(Process& process);
int EndAtOnce(Process& process);

}  // namespace watertight::generator::commands
