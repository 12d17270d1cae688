#include "generator/build/bases.h"

#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "generator/archives/clock.h"
#include "generator/archives/json.h"
#include "generator/build/base_stage.h"
#include "generator/build/build.h"
#include "generator/build/embedded_files.h"
#include "generator/build/mtree.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kMtree = ".mtree";

struct Base {
  BaseSummary summary;
  std::string builder;
  std::int64_t clock = 0;
  std::map<std::string, std::string> files;  // by path in its folder
  std::optional<BaseImage> image;            // once it was built
};

std::vector<std::string> Texts(const Json& document, std::string_view key) {
  std::vector<std::string> texts;
  if (const Json* list = document.Find(key)) {
    for (const Json& item : list->items()) texts.push_back(item.text());
  }
  return texts;
}

std::vector<Base> ReadBases() {
  std::map<std::string, Base> bases;
  for (const EmbeddedFile& file : BaseFiles()) {
    const size_t slash = file.path.find('/');
    Base& base = bases[std::string(file.path.substr(0, slash))];
    base.files.emplace(file.path.substr(slash + 1), file.content);
  }
  std::vector<Base> list;
  for (auto& [name, base] : bases) {
    const Json document = ParseJson(base.files.at("base.json"), name + "/base.json");
    base.summary = {name, document.TextOf("about"), Texts(document, "names")};
    base.builder = document.TextOf("builder");
    base.clock = SecondsOf(document.TextOf("created")).value_or(kDefaultClock);
    const std::string others = document.TextOf("files_of");
    if (!others.empty()) base.files.merge(std::map(bases.at(others).files));
    list.push_back(base);
  }
  return list;
}

// How much of the name the base's best pattern spells out; 0 for none that matches.
size_t Nearness(const Base& base, const std::string& name) {
  size_t nearness = 0;
  for (const std::string& pattern : base.summary.names) {
    if (fnmatch(pattern.c_str(), name.c_str(), 0) == 0)
      nearness = std::max(nearness, pattern.size());
  }
  return nearness;
}

// "docker.io/library/node:14-alpine@sha256:…" -> "node:14-alpine"
std::string ShortReference(std::string reference) {
  reference = reference.substr(0, reference.find('@'));
  for (const std::string_view prefix : {"docker.io/", "index.docker.io/", "library/"}) {
    if (reference.starts_with(prefix)) reference.erase(0, prefix.size());
  }
  const bool tagged = reference.find(':', reference.rfind('/') + 1) != reference.npos;
  return tagged ? reference : reference + ":latest";
}

BaseImage Built(const Base& base) {
  BuildRequest request;
  request.dockerfile = base.files.at("Dockerfile");
  request.path = "bases/" + base.summary.name + "/Dockerfile";
  request.builder = base.builder;
  request.clock = base.clock;
  const auto file = [&base](const std::string& name) { return base.files.at(name); };
  for (const auto& [path, content] : base.files) {
    if (path.ends_with(kMtree)) {
      const Rope tar = WriteTar(ReadMtree(content, base.clock, file), {});
      request.context.files.push_back(
          {path.substr(0, path.size() - kMtree.size()), tar.ToString()});
    } else {
      request.context.files.push_back({path, content});
    }
  }
  const BuiltImage built = Build(request);
  return {base.summary.names.front(), built.saved.config, built.saved.layers,
          EntriesOf(built.files)};
}

// Builds copy the tree, which is cheap, and not the list.
BaseImage WithTree(BaseImage image) {
  image.files = std::make_shared<const FileTree>(TreeOf(image));
  image.rootfs.clear();
  return image;
}

class Catalogue {
 public:
  std::optional<BaseImage> Find(const std::string& reference) {
    const std::string name = ShortReference(reference);
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    const auto nearest = std::ranges::max_element(
        bases_, {}, [&](const Base& base) { return Nearness(base, name); });
    if (Nearness(*nearest, name) == 0) return std::nullopt;
    if (!nearest->image) nearest->image = WithTree(Built(*nearest));
    return nearest->image;
  }

  const std::vector<Base>& bases() const { return bases_; }

 private:
  std::recursive_mutex mutex_;  // a base may begin with another base
  std::vector<Base> bases_ = ReadBases();
};

Catalogue& TheCatalogue() {
  static Catalogue catalogue;
  return catalogue;
}

}  // namespace

std::vector<BaseSummary> OwnBases() {
  std::vector<BaseSummary> summaries;
  for (const Base& base : TheCatalogue().bases()) summaries.push_back(base.summary);
  return summaries;
}

std::optional<BaseImage> OwnBase(const std::string& reference) {
  return TheCatalogue().Find(reference);
}

}  // namespace watertight::generator
