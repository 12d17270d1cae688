#include "generator/archives/image_name.h"

#include <re2/re2.h>

#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr char kDockerHub[] = "docker.io";
constexpr char kOfficial[] = "library/";

constexpr char kDomainPattern[] =
    R"re((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?)re";
constexpr char kPathPattern[] =
    R"re([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)re";
constexpr char kTagPattern[] = R"re([a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})re";
constexpr std::size_t kMostPathBytes = 255;

bool LooksLikeDomain(const std::string& first) {
  return first.find_first_of(".:") != std::string::npos || first == "localhost";
}

}  // namespace

ImageName ParseImageName(const std::string& name) {
  ImageName parsed;
  std::string rest = name;
  const std::size_t slash = rest.find('/');
  if (slash != std::string::npos && LooksLikeDomain(rest.substr(0, slash))) {
    parsed.domain = rest.substr(0, slash);
    rest.erase(0, slash + 1);
    if (parsed.domain == "index.docker.io") parsed.domain = kDockerHub;
  }
  const std::size_t colon = rest.rfind(':');
  const bool tagged = colon != std::string::npos && rest.find('/', colon) == std::string::npos;
  parsed.path = tagged ? rest.substr(0, colon) : rest;
  parsed.tag = tagged ? rest.substr(colon + 1) : "latest";
  return parsed;
}

void CheckImageName(const std::string& name) {
  static const RE2 domain(kDomainPattern);
  static const RE2 path(kPathPattern);
  static const RE2 path_of_any_case(std::string("(?i)") + kPathPattern);
  static const RE2 tag(kTagPattern);
  const std::string refused = "invalid tag \"" + name + "\": invalid reference format";
  const ImageName parsed = ParseImageName(name);
  const bool domain_fits = parsed.domain.empty() || RE2::FullMatch(parsed.domain, domain);
  if (!domain_fits || !RE2::FullMatch(parsed.tag, tag)) throw Error(refused);
  if (parsed.path.size() > kMostPathBytes) {
    throw Error(refused + ": repository name must not be more than 255 characters");
  }
  if (RE2::FullMatch(parsed.path, path)) return;
  const bool lower = !RE2::FullMatch(parsed.path, path_of_any_case);
  throw Error(refused + (lower ? "" : ": repository name must be lowercase"));
}

std::string ShortName(const std::string& name) {
  const ImageName parsed = ParseImageName(name);
  std::string path = parsed.path;
  if (parsed.domain == kDockerHub && path.starts_with(kOfficial)) {
    const std::string official = path.substr(sizeof(kOfficial) - 1);
    if (official.find('/') == std::string::npos) path = official;
  }
  const bool hub = parsed.domain.empty() || parsed.domain == kDockerHub;
  return (hub ? "" : parsed.domain + "/") + path + ":" + parsed.tag;
}

std::string FullName(const std::string& name) {
  const ImageName parsed = ParseImageName(name);
  const bool hub = parsed.domain.empty() || parsed.domain == kDockerHub;
  const bool official = hub && parsed.path.find('/') == std::string::npos;
  return (hub ? std::string(kDockerHub) : parsed.domain) + "/" + (official ? kOfficial : "") +
         parsed.path + ":" + parsed.tag;
}

std::string LocalName(const std::string& name) {
  const ImageName parsed = ParseImageName(name);
  if (!parsed.domain.empty()) return FullName(name);
  return "localhost/" + parsed.path + ":" + parsed.tag;
}

std::string RepositoryOf(const std::string& name) { return name.substr(0, name.rfind(':')); }

}  // namespace watertight::generator
