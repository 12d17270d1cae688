#include "cli/structure_tests/test_work.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "cli/structure_tests/contents.h"
#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"

namespace watertight::cli {
namespace {

std::string Absolute(const std::string& path) { return "/" + CleanName(path).path; }

}  // namespace

const RootfsEntry* FindUnfollowed(const Image& image, const std::string& path) {
  const Rootfs& rootfs = image.rootfs();
  const std::string clean = CleanName(path).path;
  const auto [parent, name] = SplitParent(clean);
  if (parent.empty()) return rootfs.Find(name);
  const RootfsEntry* const folder = rootfs.Resolve(parent);
  // A link to the root, which has no row, leads here too.
  if (folder == nullptr) return rootfs.Resolve(clean);
  return rootfs.Find(std::string(folder->path()) + "/" + std::string(name));
}

bool IsRoot(const std::string& path) { return CleanName(path).path.empty(); }

std::string ShownPath(const std::string& path) { return Printable(Absolute(path)); }

std::string LayersOf(const Image& image, const std::string& path) {
  const std::vector<StoredEntry>& all = image.stored();
  const auto first = std::lower_bound(
      all.begin(), all.end(), path,
      [](const StoredEntry& one, const auto& name) { return one.entry->path() < name; });
  std::vector<StoredEntry> stored;
  for (auto one = first; one != all.end() && one->entry->path() == path; ++one) {
    stored.push_back(*one);
  }
  return stored.empty() ? "" : ":" + LayerTable(image, stored);
}

std::string ImageValue(const Image& image, const std::string& name) {
  const char* const found = image.config().FindEnv(name);
  return found == nullptr ? "" : found;
}

std::string EnvValue(const TestWork& work, const std::string& name) {
  const std::vector<TestPair>& global = work.tests.global_env;
  const auto set = std::find_if(global.rbegin(), global.rend(),
                                [&](const TestPair& pair) { return pair.key == name; });
  return set != global.rend() ? set->value : ImageValue(work.image, name);
}

CheckResult Passed(std::string detail) {
  CheckResult result;
  result.status = CheckStatus::kPassed;
  result.detail = std::move(detail);
  return result;
}

CheckResult FailedBy(const TestWork& work, const TestFailure& failure) {
  std::ostringstream text;
  text << "Expected: " << failure.claim << "\n  Actual: ";
  PrintTo(work.image, &text);
  text << ", " << failure.evidence;
  if (!failure.remedy.empty()) text << "\n  " << failure.remedy;
  text << "\n  The test stands in " << YamlError(work.tests.file, failure.place, "").what();
  CheckResult result;
  result.status = CheckStatus::kFailed;
  result.detail = failure.detail;
  result.message = text.str();
  // "tests.yaml:3:5: " ends a sentence here.
  result.message.erase(result.message.find_last_not_of(": ") + 1);
  return result;
}

std::string ReadContent(const TestWork& work, const std::string& path) {
  const Image& image = work.image;
  const std::string shown = ShownPath(path);
  const RootfsEntry* const entry = IsRoot(path) ? nullptr : image.rootfs().Resolve(path);
  if (entry == nullptr && !IsRoot(path)) {
    const RootfsEntry* const link = FindUnfollowed(image, path);
    if (link != nullptr) {
      throw Error(ErrorCode::kNotFound,
                  "has " + shown + " (" + Facts(link->content()) + "), which leads to nothing");
    }
    throw Error(ErrorCode::kNotFound, "has no " + shown + LayersOf(image, CleanName(path).path));
  }
  if (entry == nullptr || entry->type() != EntryType::kFile) {
    throw Error(ErrorCode::kNotFound,
                "has " + shown + ", which is " +
                    (entry == nullptr ? "the root directory" : Facts(entry->content())) +
                    " and no file");
  }
  return work.contents.Of(image, work.tests, *entry);
}

}  // namespace watertight::cli
