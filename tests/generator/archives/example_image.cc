#include "tests/generator/archives/example_image.h"

#include "generator/archives/sha256.h"

namespace watertight::testing {
namespace {

using generator::Digest;
using generator::Rope;
using generator::SavedImage;
using generator::SavedLayer;
using generator::TarEntry;
using generator::WriteTar;

TarEntry Entry(const std::string& name, char type, std::uint32_t mode, const std::string& content) {
  TarEntry entry;
  entry.name = name;
  entry.type = type;
  entry.mode = mode;
  entry.mtime = 1600000000;
  entry.content = Rope(content);
  return entry;
}

SavedLayer Layer(const std::vector<TarEntry>& entries) {
  const Rope tar = WriteTar(entries, {});
  return {tar, Digest(tar), std::nullopt};
}

SavedImage ImageWithEnv(const std::vector<std::string>& names, const std::string& value) {
  std::string words;
  for (int i = 0; i < 5000; ++i) words += "word" + std::to_string(i * i) + (i % 9 ? " " : "\n");
  const SavedLayer files =
      Layer({Entry("app/", '5', 0755, ""), Entry("app/secret.txt", '0', 0600, kExampleSecret),
             Entry("app/words.txt", '0', 0644, words)});
  const SavedLayer removal =
      Layer({Entry("app/", '5', 0755, ""), Entry("app/.wh.secret.txt", '0', 0600, "")});
  SavedImage image;
  image.names = names;
  image.layers = {files, removal, removal};
  std::string diff_ids;
  for (const SavedLayer& layer : image.layers) {
    diff_ids += (diff_ids.empty() ? "\"" : ",\"") + layer.diff_id + "\"";
  }
  const std::string step = R"({"created":"2026-01-02T03:04:05.5Z","created_by":")";
  const std::string by = R"( # buildkit","comment":"buildkit.dockerfile.v0"})";
  image.config =
      R"({"architecture":"amd64","config":{"Env":["PATH=/bin","K=)" + value +
      R"("],"Cmd":["/bin/app","--x\u003c1"],"WorkingDir":"/"},"created":"2026-01-02T03:04:05.5Z",)"
      R"("history":[)" +
      step + "COPY app /app" + by + "," + step + "RUN rm /app/secret.txt" + by + "," + step +
      "RUN rm /app/secret.txt" + by +
      R"(],"os":"linux","rootfs":{"type":"layers",)"
      R"("diff_ids":[)" +
      diff_ids + "]}}";
  return image;
}

}  // namespace

SavedImage ExampleImage(const std::vector<std::string>& names) {
  return ImageWithEnv(names, "caf\xc3\xa9");
}

SavedImage RelatedImage(const std::vector<std::string>& names) {
  return ImageWithEnv(names, "other");
}

}  // namespace watertight::testing
