#include "cli/structure_tests/contents.h"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/structure_tests/test_work.h"
#include "framework/image/contents.h"

namespace watertight::cli {
namespace {

constexpr std::uint64_t kLongestKept = std::uint64_t{16} << 20;
constexpr std::uint64_t kMostKept = std::uint64_t{256} << 20;  // together

std::vector<std::string> PathsOf(const Image& image, const StructureTests& tests) {
  std::vector<std::string> paths;
  for (const FileContentTest& test : tests.contents) paths.push_back(test.path);
  for (const LicenseTest& test : tests.licenses) {
    try {
      for (std::string& path : LicenseFiles(image, test)) paths.push_back(std::move(path));
    } catch (const Error&) {
      // The test says it.
    }
  }
  return paths;
}

}  // namespace

void TestContents::ReadAll(const Image& image, const StructureTests& tests) {
  contents_.clear();
  std::map<int, std::vector<const Entry*>> wanted;  // by layer
  std::uint64_t size = 0;
  for (const std::string& path : PathsOf(image, tests)) {
    const RootfsEntry* const file = image.rootfs().Resolve(path);
    if (file == nullptr || file->type() != EntryType::kFile || file->size() > kLongestKept)
      continue;
    size += file->size();
    if (size <= kMostKept) wanted[file->content_layer()].push_back(&file->content());
  }
  for (const auto& [layer, entries] : wanted) {
    try {
      ReadContents(
          image.layers()[static_cast<std::size_t>(layer)], entries,
          [this](const Entry& entry, std::string_view piece) { contents_[&entry].append(piece); });
    } catch (const Error&) {
      // Each is read alone then, and what can be read is judged.
      for (const Entry* entry : entries) contents_.erase(entry);
    }
  }
}

std::string TestContents::Of(const Image& image, const StructureTests& tests,
                             const RootfsEntry& file) {
  if (!image_ || &image_->layers() != &image.layers()) {
    ReadAll(image, tests);
    image_ = image;
  }
  const auto kept = contents_.find(&file.content());
  return kept != contents_.end() ? kept->second : file.Read();
}

}  // namespace watertight::cli
