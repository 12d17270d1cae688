#include "framework/image/select.h"

#include <sys/utsname.h>

#include <algorithm>
#include <map>
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

// What a name means: one image, in one variant for each platform.
std::vector<Candidates> GroupsOf(const Candidates& images, bool docker) {
  std::vector<Candidates> groups;
  std::map<std::string, std::size_t> known;
  for (const Candidate& image : images) {
    const std::string& key = docker || image.top.empty() ? image.config : image.top;
    const auto [it, first] = known.try_emplace(key, groups.size());
    if (first) groups.emplace_back();
    groups[it->second].push_back(image);
  }
  return groups;
}

// Some tools list the platforms of one image in index.json itself.
bool IsOneForSeveralPlatforms(const std::vector<Candidates>& groups) {
  std::set<std::string> platforms;
  for (const Candidates& group : groups) {
    const bool stated = group.size() == 1 && !group[0].platform.empty();
    if (!stated || group[0].names != groups[0][0].names) return false;
    if (!platforms.insert(group[0].platform).second) return false;
  }
  return true;
}

// What stands before the name of an image, so that the whole can be opened. Bytes in memory have no
// path: there the name alone goes into the options.
std::string BeforeName(const Reference& reference, bool docker) {
  if (reference.path.empty()) return "";
  const std::string transport = docker                         ? "docker-archive:"
                                : reference.transport == "oci" ? "oci:"
                                                               : "oci-archive:";
  return transport + Printable(reference.path) + ":";
}

std::string Listed(const std::vector<Candidates>& groups, const Reference& reference, bool docker) {
  constexpr std::size_t kMostListed = 10;
  const std::string before = BeforeName(reference, docker);
  std::string list;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == kMostListed) return list + " and " + std::to_string(groups.size() - i) + " more";
    const std::vector<std::string>& names = groups[i][0].names;
    list += (list.empty() ? "" : ", ") + before +
            (names.empty() ? "@" + std::to_string(i) : Printable(names[0]));
  }
  return list;
}

// The groups with a fitting name; of the number that a reference gives, one. manifest.json is
// counted by its entries, index.json by its descriptors.
std::vector<Candidates> Named(const Candidates& images, const Reference& reference, bool docker) {
  std::vector<Candidates> groups = GroupsOf(images, docker);
  if (reference.index) {
    const std::size_t index = *reference.index;
    if (docker && index < images.size()) return GroupsOf({images[index]}, docker);
    if (docker || index >= groups.size()) return {};
    return {groups[index]};
  }
  if (reference.tag.empty()) return groups;
  std::erase_if(groups, [&](const Candidates& group) {
    return std::none_of(group.begin(), group.end(),
                        [&](const Candidate& image) { return HasName(image, reference.tag); });
  });
  return groups;
}

Candidates Flat(const std::vector<Candidates>& groups) {
  Candidates images;
  for (const Candidates& group : groups) images.insert(images.end(), group.begin(), group.end());
  return images;
}

// The image that several entries lead to, with the names of all.
Candidate Merged(const Candidates& images) {
  Candidate merged = images[0];
  merged.names.clear();
  std::set<std::string> known;
  for (const Candidate& image : images) {
    for (const std::string& name : image.names) {
      if (known.insert(name).second) merged.names.push_back(name);
    }
  }
  return merged;
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
  if (offered.empty() && !documents.absent.empty()) {
    throw Error(ErrorCode::kMissingBlob,
                "does not hold what index.json lists: " + documents.absent);
  }
  if (offered.empty()) {
    const bool other = oci_asked && !documents.docker.empty();
    throw Error(ErrorCode::kNotAnImage,
                other ? "holds no OCI layout; it is a docker-archive" : "holds no image");
  }
  const std::vector<Candidates> named = Named(offered, reference, docker);
  if (named.empty()) {
    const std::string by = reference.index ? "number" : "name";
    throw Error(ErrorCode::kNotFound, "holds no image of that " + by + "; it holds " +
                                          Listed(GroupsOf(offered, docker), reference, docker));
  }
  if (named.size() > 1 && (docker || !IsOneForSeveralPlatforms(named))) {
    throw Error(ErrorCode::kSeveralImages,
                "holds " + std::to_string(named.size()) + " images; name one of them" +
                    (reference.path.empty() ? " in OpenOptions::image: " : ": ") +
                    Listed(named, reference, docker));
  }
  if (!docker) return ChoosePlatform(archive, Flat(named), options);
  // The containerd store lists the host's platform alone in manifest.json; the others stand in
  // index.json.
  const Candidate image = Merged(named[0]);
  const std::string platform = PlatformOf(archive, image, options.limits);
  if (options.platform.empty() || PlatformFits(options.platform, platform)) return image;
  Reference same = reference;
  same.index.reset();
  if (!image.names.empty()) same.tag = image.names[0];
  const std::vector<Candidates> others = Named(documents.oci, same, false);
  return ChoosePlatform(archive, Flat(others.empty() ? named : others), options);
}

}  // namespace watertight
