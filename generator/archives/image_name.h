// Names of images as the tools print them.

#pragma once

#include <string>

namespace watertight::generator {

// A name with its parts: [DOMAIN/]PATH:TAG.
struct ImageName {
  std::string domain;  // "" when the name has none
  std::string path;
  std::string tag;  // "latest" when the name has none
};

ImageName ParseImageName(const std::string& name);

// Whether an image may be called so: the grammar of github.com/distribution/reference, without
// digests. Throws: Error, in Docker's words.
void CheckImageName(const std::string& name);

// "app:ci", "reg.example.com:5000/app:ci": Docker's short form.
std::string ShortName(const std::string& name);
// "docker.io/library/app:ci"
std::string FullName(const std::string& name);
// "localhost/app:ci": what podman makes of a name without a registry.
std::string LocalName(const std::string& name);

// Without the tag.
std::string RepositoryOf(const std::string& name);

}  // namespace watertight::generator
