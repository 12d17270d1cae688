#include "generator/dockerfile/image_references.h"

#include <re2/re2.h>

#include <string>
#include <vector>

#include "generator/dockerfile/stage_names.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

constexpr const char* kCommonImages[] = {"alpine", "busybox", "centos", "debian",
                                         "golang", "ubuntu",  "fedora"};

constexpr const char* kReference =
    "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?/)?"
    "(?:(?:[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)/)*[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
    "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?";

// The repository of a name without a registry in front.
std::string RepositoryOf(const std::string& name) {
  const size_t slash = name.find('/');
  std::string rest = name.substr(0, name.find('@'));
  if (slash == std::string::npos) return "library/" + rest.substr(0, rest.find(':'));
  const std::string first = rest.substr(0, slash);
  const bool registry = first.find_first_of(".:") != std::string::npos || first == "localhost" ||
                        first != Lower(first);
  if (registry) rest.erase(0, slash + 1);
  return rest.substr(0, rest.find(':'));
}

}  // namespace

void CheckImageReference(const std::string& name, int line, const Dialect& dialect) {
  static const RE2 reference(kReference);
  const std::string repository = RepositoryOf(name);
  std::string problem;
  if (repository != Lower(repository)) {
    const bool names_it = Has(dialect, Feature::kSuggestions);
    problem = "invalid reference format: repository name " +
              (names_it ? "(" + repository + ") " : std::string()) + "must be lowercase";
  } else if (!RE2::FullMatch(name, reference)) {
    problem = "invalid reference format";
  }
  // go-containerregistry wants two characters.
  const bool short_name = dialect.family == Family::kKaniko && name.size() < 2;
  if (problem.empty() && !short_name) return;
  if (dialect.family == Family::kKaniko) {
    throw Error("could not parse reference: " + name).At(line);
  }
  const bool classic = dialect.family == Family::kClassic;
  const std::string who = classic ? "" : "failed to parse stage name " + Quote(name) + ": ";
  throw Error(who + problem).At(line);
}

Error UnknownImage(const std::string& name, const Dockerfile& file) {
  std::vector<std::string> known;
  for (size_t i = 0; i < file.stages.size(); ++i) {
    const std::string& stage = file.stages[i].name;
    known.push_back(stage.empty() ? "stage-" + std::to_string(i) : stage);
  }
  for (const char* image : kCommonImages) {
    known.emplace_back(image);
    known.push_back(std::string(image) + ":latest");
  }
  if (IsBuildah(file)) {
    const std::string repository = RepositoryOf(name);
    if (repository != Lower(repository)) return Error("repository name must be lowercase");
    return Error(name + ": image not known");
  }
  if (IsKaniko(file)) {
    return Error("image not found on any configured mapped registries for " + name);
  }
  const bool suggests = Has(file.dialect, Feature::kSuggestions);
  return Error(name + ": not found" + (suggests ? DidYouMean(Nearest(name, known)) : ""));
}

}  // namespace watertight::generator
