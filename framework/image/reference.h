// What a user names: containers-transports(5).

#pragma once

#include <optional>
#include <string>

namespace watertight {

struct Reference {
  std::string transport;  // "docker-archive", "oci-archive", "oci", …; empty for a bare path
  std::string path;       // empty for bytes in memory, and with a name
  std::string name;       // of an image that is no file: "app:ci" of docker://app:ci
  std::string tag;        // a tag or OCI reference name; empty when not given
  std::optional<std::size_t> index;  // docker-archive:PATH:@INDEX
};

// Throws: Error, kUsage or kUnsupported.
Reference ParseReference(const std::string& text);

// Takes "app:ci" or "@1" as the image that the reference means. Throws: Error, kUsage.
void NameImage(const std::string& name, Reference* reference);

// "docker.io/library/app:latest" of "app"; names of one image compare equal in this form.
std::string FullName(const std::string& name);

}  // namespace watertight
