// Writes what a JSON document describes: the generator's writers as a program, so that independent
// scripts can feed it and compare what it writes.
//
//   save archive SPEC OUTPUT   an archive of images
//   save tar SPEC OUTPUT       a tar of entries
//   save gzip|zstd INPUT OUTPUT
//
// Texts that may be no UTF-8 are in hex. A file is {"file": PATH, "offset": N, "length": N}.

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "generator/archives/archive.h"
#include "generator/archives/archive_file.h"
#include "generator/archives/gzip.h"
#include "generator/archives/json.h"
#include "generator/archives/tar_writer.h"
#include "generator/archives/zstd.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

Json ReadSpec(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return ParseJson(bytes.str(), path);
}

std::int64_t NumberOf(const Json& object, const char* key, std::int64_t otherwise = 0) {
  const Json* value = object.Find(key);
  return value == nullptr ? otherwise : std::strtoll(value->text().c_str(), nullptr, 10);
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::strtol(hex.substr(i, 2).c_str(), nullptr, 16));
  }
  return bytes;
}

Rope FileOf(const Json* part) {
  Rope rope;
  if (part == nullptr) return rope;
  const std::string path = part->TextOf("file");
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path));
  rope.AppendFile(path, static_cast<std::uint64_t>(NumberOf(*part, "offset")),
                  static_cast<std::uint64_t>(NumberOf(*part, "length", size)));
  return rope;
}

std::optional<Compression> CompressionOf(const std::string& name) {
  static const std::map<std::string, Compression> names = {
      {"none", Compression::kNone}, {"gzip", Compression::kGzip}, {"zstd", Compression::kZstd}};
  const auto found = names.find(name);
  if (found == names.end()) return std::nullopt;
  return found->second;
}

Maker MakerOf(const std::string& name) {
  static const std::map<std::string, Maker> names = {{"buildkit", Maker::kBuildkit},
                                                     {"classic", Maker::kClassic},
                                                     {"import", Maker::kImport},
                                                     {"buildah", Maker::kBuildah},
                                                     {"kaniko", Maker::kKaniko}};
  return names.at(name);
}

std::vector<Json> ItemsOf(const Json& object, const char* key) {
  const Json* list = object.Find(key);
  return list == nullptr ? std::vector<Json>() : list->items();
}

std::map<std::string, std::string> TextsOf(const Json& object, const char* key) {
  std::map<std::string, std::string> texts;
  if (const Json* map = object.Find(key)) {
    for (const auto& [name, value] : map->members()) texts[name] = value.text();
  }
  return texts;
}

SavedImage ImageOf(const Json& spec) {
  SavedImage image;
  for (const Json& name : ItemsOf(spec, "names")) image.names.push_back(name.text());
  image.config = FileOf(spec.Find("config")).ToString();
  image.maker = MakerOf(spec.TextOf("maker"));
  for (const Json& layer : ItemsOf(spec, "layers")) {
    SavedLayer saved{FileOf(layer.Find("tar")), layer.TextOf("diff_id"), std::nullopt};
    if (const Json* stored = layer.Find("stored")) {
      saved.stored = StoredBlob{FileOf(stored), layer.TextOf("digest"),
                                CompressionOf(layer.TextOf("compression")).value()};
    }
    image.layers.push_back(std::move(saved));
  }
  for (const Json& attestation : ItemsOf(spec, "attestations")) {
    image.attestations.push_back(
        {attestation.TextOf("type"), FileOf(attestation.Find("predicate")).ToString()});
  }
  image.manifest_annotations = TextsOf(spec, "manifest_annotations");
  image.index_annotations = TextsOf(spec, "index_annotations");
  return image;
}

void SaveImages(const std::string& spec_path, const std::string& output) {
  const Json spec = ReadSpec(spec_path);
  std::vector<SavedImage> images;
  for (const Json& image : ItemsOf(spec, "images")) images.push_back(ImageOf(image));
  ArchiveOptions options;
  options.compression = CompressionOf(spec.TextOf("compression"));
  options.clock = NumberOf(spec, "clock", options.clock);
  SaveArchive(output, WriteArchive(spec.TextOf("writer"), images, options));
}

TarEntry EntryOf(const Json& spec) {
  TarEntry entry;
  entry.name = FromHex(spec.TextOf("name"));
  entry.type = spec.TextOf("type").front();
  entry.mode = static_cast<std::uint32_t>(NumberOf(spec, "mode"));
  entry.uid = NumberOf(spec, "uid");
  entry.gid = NumberOf(spec, "gid");
  entry.uname = FromHex(spec.TextOf("uname"));
  entry.gname = FromHex(spec.TextOf("gname"));
  entry.mtime = NumberOf(spec, "mtime");
  entry.link = FromHex(spec.TextOf("link"));
  entry.device_major = static_cast<std::uint32_t>(NumberOf(spec, "major"));
  entry.device_minor = static_cast<std::uint32_t>(NumberOf(spec, "minor"));
  for (const auto& [key, value] : TextsOf(spec, "pax")) entry.pax[FromHex(key)] = FromHex(value);
  entry.content = FileOf(spec.Find("content"));
  return entry;
}

void SaveTar(const std::string& spec_path, const std::string& output) {
  const Json spec = ReadSpec(spec_path);
  std::vector<TarEntry> entries;
  for (const Json& entry : ItemsOf(spec, "entries")) entries.push_back(EntryOf(entry));
  static const std::map<std::string, TarForm> forms = {
      {"go", TarForm::kGo}, {"gnu", TarForm::kGnu}, {"python", TarForm::kPython}};
  const TarOptions options{forms.at(spec.TextOf("form")),
                           static_cast<std::uint64_t>(NumberOf(spec, "record_size", 1024)), true};
  ReplaceFile(output, WriteTar(entries, options));
}

int Run(const std::string& what, const std::string& input, const std::string& output) {
  if (what == "archive") {
    SaveImages(input, output);
  } else if (what == "tar") {
    SaveTar(input, output);
  } else {
    Rope bytes;
    bytes.AppendFile(input, 0, std::filesystem::file_size(input));
    ReplaceFile(output, what == "gzip" ? Gzip(bytes, GzipStyle::kGo) : Zstd(bytes));
  }
  return 0;
}

}  // namespace
}  // namespace watertight::generator

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: save archive|tar|gzip|zstd INPUT OUTPUT\n";
    return 2;
  }
  try {
    return watertight::generator::Run(argv[1], argv[2], argv[3]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
