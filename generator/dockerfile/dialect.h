// What each builder's Dockerfile language allows. BuildKit's language has versions of its own
// (docker/dockerfile:1.N): a feature is one row with the version that brought it, and a builder is
// one row with the version that is built into it. `# syntax=` may ask for another version.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace watertight::generator {

enum class Family { kClassic, kBuildKit, kBuildah, kKaniko };

struct Dialect {
  std::string_view builder;
  Family family;
  int version;        // N of docker/dockerfile:1.N
  bool labs = false;  // the -labs channel, with features that are not stable yet
};

enum class Feature {
  kSuggestions,       // "did you mean"
  kHeredocs,          // <<EOF
  kZeroRetries,       // HEALTHCHECK --retries=0
  kPlainOperators,    // ${x-d} and ${x+a} without a colon
  kPatternOperators,  // ${x#p} ${x%p} ${x/a/b}
  kExpandedMounts,    // variables in RUN --mount
  kCheckDirective,    // # check=
  kLazyArgDefaults,   // an ARG's default is expanded only where it is used
  kStrictJson,        // text after an exec form makes it a shell form
  kSharedWordBuffer,  // ${…} in EXPOSE loses what stands in front of it
  kStrictColon,       // ${x:#p} is refused
  kTargetStage,       // ARG TARGETSTAGE
  kOsVersion,         // ARG TARGETOSVERSION, BUILDOSVERSION
  kInheritedArgs,     // FROM STAGE also hands down what the stage declared
  kSymbolicChmod,     // --chmod=u+x
  kOwnCsv,            // --mount is read by BuildKit's own CSV reader
  kExposeRules,       // EXPOSE is checked by BuildKit's own rules
  kSecretEnv,         // RUN --mount=type=secret,env=
  kExpandedChmod,     // variables in --chmod and --checksum
  kDashesInMessages,  // "unknown flag: --x", not "unknown flag: x"
  kEscapeInFlags,     // `# escape=` counts in flags too
  kHeredocBlank,      // << EOF
};

bool Has(const Dialect& dialect, Feature feature);

// Null for a name that is none of ours.
const Dialect* FindDialect(std::string_view builder);
std::span<const Dialect> Dialects();

// The dialect after `# syntax=FRONTEND`. Only BuildKit looks at the directive.
// Throws: Error when the frontend is another one than docker/dockerfile.
Dialect WithSyntax(const Dialect& dialect, std::string_view frontend);

}  // namespace watertight::generator
