// NeverStores: no layer stores an entry of such a path.

#include <algorithm>
#include <set>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/patterns.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/recovery.h"
#include "watertight/matchers/leaks.h"

namespace watertight {
namespace {

constexpr std::size_t kPathsShown = 5;
constexpr std::size_t kCommandsShown = 5;

// Entries of the layers that can be read.
std::vector<StoredEntry> FindStored(const Image& image, const PathPatterns& patterns) {
  std::vector<StoredEntry> found;
  if (image.unreadable_layers().empty()) {
    for (const StoredEntry& stored : image.stored()) {
      if (patterns.Match(stored.entry->path())) found.push_back(stored);
    }
    return found;
  }
  for (const Layer& layer : image.layers()) {
    if (layer.error() != nullptr) continue;
    for (const Entry& entry : layer.entries()) {
      const bool whiteout =
          entry.type() == EntryType::kWhiteout || entry.type() == EntryType::kOpaque;
      if (!whiteout && !entry.path().empty() && patterns.Match(entry.path())) {
        found.push_back({layer.index(), &entry, false, std::nullopt});
      }
    }
  }
  return found;
}

// "layer 1 stores root/.npmrc", "layers 1 and 2 store 3 such paths".
std::string Sentence(const std::vector<StoredEntry>& found) {
  std::set<int> layers;
  std::set<std::string_view> paths;
  for (const StoredEntry& stored : found) {
    layers.insert(stored.layer);
    paths.insert(stored.entry->path());
  }
  std::vector<std::string> numbers;
  numbers.reserve(layers.size());
  for (const int layer : layers) numbers.push_back(std::to_string(layer));
  std::string who;
  if (numbers.size() > kPathsShown) {
    who = Count(numbers.size(), "layer");
  } else {
    who = (numbers.size() == 1 ? "layer " : "layers ") + Enumerated(numbers);
  }
  return who + (layers.size() == 1 ? " stores " : " store ") +
         (paths.size() == 1 ? Printable(*paths.begin())
                            : std::to_string(paths.size()) + " such paths");
}

// Why everybody can still read it.
const char* Reason(const std::vector<StoredEntry>& found) {
  std::set<RemovalKind> how;
  std::size_t visible = 0;
  for (const StoredEntry& stored : found) {
    if (stored.removed_by) how.insert(stored.removed_by->how);
    if (stored.visible) ++visible;
  }
  if (visible == found.size()) {
    return "The container shows it, and whoever holds the image can take it out.";
  }
  if (how == std::set<RemovalKind>{RemovalKind::kOverwritten}) {
    return "The container shows what came last; the bytes of before stay in the lower layer.";
  }
  return "A whiteout hides a file from the container; its bytes stay in the lower layer.";
}

std::string Proof(const Image& image, const std::vector<StoredEntry>& found) {
  // Bytes first: a directory above a file proves less than the file.
  std::vector<StoredEntry> order = found;
  std::stable_partition(order.begin(), order.end(), [](const StoredEntry& stored) {
    return stored.entry->type() == EntryType::kFile || stored.entry->type() == EntryType::kHardlink;
  });
  std::vector<std::string> commands;
  for (const StoredEntry& stored : order) {
    const std::string command = RecoverCommand(image, stored.layer, *stored.entry);
    // A hard link and its target have the same bytes.
    if (std::find(commands.begin(), commands.end(), command) == commands.end()) {
      commands.push_back(command);
    }
    if (commands.size() == kCommandsShown) break;
  }
  std::string text = " " + RecoverLead(image, commands.size());
  for (const std::string& command : commands) text += "\n    " + command;
  if (order.size() > kCommandsShown) text += "\n    … and so on: watertight ls --all lists them";
  return text;
}

std::string Evidence(const Image& image, const std::vector<StoredEntry>& found) {
  constexpr const char* kRemedy =
      "\n  To mend it: RUN --mount=type=secret, or a build stage of its own "
      "(docs/fixing-leaks.md).";
  return LayerTable(image, found) + "\n  " + Reason(found) + Proof(image, found) + kRemedy;
}

class NeverStoresMatcher {
 public:
  using is_gtest_matcher = void;

  explicit NeverStoresMatcher(PathPatterns patterns) : patterns_(std::move(patterns)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement([&] { return Judge(image, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "never stores " << Names(patterns_) << " in any layer";
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "stores " << Names(patterns_) << " in some layer";
  }

 private:
  Verdict Judge(const Image& image, bool explain) const {
    const std::vector<StoredEntry> found = FindStored(image, patterns_);
    if (!image.unreadable_layers().empty()) {
      return Unreadable(image, found.empty() ? "" : " " + Sentence(found) + ".");
    }
    Verdict verdict = Verdict::Of(found.empty());
    if (!explain) return verdict;
    if (found.empty()) {
      verdict.text = "whose " + Count(image.layers().size(), "layer") + " store no such path";
    } else {
      verdict.text = "whose " + Sentence(found) + ":" + Evidence(image, found);
    }
    return verdict;
  }

  PathPatterns patterns_;
};

}  // namespace

::testing::Matcher<const Image&> NeverStores(PathPatterns patterns) {
  RequirePatterns(patterns, "NeverStores");
  return NeverStoresMatcher(std::move(patterns));
}

}  // namespace watertight
