#include "generator/archives/image_name.h"

namespace watertight::generator {
namespace {

constexpr char kDockerHub[] = "docker.io";
constexpr char kOfficial[] = "library/";

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
