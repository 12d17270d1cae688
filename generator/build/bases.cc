#include "generator/build/bases.h"

#include <algorithm>
#include <map>
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
    list.push_back(std::move(base));
  }
  return list;
}

// `pattern` may hold one asterisk.
bool Matches(std::string_view pattern, std::string_view name) {
  const size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == name;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  return name.size() >= before.size() + after.size() && name.starts_with(before) &&
         name.ends_with(after);
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

class Catalogue {
 public:
  std::optional<BaseImage> Find(const std::string& reference) {
    const std::string name = ShortReference(reference);
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    for (Base& base : bases_) {
      const auto answers = [&](const std::string& each) { return Matches(each, name); };
      if (std::ranges::none_of(base.summary.names, answers)) continue;
      if (!base.image) base.image = Built(base);
      return base.image;
    }
    return std::nullopt;
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
