#include "watertight/generator.h"

#include <string_view>
#include <utility>

#include "generator/archives/archive.h"
#include "generator/build/build.h"
#include "generator/build/context_directory.h"
#include "generator/builders/builder.h"
#include "generator/dockerfile/platform.h"
#include "generator/error.h"

namespace watertight {
namespace {

generator::Context ContextOf(const std::vector<BuildFile>& files) {
  constexpr std::pair<BuildFileType, generator::FileType> kTypes[] = {
      {BuildFileType::kFile, generator::FileType::kRegular},
      {BuildFileType::kDirectory, generator::FileType::kDirectory},
      {BuildFileType::kSymlink, generator::FileType::kSymlink}};
  std::vector<generator::ContextFile> context;
  context.reserve(files.size());
  for (const BuildFile& file : files) {
    context.push_back({file.path, file.content, {.mode = file.mode}});
    for (const auto& [type, known] : kTypes) {
      if (type == file.type) context.back().options.type = known;
    }
  }
  return generator::MemoryContext(std::move(context));
}

generator::BuildRequest RequestOf(const BuildOptions& options) {
  generator::BuildRequest request;
  request.arguments.values = options.build_args;
  request.arguments.target = options.target;
  if (!options.platform.empty()) {
    request.arguments.target_platform = generator::ParsePlatform(options.platform);
  }
  request.secrets = options.secrets;
  request.urls = options.urls;
  request.builder = options.builder;
  request.store = generator::StoreOf(options.archive);
  request.provenance = generator::ProvenanceOf(options.provenance, options.archive);
  request.clock = options.clock;
  request.names = options.tags;
  return request;
}

std::optional<generator::Compression> CompressionOf(const std::string& name) {
  constexpr std::pair<std::string_view, generator::Compression> kNames[] = {
      {"none", generator::Compression::kNone},
      {"gzip", generator::Compression::kGzip},
      {"zstd", generator::Compression::kZstd}};
  if (name.empty()) return std::nullopt;
  for (const auto& [known, compression] : kNames) {
    if (name == known) return compression;
  }
  throw generator::Error("unknown compression \"" + name + "\"; there are none, gzip, zstd");
}

BuiltArchive BuildAndSave(const generator::BuildRequest& request, const BuildOptions& options) {
  const generator::ArchiveOptions saving{.compression = CompressionOf(options.compression),
                                         .clock = options.clock};
  generator::BuiltImage image = generator::Build(request);
  const generator::Archive archive =
      generator::WriteArchive(options.archive, {std::move(image.saved)}, saving);
  return {.bytes = std::make_shared<const std::string>(generator::ToTar(archive).ToString()),
          .image_id = archive.images.front().id,
          .warnings = std::move(image.warnings)};
}

template <typename Action>
BuiltArchive Translated(const Action& action) {
  try {
    return action();
  } catch (const generator::Error& error) {
    throw BuildError(error.what(), error.line());
  }
}

}  // namespace

BuiltArchive Build(const std::string& dockerfile, const std::vector<BuildFile>& context,
                   const BuildOptions& options) {
  return Translated([&] {
    generator::BuildRequest request = RequestOf(options);
    request.dockerfile = dockerfile;
    request.context = ContextOf(context);
    return BuildAndSave(request, options);
  });
}

BuiltArchive BuildFolder(const std::string& folder, const BuildOptions& options) {
  return Translated([&] {
    generator::BuildRequest request = RequestOf(options);
    request.path = options.dockerfile.empty() ? folder + "/Dockerfile" : options.dockerfile;
    const std::optional<std::string> text = generator::ReadDiskFile(request.path);
    if (!text) throw generator::Error("no such file").In(request.path);
    request.dockerfile = *text;
    request.context = generator::DirectoryContext(folder);
    return BuildAndSave(request, options);
  });
}

std::vector<std::string> BuilderNames() {
  std::vector<std::string> names;
  for (const generator::Builder& builder : generator::Builders()) names.emplace_back(builder.name);
  return names;
}

std::vector<std::string> ArchiveNames() {
  std::vector<std::string> names;
  for (const generator::ArchiveWriter& writer : generator::ArchiveWriters()) {
    names.emplace_back(writer.name);
  }
  return names;
}

void PrintTo(const BuiltArchive& archive, std::ostream* out) {
  constexpr std::size_t kShortId = 19;  // "sha256:" and twelve digits
  *out << archive.image_id.substr(0, kShortId) << ", "
       << (archive.bytes == nullptr ? 0 : archive.bytes->size()) << " bytes";
}

}  // namespace watertight
