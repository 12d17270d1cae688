#include "framework/image/skopeo.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/image/documents.h"
#include "framework/image/json.h"
#include "framework/image/packed_layout.h"
#include "framework/image/path.h"
#include "framework/image/select.h"
#include "framework/image/sha256.h"
#include "framework/image/skopeo_runs.h"
#include "watertight/error.h"

namespace watertight {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr char kReferenceType[] = "vnd.docker.reference.type";
constexpr char kReferenceDigest[] = "vnd.docker.reference.digest";
constexpr int kMostNested = 4;  // indexes of indexes

// "app" of "reg.example.com:5000/team/app:ci"; what a folder may be called.
std::string ShortName(const std::string& name) {
  std::string last = name.substr(name.rfind('/') + 1);
  last = last.substr(0, last.find_first_of(":@"));
  const bool plain =
      last.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
  return last.empty() || !plain || last.front() == '-' || last.front() == '.' ? "image" : last;
}

// The name without tag and digest.
std::string Repository(const std::string& name) {
  const std::string without = name.substr(0, name.find('@'));
  const std::size_t slash = without.rfind('/');
  const std::size_t colon = without.find(':', slash == std::string::npos ? 0 : slash);
  return without.substr(0, colon);
}

bool IsIndex(const Descriptor& descriptor) {
  return descriptor.media_type.find("image.index") != std::string::npos ||
         descriptor.media_type.find("manifest.list") != std::string::npos;
}

Descriptor DescribeManifest(const std::string& text) {
  std::vector<Note> notes;
  const Json json = ParseJson(text, "manifest.json", &notes);
  Descriptor descriptor;
  descriptor.digest = Sha256Digest(text);
  descriptor.size = text.size();
  descriptor.media_type = JsonObject(json, "manifest.json").String("mediaType");
  return descriptor;
}

// Fetches one image into a layout like those of oci:, and keeps every document as it was.
class Fetch {
 public:
  Fetch(const Reference& reference, const OpenOptions& options)
      : transport_(reference.transport),
        name_(reference.name),
        options_(options),
        skopeo_(reference.transport != "docker", options) {}

  Archive Run() {
    Descriptor top;
    if (transport_ == "docker") {
      const std::string source = "docker://" + name_;
      std::string manifest = skopeo_.Inspect(source);
      top.digest = Sha256Digest(manifest);
      Take(manifest, source, &top, 0);
    } else {
      top = CopyImage(transport_ + ":" + name_, 0);
    }
    const std::string index = IndexOf(top);
    layout_.AddText("index.json", index, {{"printf", "%s", index}});
    const std::string layout = R"({"imageLayoutVersion":"1.0.0"})";
    layout_.AddText("oci-layout", layout, {{"printf", "%s", layout}});
    if (options_.progress) options_.progress(1, 1);
    return layout_.Finish();
  }

 private:
  std::string ByDigest(const std::string& digest) const {
    return "docker://" + Repository(name_) + "@" + digest;
  }

  // A manifest or an index of a registry, whose bytes are there, and what belongs to it.
  void Take(const std::string& manifest, const std::string& source, Descriptor* descriptor,
            int depth) {
    std::vector<Note> notes;
    const Json json = ParseJson(manifest, Printable(source), &notes);
    const JsonObject object(json, Printable(source));
    descriptor->media_type = object.String("mediaType");
    descriptor->size = manifest.size();
    if (!json.contains("manifests")) {
      CopyImage(ByDigest(descriptor->digest), SizeOfLayers(object));
      return;
    }
    if (descriptor->media_type.empty())
      descriptor->media_type = "application/vnd.oci.image.index.v1+json";
    if (depth > kMostNested) {
      throw Error(ErrorCode::kLimitExceeded, "image indexes are nested too deeply");
    }
    layout_.AddText(BlobPath(descriptor->digest), manifest,
                    {{"skopeo", "inspect", "--raw", ByDigest(descriptor->digest)}});
    for (Descriptor& child : Wanted(object)) {
      const std::string from = ByDigest(child.digest);
      if (IsIndex(child)) {
        Take(skopeo_.Inspect(from), from, &child, depth + 1);
      } else {
        CopyImage(from, 0);
      }
    }
  }

  static std::uint64_t SizeOfLayers(const JsonObject& manifest) {
    std::uint64_t size = 0;
    for (const JsonObject& layer : manifest.Objects("layers")) {
      size += static_cast<std::uint64_t>(std::max<std::int64_t>(layer.Integer("size"), 0));
    }
    return size;
  }

  // Of an index, the image of the platform, and the attestations about it.
  std::vector<Descriptor> Wanted(const JsonObject& index) const {
    std::vector<Descriptor> images;
    std::vector<Descriptor> attestations;
    std::string platforms;
    for (const JsonObject& item : index.Objects("manifests")) {
      Descriptor descriptor = ParseDescriptor(item);
      if (descriptor.annotations.count(kReferenceType) != 0) {
        attestations.push_back(std::move(descriptor));
        continue;
      }
      const std::string& platform = descriptor.platform;
      platforms +=
          (platforms.empty() ? "" : ", ") + (platform.empty() ? "none" : Printable(platform));
      images.push_back(std::move(descriptor));
    }
    std::vector<Descriptor> wanted = OfPlatform(images);
    if (wanted.empty()) {
      throw Error(ErrorCode::kNotFound, "holds no image for " + Printable(Platform()) +
                                            "; it holds " + platforms +
                                            " (choose with --platform)");
    }
    std::set<std::string> digests;
    for (const Descriptor& descriptor : wanted) digests.insert(descriptor.digest);
    for (Descriptor& attestation : attestations) {
      const auto subject = attestation.annotations.find(kReferenceDigest);
      if (subject == attestation.annotations.end() || digests.count(subject->second) == 0) continue;
      wanted.push_back(std::move(attestation));
    }
    return wanted;
  }

  std::string Platform() const {
    return options_.platform.empty() ? HostPlatform() : options_.platform;
  }

  std::vector<Descriptor> OfPlatform(const std::vector<Descriptor>& images) const {
    for (const Descriptor& image : images) {
      if (PlatformFits(Platform(), image.platform)) return {image};
    }
    // Where nothing is said, SelectImage reads it in the configurations.
    std::vector<Descriptor> silent;
    std::copy_if(images.begin(), images.end(), std::back_inserter(silent),
                 [](const Descriptor& image) { return image.platform.empty(); });
    if (options_.platform.empty() && images.size() == 1) return images;
    return silent;
  }

  // All files of one image, by digest.
  Descriptor CopyImage(const std::string& source, std::uint64_t total) {
    const std::string copy = skopeo_.Copy(source, total);
    const std::string shown = ShortName(name_) + ".dir";
    Words command = {"skopeo", "copy", "--quiet", source, "dir:" + shown};
    Descriptor descriptor;
    std::error_code error;
    for (const fs::directory_entry& file : fs::directory_iterator(copy, error)) {
      const std::string name = file.path().filename().string();
      if (name == "version") continue;
      std::string path = BlobPath((name.size() == 128 ? "sha512:" : "sha256:") + name);
      if (name == "manifest.json") {
        descriptor =
            DescribeManifest(ReadAll(*OpenFile(file.path().string()), options_.limits.json_bytes));
        path = BlobPath(descriptor.digest);
      }
      if (!packed_.insert(path).second) continue;
      layout_.AddFile(path, file.path().string(), {command, {"cat", shown + "/" + name}});
    }
    if (error)
      throw Error(ErrorCode::kIo, "what skopeo wrote cannot be listed: " + error.message());
    return descriptor;
  }

  // What leads to the manifest, in a layout.
  std::string IndexOf(const Descriptor& top) const {
    Json entry = {
        {"mediaType",
         top.media_type.empty() ? "application/vnd.oci.image.manifest.v1+json" : top.media_type},
        {"digest", top.digest},
        {"size", top.size}};
    if (name_.find('@') == std::string::npos) {
      entry["annotations"] = {{"io.containerd.image.name", ToUtf8(name_)}};
    }
    return Json{{"schemaVersion", 2}, {"manifests", Json::array({entry})}}.dump();
  }

  std::string transport_;
  std::string name_;
  const OpenOptions& options_;
  SkopeoRuns skopeo_;
  PackedLayout layout_;
  std::set<std::string> packed_;
};

}  // namespace

Archive CopyWithSkopeo(const Reference& reference, const OpenOptions& options) {
  return Fetch(reference, options).Run();
}

}  // namespace watertight
