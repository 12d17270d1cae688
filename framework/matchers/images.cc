// One image beside another.

#include "watertight/matchers/images.h"

#include <algorithm>
#include <sstream>

#include "framework/image/contents.h"
#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/verdict.h"

namespace watertight {
namespace {

constexpr std::size_t kDifferencesShown = 10;

std::string Named(const Image& image) {
  std::ostringstream text;
  PrintTo(image, &text);
  return text.str();
}

class BasedOnMatcher {
 public:
  using is_gtest_matcher = void;

  explicit BasedOnMatcher(Image base) : base_(std::move(base)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    const std::vector<Layer>& layers = image.layers();
    const std::vector<Layer>& below = base_.layers();
    std::size_t same = 0;
    while (same < layers.size() && same < below.size() &&
           layers[same].diff_id() == below[same].diff_id()) {
      ++same;
    }
    if (out != nullptr) *out << Explained(layers, below, same);
    return same == below.size();
  }
  void DescribeTo(std::ostream* out) const { *out << "is based on " << Named(base_); }
  void DescribeNegationTo(std::ostream* out) const { *out << "is not based on " << Named(base_); }

 private:
  static std::string Explained(const std::vector<Layer>& layers, const std::vector<Layer>& below,
                               std::size_t same) {
    if (same == below.size()) {
      return "whose first " + Count(same, "layer") + (same == 1 ? " is its" : " are its");
    }
    if (same == layers.size()) {
      return "which has only the first " + Count(same, "layer") + " of its " +
             std::to_string(below.size());
    }
    return "whose " + layers[same].Name() + " is another than its " + below[same].Name();
  }

  Image base_;
};

std::string Owner(const RootfsEntry& entry) {
  return std::to_string(entry.uid()) + ":" + std::to_string(entry.gid());
}

// "mode 0644, not 0755"; empty when the two are equal, but for their bytes.
std::string Difference(const RootfsEntry& mine, const RootfsEntry& theirs) {
  const auto says = [](const std::string& what, const std::string& a, const std::string& b) {
    return what + " " + a + ", not " + b;
  };
  if (mine.type() != theirs.type()) {
    return says("type", ToString(mine.type()), ToString(theirs.type()));
  }
  if (mine.mode() != theirs.mode()) {
    return says("mode", ToString(mine.mode()), ToString(theirs.mode()));
  }
  if (Owner(mine) != Owner(theirs)) return says("owner", Owner(mine), Owner(theirs));
  if (mine.link() != theirs.link()) {
    return says("target", Printable(mine.link()), Printable(theirs.link()));
  }
  if (mine.size() != theirs.size()) {
    return says("size", std::to_string(mine.size()), std::to_string(theirs.size()));
  }
  const Entry& a = mine.content();
  const Entry& b = theirs.content();
  if (a.device_major() != b.device_major() || a.device_minor() != b.device_minor()) {
    return "another device";
  }
  if (a.xattrs() != b.xattrs()) return "other extended attributes";
  return "";
}

// Two files of one path that only their bytes can tell apart.
struct Alike {
  const RootfsEntry* mine;
  const RootfsEntry* theirs;
  std::size_t place;  // in the list of differences, which is in the order of paths
};

void CompareBytes(const Image& image, const Image& other, const std::vector<Alike>& alike,
                  std::vector<std::string>* texts) {
  ContentHashes mine;
  ContentHashes theirs;
  for (const Alike& files : alike) {
    mine.Want(*files.mine);
    theirs.Want(*files.theirs);
  }
  mine.Compute(image);
  theirs.Compute(other);
  for (const Alike& files : alike) {
    if (mine.Of(*files.mine) == theirs.Of(*files.theirs)) continue;
    (*texts)[files.place] = "differs     " + Printable(files.mine->path()) + "   other bytes";
  }
}

std::vector<std::string> Differences(const Image& image, const Image& other) {
  // What each path adds, empty for nothing: bytes are compared once all of them are known.
  std::vector<std::string> texts;
  std::vector<Alike> alike;
  const Rootfs& mine = image.rootfs();
  const Rootfs& theirs = other.rootfs();
  auto a = mine.begin();
  auto b = theirs.begin();
  while (a != mine.end() || b != theirs.end()) {
    if (b == theirs.end() || (a != mine.end() && a->path() < b->path())) {
      texts.push_back("only here   " + Printable((a++)->path()));
    } else if (a == mine.end() || b->path() < a->path()) {
      texts.push_back("only there  " + Printable((b++)->path()));
    } else {
      const std::string difference = Difference(*a, *b);
      if (!difference.empty()) {
        texts.push_back("differs     " + Printable(a->path()) + "   " + difference);
      } else if (a->type() == EntryType::kFile && a->size() > 0) {
        alike.push_back({&*a, &*b, texts.size()});
        texts.emplace_back();
      }
      ++a;
      ++b;
    }
  }
  CompareBytes(image, other, alike, &texts);
  std::erase(texts, "");
  return texts;
}

class SameContentMatcher {
 public:
  using is_gtest_matcher = void;

  explicit SameContentMatcher(Image other) : other_(std::move(other)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    const auto judge = [&]() -> Verdict {
      if (!other_.unreadable_layers().empty()) return Unreadable(other_, "");
      return Judge(image, out != nullptr);
    };
    return ReportJudgement(image, judge, out);
  }
  void DescribeTo(std::ostream* out) const { *out << "has the same content as " << Named(other_); }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has other content than " << Named(other_);
  }

 private:
  Verdict Judge(const Image& image, bool explain) const {
    const std::vector<std::string> found = Differences(image, other_);
    Verdict verdict = Verdict::Of(found.empty());
    if (!explain) return verdict;
    if (found.empty()) {
      verdict.text = "whose " + Count(image.rootfs().size(), "path") + " are equal to its";
      return verdict;
    }
    verdict.text = "whose rootfs differs in " + Count(found.size(), "path") + ":";
    for (std::size_t i = 0; i < found.size() && i < kDifferencesShown; ++i) {
      verdict.text += "\n    " + found[i];
    }
    if (found.size() > kDifferencesShown) {
      verdict.text += "\n    … and " + std::to_string(found.size() - kDifferencesShown) + " more";
    }
    return verdict;
  }

  Image other_;
};

}  // namespace

::testing::Matcher<const Image&> IsBasedOn(Image base) { return BasedOnMatcher(std::move(base)); }

::testing::Matcher<const Image&> HasSameContentAs(Image other) {
  return SameContentMatcher(std::move(other));
}

}  // namespace watertight
