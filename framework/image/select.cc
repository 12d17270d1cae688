#include "framework/image/select.h"

#include <sys/utsname.h>

#include <algorithm>
#include <set>
#include <utility>

#include "framework/image/config_json.h"
#include "framework/image/path.h"

namespace watertight {
namespace {

using Candidates = std::vector<Candidate>;

bool HasName(const Candidate& image, const std::string& wanted) {
  const std::string full = FullName(wanted);
  return std::any_of(image.names.begin(), image.names.end(), [&](const std::string& name) {
    // An OCI layout often keeps the tag alone.
    return name == wanted || FullName(name) == full || name.substr(name.rfind(':') + 1) == wanted;
  });
}

// The platform of a descriptor is a claim; what the config says is what runs.
std::string PlatformOf(const Archive& archive, const Candidate& image, const Limits& limits) {
  if (!image.platform.empty()) return image.platform;
  try {
    std::vector<Note> notes;
    return ParseConfig(ReadMember(archive, image.config, limits.json_bytes), image.config, &notes)
        .config.Platform();
  } catch (const Error&) {
    return "";
  }
}

std::string Listed(const Candidates& images, const Reference& reference, bool docker) {
  std::string list;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::string transport = docker                         ? "docker-archive:"
                                  : reference.transport == "oci" ? "oci:"
                                                                 : "oci-archive:";
    const std::string name = images[i].names.empty() ? "" : images[i].names[0];
    if (name.empty() && !docker) continue;
    list += (list.empty() ? "" : ", ") + transport + Printable(reference.path) + ":" +
            (name.empty() ? "@" + std::to_string(i) : Printable(name));
    if (i == 9 && images.size() > 10) {
      return list + " and " + std::to_string(images.size() - 10) + " more";
    }
  }
  return list;
}

Candidates Named(const Candidates& images, const Reference& reference) {
  if (reference.index) {
    if (*reference.index >= images.size()) return {};
    return {images[*reference.index]};
  }
  if (reference.tag.empty()) return images;
  Candidates named;
  std::copy_if(images.begin(), images.end(), std::back_inserter(named),
               [&](const Candidate& image) { return HasName(image, reference.tag); });
  return named;
}

// Of one image for several platforms, the one that was asked for, else the machine's own, else the
// only one.
Candidate ChoosePlatform(const Archive& archive, const Candidates& images,
                         const OpenOptions& options) {
  std::string platforms;
  Candidates fitting;
  Candidates present;
  const std::string wanted = options.platform.empty() ? HostPlatform() : options.platform;
  for (const Candidate& image : images) {
    const std::string platform = PlatformOf(archive, image, options.limits);
    platforms +=
        (platforms.empty() ? "" : ", ") + (platform.empty() ? "none" : Printable(platform));
    if (PlatformFits(wanted, platform)) fitting.push_back(image);
    std::string config = image.config;
    if (archive.Find(&config) != nullptr) present.push_back(image);
  }
  if (!fitting.empty()) return fitting[0];
  if (options.platform.empty() && present.size() == 1) return present[0];
  if (options.platform.empty() && images.size() == 1) return images[0];
  throw Error(ErrorCode::kNotFound, "holds no image for " + Printable(wanted) + "; it holds " +
                                        platforms + " (choose with --platform)");
}

}  // namespace

std::string HostPlatform() {
  struct Machine {
    const char* uname;
    const char* architecture;
  };
  constexpr Machine kMachines[] = {
      {"x86_64", "amd64"}, {"aarch64", "arm64"},   {"arm64", "arm64"}, {"armv7l", "arm/v7"},
      {"i686", "386"},     {"ppc64le", "ppc64le"}, {"s390x", "s390x"}, {"riscv64", "riscv64"}};
  utsname name = {};
  uname(&name);
  const std::string machine = name.machine;
  for (const Machine& row : kMachines) {
    if (machine == row.uname) return std::string("linux/") + row.architecture;
  }
  return "linux/" + machine;
}

bool PlatformFits(const std::string& wanted, const std::string& platform) {
  return platform == wanted || platform.starts_with(wanted + "/") ||
         (!platform.empty() && wanted.starts_with(platform + "/"));
}

Candidate SelectImage(const Archive& archive, const Documents& documents,
                      const Reference& reference, const OpenOptions& options) {
  const bool oci_asked = reference.transport == "oci" || reference.transport == "oci-archive";
  const bool docker = !documents.docker.empty() && !oci_asked;
  const Candidates& offered = docker ? documents.docker : documents.oci;
  if (offered.empty()) throw Error(ErrorCode::kNotAnImage, "holds no image");
  const Candidates named = Named(offered, reference);
  if (named.empty()) {
    const std::string list = Listed(offered, reference, docker);
    throw Error(ErrorCode::kNotFound,
                "holds no image of that name" + (list.empty() ? "" : "; it holds " + list));
  }
  std::set<std::string> distinct;
  for (const Candidate& image : named) {
    distinct.insert(docker ? image.config : image.top.empty() ? image.config : image.top);
  }
  if (distinct.size() > 1) {
    const std::string list = Listed(named, reference, docker);
    throw Error(ErrorCode::kSeveralImages, "holds " + std::to_string(distinct.size()) +
                                               " images; name one of them" +
                                               (list.empty() ? "" : ": " + list));
  }
  if (!docker) return ChoosePlatform(archive, named, options);
  // The containerd store lists the host's platform alone in manifest.json; the others stand in
  // index.json.
  const Candidate& image = named[0];
  const std::string platform = PlatformOf(archive, image, options.limits);
  if (options.platform.empty() || PlatformFits(options.platform, platform)) return image;
  const Candidates others = Named(documents.oci, reference);
  return ChoosePlatform(archive, others.empty() ? named : others, options);
}

}  // namespace watertight
