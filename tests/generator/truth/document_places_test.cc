#include "generator/truth/document_places.h"

#include <gmock/gmock.h>

#include <utility>

#include "generator/archives/sha256.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

std::string BlobName(const std::string& bytes) { return "blobs/sha256/" + Sha256Hex(bytes); }

TarEntry File(std::string name, std::string content) {
  TarEntry entry;
  entry.name = std::move(name);
  entry.content = Rope(std::move(content));
  return entry;
}

// A layout whose index leads to a manifest, and that to `config` and `layer`.
struct Layout {
  explicit Layout(const std::string& config, const std::string& layer = "") {
    const std::string layers =
        layer.empty() ? "[]" : R"([{"digest": "sha256:)" + Sha256Hex(layer) + R"("}])";
    const std::string manifest = R"({"config": {"digest": "sha256:)" + Sha256Hex(config) +
                                 R"("}, "layers": )" + layers + R"(, "annotations": {"x": "y"}})";
    archive.entries = {File("index.json", R"({"manifests": [{"digest": "sha256:)" +
                                              Sha256Hex(manifest) + R"("}]})"),
                       File(BlobName(manifest), manifest), File(BlobName(config), config)};
    if (!layer.empty()) archive.entries.push_back(File(BlobName(layer), layer));
    archive.images.push_back({"sha256:" + Sha256Hex(config), BlobName(config), {}});
  }

  Archive archive;
};

std::vector<std::string> Rows(const Archive& archive, const std::string& carrier) {
  std::vector<std::string> rows;
  for (const ArchiveText& text : TextsOf(archive, {})) {
    if (text.carrier == carrier) rows.push_back(text.field.value_or("-") + "=" + text.text);
  }
  return rows;
}

TEST(DocumentPlaces, NamesFieldsFromTheRoot) {
  const Layout layout(
      "{\"config\": {\"Env\": [\"A=1\", \"B=\\u00e9\"], \"Labels\": {\"a.b\": \"c\", \"q\\\"\": "
      "\"d\", \"bare-1_\": 5}}}");
  EXPECT_THAT(
      Rows(layout.archive, "config"),
      ElementsAre("config=config", "config.Env=Env", "config.Env[0]=A=1",
                  "config.Env[1]=B=\xc3\xa9", "config.Labels=Labels", "config.Labels[\"a.b\"]=a.b",
                  "config.Labels[\"a.b\"]=c", "config.Labels[\"q\\\"\"]=q\"",
                  "config.Labels[\"q\\\"\"]=d", "config.Labels.bare-1_=bare-1_"));
}

TEST(DocumentPlaces, TellsCarriersByReach) {
  Layout layout(R"({"history": [{"created_by": "RUN x"}]})",
                R"({"predicateType": "p", "predicate": {"a": "b"}})");
  layout.archive.entries.push_back(File("orphan", R"({"id": "v1"})"));
  layout.archive.entries.push_back(File("oci-layout", R"({"imageLayoutVersion": "1.0.0"})"));
  EXPECT_THAT(Rows(layout.archive, "history"),
              ElementsAre("history[0].created_by=created_by", "history[0].created_by=RUN x"));
  EXPECT_THAT(Rows(layout.archive, "config"), ElementsAre("history=history"));
  EXPECT_THAT(Rows(layout.archive, "annotation"),
              ElementsAre("annotations=annotations", "annotations.x=x", "annotations.x=y"));
  EXPECT_THAT(Rows(layout.archive, "attestation"),
              ElementsAre("predicateType=predicateType", "predicateType=p", "predicate=predicate",
                          "predicate.a=a", "predicate.a=b"));
  EXPECT_THAT(Rows(layout.archive, "blob"), ElementsAre(R"(-={"id": "v1"})"));
  EXPECT_THAT(Rows(layout.archive, "manifest"), IsSupersetOf({"imageLayoutVersion=1.0.0"}));
}

TEST(DocumentPlaces, TakesWhatIsNoJsonAsItIs) {
  Layout layout("{}", "no JSON");
  EXPECT_THAT(Rows(layout.archive, "blob"), ElementsAre("-=no JSON"));
}

}  // namespace
}  // namespace watertight::generator
