#include "generator/build/file_rules.h"

#include <algorithm>
#include <array>
#include <string>

#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::array kRules = {
    FileRules{.builder = "classic-20.10",
              .family = Family::kClassic,
              .implies_directories = true,
              .old_headers = true,
              .unpacks_zstd = false},
    FileRules{.builder = "classic-26", .family = Family::kClassic, .implies_directories = true},
    FileRules{.builder = "classic-28",
              .family = Family::kClassic,
              .implies_directories = true,
              .refuses_parents = true},
    FileRules{.builder = "buildkit-0.8",
              .family = Family::kBuildKit,
              .old_headers = true,
              .unpacks_zstd = false,
              .chmod_bits = ChmodBits::kPermissions,
              .numeric_chmod = true,
              .sent_directories_new = true,
              .needs_passwd = true,
              .old_cache_words = true,
              .bare_groups = true},
    FileRules{.builder = "buildkit-0.13",
              .family = Family::kBuildKit,
              .finds_exceptions = true,
              .numeric_chmod = true,
              .target_keeps_time = true,
              .slash_dot_is_slash = true,
              .copies_fifos = true},
    FileRules{.builder = "buildkit-0.25",
              .family = Family::kBuildKit,
              .finds_exceptions = true,
              .refuses_parents = true,
              .chmod_parents = true,
              .target_keeps_time = true,
              .slash_dot_is_slash = true,
              .copies_fifos = true,
              .unpack_chowns = true,
              .names_written_source = true},
    FileRules{.builder = "buildah-1.28", .family = Family::kBuildah, .implies_directories = true},
    FileRules{
        .builder = "buildah-1.28-layers", .family = Family::kBuildah, .implies_directories = true},
    FileRules{.builder = "kaniko", .family = Family::kKaniko, .bare_groups = true},
};

}  // namespace

const FileRules& FileRulesOf(std::string_view builder) {
  const auto* found = std::ranges::find(kRules, builder, &FileRules::builder);
  if (found == kRules.end()) throw Error("unknown builder " + std::string(builder));
  return *found;
}

}  // namespace watertight::generator
