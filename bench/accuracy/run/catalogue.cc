#include "bench/accuracy/run/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "bench/accuracy/run/files.h"
#include "framework/image/json.h"
#include "framework/image/sha256.h"
#include "watertight/error.h"

namespace watertight::bench {

std::set<Layout> Catalogue::Layouts() const {
  std::set<Layout> layouts;
  for (const CatalogueImage& image : images) layouts.insert(image.layout);
  return layouts;
}

Catalogue ReadCatalogue(const std::string& folder) {
  const std::string path = folder + "/catalogue.json";
  const std::string bytes = ReadFile(path);
  std::vector<Note> notes;
  const Json json = ParseJson(bytes, path, &notes);
  const JsonObject object(json, path);
  Catalogue catalogue;
  catalogue.folder = folder;
  catalogue.seed = object.String("seed");
  catalogue.sha256 = Sha256Digest(bytes).substr(7);
  for (const JsonObject& row : object.Objects("fixtures")) {
    catalogue.images.push_back({row.String("fixture"),
                                {row.String("builder"), row.String("archive")},
                                row.String("file"),
                                row.String("sha256")});
  }
  return catalogue;
}

namespace {

// A second name of a file, or a copy where there can be none.
std::string LinkTo(const std::string& file, const std::string& target) {
  std::error_code error;
  MakeFolder(std::filesystem::path(target).parent_path().string());
  std::filesystem::remove(target, error);
  std::filesystem::create_hard_link(file, target, error);
  if (error) std::filesystem::copy_file(file, target, error);
  if (error) throw Error(ErrorCode::kIo, target + ": " + error.message());
  return target;
}

}  // namespace

ImageShelf::ImageShelf(std::string folder, std::string trees)
    : folder_(std::move(folder)), trees_(std::move(trees)) {}

PreparedImage ImageShelf::Prepare(const std::string& file, const std::string& view,
                                  const std::string& as) const {
  PreparedImage prepared;
  prepared.archive = folder_ + "/" + file;
  std::error_code error;
  try {
    const Image image = Image::Open(prepared.archive);
    prepared.facts = FactsOf(image);
    if (view == "image") {
      if (!as.empty()) prepared.archive = LinkTo(prepared.archive, FolderOf(view) + "/" + as);
      return prepared;
    }
    prepared.tree = FolderOf(view) + "/" + (as.empty() ? file : as);
    std::filesystem::remove_all(prepared.tree, error);
    prepared.origins = WriteTree(image, view, prepared.tree);
  } catch (const Error& failed) {
    prepared.problem = failed.what();
  }
  return prepared;
}

const PreparedImage& ImageShelf::Get(const std::string& file, const std::string& view,
                                     const std::string& as) {
  Slot* slot = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    slot = &slots_[view + "/" + file + "/" + as];
  }
  std::call_once(slot->once, [&] { slot->image = Prepare(file, view, as); });
  return slot->image;
}

}  // namespace watertight::bench
