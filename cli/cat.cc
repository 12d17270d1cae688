// watertight cat: the bytes of one file.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "framework/image/path.h"
#include "framework/scan/recovery.h"

namespace watertight::cli {
namespace {

struct CatFlags : OpenFlags {
  std::string image;
  std::string path;
  std::optional<int> layer;
};

[[noreturn]] void Refuse(const CatFlags& flags, const std::string& why) {
  const std::string path = CleanName(flags.path).path;
  throw Error(ErrorCode::kNotFound,
              Printable(flags.image) + ": " + (path.empty() ? "/" : Printable(path)) + " " + why);
}

// "; layer 1 stores it: watertight cat --layer 1 …", for the last layer that stores such a file.
std::string WhereStored(const Image& image, const CatFlags& flags, const std::string& path) {
  const StoredEntry* found = nullptr;
  for (const StoredEntry& stored : image.stored()) {
    if (stored.entry->type() == EntryType::kFile && stored.entry->path() == path) found = &stored;
  }
  if (found == nullptr) return "";
  const std::string layer = std::to_string(found->layer);
  return "; layer " + layer + " stores it: watertight cat --layer " + layer + " " +
         ShellQuote(flags.image) + " " + ShellQuote(path);
}

const char* Noun(EntryType type) {
  switch (type) {
    case EntryType::kDirectory:
      return "a directory";
    case EntryType::kSymlink:
      return "a symlink";
    case EntryType::kCharDevice:
      return "a character device";
    case EntryType::kBlockDevice:
      return "a block device";
    case EntryType::kFifo:
      return "a fifo";
    default:
      return "no file";
  }
}

// As a process in the container would read it: symlinks are followed inside the root.
const Entry& FindInRootfs(const Image& image, const CatFlags& flags) {
  // The root itself has no row.
  if (CleanName(flags.path).path.empty()) Refuse(flags, "is a directory");
  const Rootfs& rootfs = image.rootfs();
  const RootfsEntry* row = rootfs.Resolve(flags.path);
  if (row == nullptr) {
    const std::string path = CleanName(flags.path).path;
    const RootfsEntry* link = rootfs.Find(path);
    if (link != nullptr && link->type() == EntryType::kSymlink) {
      Refuse(flags, "is a symlink to " + Printable(link->link()) + ", which leads to no file");
    }
    Refuse(flags, "is not in the rootfs" + WhereStored(image, flags, path));
  }
  if (row->type() != EntryType::kFile) {
    Refuse(flags, std::string("is ") + Noun(row->type()));
  }
  return row->content();
}

bool IsMarker(const Entry& entry) {
  return entry.type() == EntryType::kWhiteout || entry.type() == EntryType::kOpaque;
}

// Of several entries of one path the last one counts, as when a tar is unpacked. A layer may store
// a path and delete it below: what it stores comes before the marker.
class LayerPaths {
 public:
  explicit LayerPaths(const Layer& layer) {
    for (const Entry& entry : layer.entries()) {
      const Entry*& found = entries_[entry.path()];
      if (found == nullptr || IsMarker(*found) || !IsMarker(entry)) found = &entry;
    }
  }

  // Null when the layer has no entry of the path.
  const Entry* Find(const std::string& path) const {
    const auto found = entries_.find(path);
    return found == entries_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string_view, const Entry*> entries_;
};

const Entry& FindFileInLayer(const Image& image, const CatFlags& flags) {
  const Layer& layer = LayerOf(image, *flags.layer);
  const std::string name = "layer " + std::to_string(layer.index());
  const std::string path = CleanName(flags.path).path;
  const LayerPaths paths(layer);
  const Entry* entry = paths.Find(path);
  if (entry == nullptr) Refuse(flags, "is not in " + name + WhereStored(image, flags, path));
  // A chain of hard links cannot be longer than the layer.
  for (std::size_t i = 0; entry->type() == EntryType::kHardlink; ++i) {
    const std::string target = CleanName(entry->link()).path;
    const Entry* next = paths.Find(target);
    if (next == nullptr || i > layer.entries().size()) {
      Refuse(flags, "is a hard link to " + Printable(target) + ", which is not in " + name +
                        WhereStored(image, flags, target));
    }
    entry = next;
  }
  switch (entry->type()) {
    case EntryType::kFile:
      return *entry;
    case EntryType::kWhiteout:
      Refuse(flags, "is a whiteout: " + name + " deletes it" + WhereStored(image, flags, path));
    case EntryType::kSymlink:
      Refuse(flags,
             "is a symlink to " + Printable(entry->link()) + "; with --layer none is followed");
    default:
      Refuse(flags, std::string("is ") + Noun(entry->type()));
  }
}

int RunCat(const CatFlags& flags, Output& out) {
  out.subject = flags.image;
  const Image image = OpenImage(flags.image, flags);
  const Entry& entry = flags.layer ? FindFileInLayer(image, flags) : FindInRootfs(image, flags);
  entry.ReadTo([&out](std::string_view piece) { out.Write(piece); });
  return kWell;
}

}  // namespace

void AddCat(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<CatFlags>();
  CLI::App* command = app->add_subcommand("cat", "Prints the bytes of a file");
  command->add_option("IMAGE", flags->image, "The image; watertight --help says what it may be")
      ->type_name("")
      ->required();
  command->add_option("PATH", flags->path, "The file; symlinks are followed inside the rootfs")
      ->type_name("")
      ->required();
  AddLayer(command, &flags->layer,
           "The file as this layer stores it, 0 = base; no symlink is followed");
  AddPlatform(command, flags.get());
  command->footer(
      "Example:\n"
      "  watertight cat --layer 1 app.tar app/secret.txt");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunCat(*flags, out); }; });
}

}  // namespace watertight::cli
