#include "generator/dockerfile/dialect.h"

#include <algorithm>
#include <array>
#include <string>

#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr int kNewest = 19;

constexpr std::array kDialects = {
    Dialect{"classic-20.10", Family::kClassic, 2},
    Dialect{"classic-26", Family::kClassic, 7},
    Dialect{"classic-28", Family::kClassic, 19},
    Dialect{"buildkit-0.8", Family::kBuildKit, 2},
    Dialect{"buildkit-0.13", Family::kBuildKit, 7},
    Dialect{"buildkit-0.25", Family::kBuildKit, 19},
    Dialect{"buildah-1.28", Family::kBuildah, 2},
    Dialect{"buildah-1.28-layers", Family::kBuildah, 2},
    Dialect{"kaniko", Family::kKaniko, 16},
};

struct FeatureRow {
  Feature feature;
  int stable;
  int labs;
};

constexpr std::array kFeatures = {
    FeatureRow{Feature::kSuggestions, 3, 3},      FeatureRow{Feature::kHeredocs, 4, 3},
    FeatureRow{Feature::kZeroRetries, 5, 5},      FeatureRow{Feature::kPlainOperators, 6, 6},
    FeatureRow{Feature::kPatternOperators, 7, 7}, FeatureRow{Feature::kExpandedMounts, 3, 3},
    FeatureRow{Feature::kCheckDirective, 8, 8},   FeatureRow{Feature::kLazyArgDefaults, 8, 8},
    FeatureRow{Feature::kStrictJson, 9, 9},       FeatureRow{Feature::kSharedWordBuffer, 9, 9},
    FeatureRow{Feature::kStrictColon, 10, 10},    FeatureRow{Feature::kSecretEnv, 10, 10},
    FeatureRow{Feature::kExpandedChmod, 10, 10},  FeatureRow{Feature::kDashesInMessages, 11, 11},
    FeatureRow{Feature::kTargetStage, 12, 12},    FeatureRow{Feature::kOsVersion, 16, 16},
    FeatureRow{Feature::kInheritedArgs, 8, 8},    FeatureRow{Feature::kSymbolicChmod, 16, 14},
    FeatureRow{Feature::kOwnCsv, 9, 9},           FeatureRow{Feature::kExposeRules, 17, 17},
    FeatureRow{Feature::kEscapeInFlags, 15, 15},  FeatureRow{Feature::kHeredocBlank, 16, 16},
};

constexpr std::string_view kFrontends[] = {"docker/dockerfile", "docker/dockerfile-upstream"};

bool Remove(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The version in a tag such as 1, 1.4, 1.4.2; the newest for latest, 1 and what names none.
int VersionOf(std::string_view tag) {
  if (!Remove(tag, "1.")) return kNewest;
  int version = 0;
  for (const char c : tag) {
    if (c < '0' || c > '9') break;
    version = std::min(version * 10 + (c - '0'), kNewest);
  }
  return version;
}

}  // namespace

bool Has(const Dialect& dialect, Feature feature) {
  const auto* row = std::ranges::find(kFeatures, feature, &FeatureRow::feature);
  return dialect.version >= (dialect.labs ? row->labs : row->stable);
}

const Dialect* FindDialect(std::string_view builder) {
  const auto* found = std::ranges::find(kDialects, builder, &Dialect::builder);
  return found == kDialects.end() ? nullptr : found;
}

std::span<const Dialect> Dialects() { return kDialects; }

Dialect WithSyntax(const Dialect& dialect, std::string_view frontend) {
  if (dialect.family != Family::kBuildKit) return dialect;
  const std::string_view given = frontend;
  frontend = frontend.substr(0, frontend.find('@'));
  Remove(frontend, "docker.io/");
  const size_t colon = frontend.find(':');
  if (std::ranges::find(kFrontends, frontend.substr(0, colon)) == std::end(kFrontends)) {
    throw Error("unknown frontend " + std::string(given) +
                " in the syntax directive (known: docker/dockerfile:1, docker/dockerfile:1.N, "
                "docker/dockerfile:1-labs)");
  }
  const std::string_view tag =
      colon == std::string_view::npos ? "latest" : frontend.substr(colon + 1);
  Dialect chosen = dialect;
  chosen.version = VersionOf(tag);
  chosen.labs = tag.ends_with("labs") || tag.ends_with("experimental") || tag == "master";
  return chosen;
}

}  // namespace watertight::generator
