#include "bench/accuracy/run/views.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "bench/accuracy/run/files.h"
#include "framework/image/path.h"
#include "framework/image/sha256.h"

namespace watertight::bench {
namespace {

constexpr std::size_t kShownDigits = 12;

class TreeWriter {
 public:
  explicit TreeWriter(std::string folder) : folder_(std::move(folder)) { MakeFolder(folder_); }

  // The later of two files of one path is the one that stays.
  template <typename Fill>
  void Write(const std::string& path, Origin origin, Fill fill) {
    const std::filesystem::path target = Place(path);
    if (target.empty()) return;
    std::ofstream file(target, std::ios::binary | std::ios::trunc);
    Sha256 hash;
    fill([&](std::string_view piece) {
      file.write(piece.data(), static_cast<std::streamsize>(piece.size()));
      hash.Update(piece);
    });
    file.close();
    if (file) Keep(path, std::move(origin), hash.Hex());
  }

  void Link(const std::string& path, const std::string& other, Origin origin) {
    const auto linked = hashes_.find(other);
    if (linked == hashes_.end()) return;
    const std::string hash = linked->second;
    const std::filesystem::path target = Place(path);
    if (target.empty()) return;
    std::error_code error;
    std::filesystem::create_hard_link(folder_ + "/" + other, target, error);
    if (!error) Keep(path, std::move(origin), hash);
  }

  Tree Finish() {
    Sha256 hash;
    for (const auto& [path, content] : hashes_) hash.Update(path + '\0' + content + '\n');
    tree_.sha256 = hash.Hex();
    return std::move(tree_);
  }

 private:
  // Where the file is to be written; empty when a file stands where a folder should be.
  std::filesystem::path Place(const std::string& path) {
    const std::filesystem::path target(folder_ + "/" + path);
    std::error_code error;
    std::filesystem::create_directories(target.parent_path(), error);
    if (error) return {};
    // A hard link of it keeps its own content.
    if (std::filesystem::is_regular_file(target, error)) std::filesystem::remove(target, error);
    return target;
  }

  void Keep(const std::string& path, Origin origin, std::string hash) {
    tree_.files[path] = std::move(origin);
    hashes_[path] = std::move(hash);
  }

  std::string folder_;
  Tree tree_;
  std::map<std::string, std::string> hashes_;
};

auto Bytes(const std::string& bytes) {
  return [&bytes](const auto& sink) { sink(std::string_view(bytes)); };
}

void WriteLayer(const Layer& layer, TreeWriter* writer) {
  const std::string digits = layer.diff_id().substr(layer.diff_id().find(':') + 1, kShownDigits);
  const std::string folder = "layers/" + std::to_string(layer.index()) + "-" + digits + "/";
  for (const Entry& entry : layer.entries()) {
    const std::string path(entry.path());
    Origin origin;
    origin.layer = layer.index();
    origin.path = path;
    if (entry.type() == EntryType::kFile) {
      writer->Write(folder + path, origin, [&](const auto& sink) { entry.ReadTo(sink); });
    } else if (entry.type() == EntryType::kHardlink) {
      writer->Link(folder + path, folder + CleanName(entry.link()).path, origin);
    }
  }
}

void WriteDocuments(const Image& image, TreeWriter* writer) {
  std::set<std::string> others = {image.config().blob};
  Origin config;
  config.member = image.config().blob;
  writer->Write("config.json", config, Bytes(image.config().json));
  for (const HistoryStep& step : image.history()) {
    Origin origin;
    origin.history = step.index;
    writer->Write("history/" + std::to_string(step.index) + ".txt", origin, Bytes(step.created_by));
  }
  for (const Layer& layer : image.layers()) others.insert(layer.blob());
  for (const Blob& blob : image.blobs()) {
    if (others.contains(blob.path)) continue;
    Origin origin;
    origin.member = blob.path;
    writer->Write("archive/" + blob.path, origin, Bytes(image.ReadBlob(blob.path)));
  }
}

}  // namespace

Tree WriteTree(const Image& image, const std::string& view, const std::string& folder) {
  TreeWriter writer(folder);
  if (view == "rootfs") {
    for (const RootfsEntry& entry : image.rootfs()) {
      if (entry.type() != EntryType::kFile) continue;
      Origin origin;
      origin.layer = entry.content_layer();
      origin.path = std::string(entry.path());
      writer.Write(origin.path, origin, [&](const auto& sink) { entry.ReadTo(sink); });
    }
    return writer.Finish();
  }
  for (const Layer& layer : image.layers()) WriteLayer(layer, &writer);
  WriteDocuments(image, &writer);
  return writer.Finish();
}

}  // namespace watertight::bench
