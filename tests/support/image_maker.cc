#include "tests/support/image_maker.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

#include "tests/support/command.h"

namespace watertight::testing {
namespace {

constexpr std::size_t kBlock = 512;

void Put(std::string* header, std::size_t offset, const std::string& text) {
  header->replace(offset, text.size(), text);
}

std::string Octal(std::uint64_t value, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", digits, static_cast<unsigned long long>(value));
  return text.data();
}

}  // namespace

// POSIX.1-1988 ustar: name 0, mode 100, uid 108, gid 116, size 124, mtime 136, checksum 148, type
// 156, link 157, magic 257.
std::string MakeTarMember(const TarFile& file) {
  if (file.name.size() > 100 || file.link.size() > 100) throw std::runtime_error("name too long");
  std::string header(kBlock, '\0');
  Put(&header, 0, file.name);
  Put(&header, 100, Octal(file.mode, 7));
  Put(&header, 108, Octal(0, 7));
  Put(&header, 116, Octal(0, 7));
  Put(&header, 124, file.size_field.empty() ? Octal(file.content.size(), 11) : file.size_field);
  Put(&header, 136, Octal(1600000000, 11));
  Put(&header, 148, std::string(8, ' '));
  header[156] = file.type;
  Put(&header, 157, file.link);
  Put(&header, 257,
      std::string("ustar\0"
                  "00",
                  8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  Put(&header, 148, Octal(sum, 6) + '\0');
  std::string member = header + file.content;
  member.resize((member.size() + kBlock - 1) / kBlock * kBlock);
  return member;
}

std::string MakeTar(const std::vector<TarFile>& files) {
  std::string tar;
  for (const TarFile& file : files) tar += MakeTarMember(file);
  return tar + std::string(2 * kBlock, '\0');
}

std::string Sha256Hex(const std::string& bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string Compressed(const std::string& bytes, const std::string& program) {
  if (program == "none") return bytes;
  const CommandResult result = RunCommand(program + " -c", bytes);
  if (result.exit_code != 0) throw std::runtime_error(program + ": " + result.error);
  return result.output;
}

void MadeImage::Seal() {
  diff_ids.clear();
  Json history = Json::array();
  for (const std::string& layer : layers) {
    diff_ids.push_back("sha256:" + Sha256Hex(layer));
    history.push_back({{"created_by", "COPY " + std::to_string(diff_ids.size()) + " /"}});
  }
  config["rootfs"] = {{"type", "layers"}, {"diff_ids", diff_ids}};
  config["history"] = history;
}

MadeImage MakeImage(const std::vector<std::vector<TarFile>>& layers) {
  MadeImage image;
  for (const auto& files : layers) image.layers.push_back(MakeTar(files));
  image.config = {{"architecture", "amd64"},
                  {"os", "linux"},
                  {"created", "2022-03-07T08:51:00Z"},
                  {"config", {{"Env", {"PATH=/bin"}}}}};
  image.Seal();
  return image;
}

std::vector<TarFile> DockerArchive(const MadeImage& image, const std::vector<std::string>& tags) {
  std::vector<TarFile> files;
  Json names = Json::array();
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const std::string name = image.diff_ids[i].substr(7) + ".tar";
    names.push_back(name);
    const bool known = std::any_of(files.begin(), files.end(),
                                   [&](const TarFile& file) { return file.name == name; });
    if (!known) files.push_back({name, '0', image.layers[i]});
  }
  const std::string config = image.config_hex() + ".json";
  files.push_back({config, '0', image.config_json()});
  const Json manifest = {{{"Config", config}, {"RepoTags", tags}, {"Layers", names}}};
  files.push_back({"manifest.json", '0', manifest.dump()});
  return files;
}

Json DescriptorOf(const std::string& bytes, const std::string& media_type) {
  return {
      {"mediaType", media_type}, {"digest", "sha256:" + Sha256Hex(bytes)}, {"size", bytes.size()}};
}

OciLayout::OciLayout() {
  files_.push_back({"oci-layout", '0', R"({"imageLayoutVersion":"1.0.0"})"});
}

Json OciLayout::AddBlob(const std::string& bytes, const std::string& media_type) {
  const std::string name = "blobs/sha256/" + Sha256Hex(bytes);
  const bool known = std::any_of(files_.begin(), files_.end(),
                                 [&](const TarFile& file) { return file.name == name; });
  if (!known) files_.push_back({name, '0', bytes});
  return DescriptorOf(bytes, media_type);
}

Json OciLayout::AddImage(const MadeImage& image, const Store& store) {
  Json layers = Json::array();
  for (const std::string& layer : image.layers) {
    layers.push_back(AddBlob(store ? store(layer) : layer, kOciLayer));
  }
  const Json manifest = {{"schemaVersion", 2},
                         {"mediaType", kOciManifest},
                         {"config", AddBlob(image.config_json(), kOciConfig)},
                         {"layers", layers}};
  return AddBlob(manifest.dump(), kOciManifest);
}

Json OciLayout::AddIndex(const std::vector<Json>& manifests, const std::string& media_type) {
  const Json index = {{"schemaVersion", 2}, {"mediaType", media_type}, {"manifests", manifests}};
  return AddBlob(index.dump(), media_type);
}

void OciLayout::SetIndex(const std::vector<Json>& manifests) {
  const Json index = {{"schemaVersion", 2}, {"manifests", manifests}};
  files_.push_back({"index.json", '0', index.dump()});
}

}  // namespace watertight::testing
