// Makes image archives in memory, in the layouts of every writer, for tests of readers. It shares
// no code with the library: what it writes is what the test states.
//
//   const MadeImage image = MakeImage({{{"a/", '5'}, {"a/x", '0', "one"}}});
//   WriteFile(path, MakeTar(DockerArchive(image)));

#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace watertight::testing {

using Json = nlohmann::ordered_json;

struct TarFile {
  std::string name;
  char type = '0';  // as in a tar header
  std::string content = {};
  std::string link = {};
  unsigned mode = 0644;
  std::string size_field = {};  // instead of the true size, to lie
};

// ustar, ended by two zero blocks.
std::string MakeTar(const std::vector<TarFile>& files);
// One header with its content and padding, without an end.
std::string MakeTarMember(const TarFile& file);

std::string Sha256Hex(const std::string& bytes);

// "gzip", "zstd", "xz", "bzip2", or "none". Requires: the program of that name.
std::string Compressed(const std::string& bytes, const std::string& program);

struct MadeImage {
  std::vector<std::string> layers;    // plain tars
  std::vector<std::string> diff_ids;  // "sha256:…"
  Json config;

  std::string config_json() const { return config.dump(); }
  std::string config_hex() const { return Sha256Hex(config_json()); }
  // Names the layers and their history anew, after `layers` changed.
  void Seal();
};

MadeImage MakeImage(const std::vector<std::vector<TarFile>>& layers);

// How a stored layer is made of its plain tar; the default leaves it as it is.
using Store = std::function<std::string(const std::string& tar)>;

// <config>.json, <diff_id>.tar, manifest.json.
std::vector<TarFile> DockerArchive(const MadeImage& image,
                                   const std::vector<std::string>& tags = {"made:v1"});

Json DescriptorOf(const std::string& bytes, const std::string& media_type);

// Files of an OCI layout, by path.
class OciLayout {
 public:
  OciLayout();

  // Adds the image's blobs; gives the descriptor of its manifest.
  Json AddImage(const MadeImage& image, const Store& store = {});
  // Adds any blob; gives its descriptor.
  Json AddBlob(const std::string& bytes, const std::string& media_type);
  // Adds an index of these descriptors as a blob; gives its descriptor.
  Json AddIndex(const std::vector<Json>& manifests,
                const std::string& media_type = "application/vnd.oci.image.index.v1+json");
  // index.json.
  void SetIndex(const std::vector<Json>& manifests);

  std::vector<TarFile>& files() { return files_; }

 private:
  std::vector<TarFile> files_;
};

constexpr char kOciManifest[] = "application/vnd.oci.image.manifest.v1+json";
constexpr char kOciLayer[] = "application/vnd.oci.image.layer.v1.tar";
constexpr char kOciConfig[] = "application/vnd.oci.image.config.v1+json";

}  // namespace watertight::testing
