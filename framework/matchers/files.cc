// Matchers of the root filesystem.

#include "watertight/matchers/files.h"

#include <sstream>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/patterns.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/recovery.h"
#include "framework/scan/step_text.h"

namespace watertight {
namespace {

constexpr std::size_t kPathsShown = 10;

std::string Absolute(std::string_view path) { return "/" + CleanName(path).path; }

// "/app/server (57 bytes, mode 0644, 0:0, layer 1)".
std::string Described(const RootfsEntry& entry) {
  return Printable("/" + std::string(entry.path())) + " (" + Facts(entry.content()) + ", " +
         std::to_string(entry.uid()) + ":" + std::to_string(entry.gid()) + ", layer " +
         std::to_string(entry.layer()) + ")";
}

// What became of a path that the rootfs lacks: which layers stored and removed it.
std::string Past(const Image& image, const std::string& path) {
  std::vector<StoredEntry> stored;
  for (const StoredEntry& entry : image.stored()) {
    if (entry.entry->path() == path) stored.push_back(entry);
  }
  return stored.empty() ? "" : ":" + LayerTable(image, stored);
}

std::string Missing(const Image& image, const std::string& path) {
  const RootfsEntry* link = image.rootfs().Find(path);
  if (link != nullptr && link->type() == EntryType::kSymlink) {
    return "whose rootfs has " + Described(*link) + ", which leads to nothing";
  }
  return "whose rootfs has no " + Printable(Absolute(path)) + Past(image, CleanName(path).path);
}

struct Kind {
  EntryType type;
  const char* noun;  // "file"
  const char* article_noun;
  bool follow;
};

constexpr Kind kFileKind = {EntryType::kFile, "file", "a file", true};
constexpr Kind kDirectoryKind = {EntryType::kDirectory, "directory", "a directory", true};
constexpr Kind kSymlinkKind = {EntryType::kSymlink, "symlink", "a symlink", false};

// HasFile and its like: one path, of one type, and what is asked of it.
class HasPathMatcher {
 public:
  using is_gtest_matcher = void;

  HasPathMatcher(const Kind& kind, std::string path, std::optional<RootfsEntryMatcher> inner)
      : kind_(kind), path_(std::move(path)), inner_(std::move(inner)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement(
        image, [&] { return Judge(image, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has the " << kind_.noun << " " << Printable(Absolute(path_));
    if (!inner_) return;
    *out << " that ";
    inner_->DescribeTo(out);
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "does not have the " << kind_.noun << " " << Printable(Absolute(path_));
    if (!inner_) return;
    *out << " or it ";
    inner_->DescribeNegationTo(out);
  }

 private:
  Verdict Judge(const Image& image, bool explain) const {
    const Rootfs& rootfs = image.rootfs();
    const RootfsEntry* entry = kind_.follow ? rootfs.Resolve(path_) : rootfs.Find(path_);
    if (entry == nullptr) return {Answer::kNo, explain ? Missing(image, path_) : ""};
    const std::string text = explain ? "whose rootfs has " + Described(*entry) : "";
    if (entry->type() != kind_.type) {
      return {Answer::kNo, explain ? text + ", which is not " + kind_.article_noun : ""};
    }
    if (!inner_) return {Answer::kYes, text};
    if (!explain) return Verdict::Of(inner_->Matches(*entry));
    ::testing::StringMatchResultListener listener;
    const bool yes = inner_->MatchAndExplain(*entry, &listener);
    const std::string why = listener.str();
    return {yes ? Answer::kYes : Answer::kNo, text + (why.empty() ? "" : ", ") + why};
  }

  Kind kind_;
  std::string path_;
  std::optional<RootfsEntryMatcher> inner_;
};

class LinksToMatcher {
 public:
  using is_gtest_matcher = void;

  explicit LinksToMatcher(::testing::Matcher<const std::string&> target)
      : target_(std::move(target)) {}

  bool MatchAndExplain(const RootfsEntry& entry, std::ostream* out) const {
    if (out != nullptr) *out << "whose target is " << Printable(entry.link());
    return target_.Matches(std::string(entry.link()));
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has a target that ";
    target_.DescribeTo(out);
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has a target that ";
    target_.DescribeNegationTo(out);
  }

 private:
  ::testing::Matcher<const std::string&> target_;
};

// The row of a plain path that symlinks lead to.
const RootfsEntry* Reached(const Rootfs& rootfs, const Glob& glob) {
  const std::string& pattern = glob.pattern();
  const bool plain = pattern.find_first_of("*?[{\\") == std::string::npos;
  return plain && pattern.find('/') != std::string::npos ? rootfs.Resolve(pattern) : nullptr;
}

class LacksFileMatcher {
 public:
  using is_gtest_matcher = void;

  explicit LacksFileMatcher(PathPatterns patterns) : patterns_(std::move(patterns)) {}

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement(
        image, [&] { return Judge(image, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const { *out << "lacks " << Names(patterns_); }
  void DescribeNegationTo(std::ostream* out) const { *out << "has " << Names(patterns_); }

 private:
  std::vector<const RootfsEntry*> Find(const Rootfs& rootfs) const {
    std::vector<const RootfsEntry*> found;
    for (const RootfsEntry& entry : rootfs) {
      if (patterns_.Match(entry.path())) found.push_back(&entry);
    }
    if (!found.empty()) return found;
    for (const Glob& glob : patterns_.globs) {
      if (const RootfsEntry* entry = Reached(rootfs, glob)) found.push_back(entry);
    }
    return found;
  }

  Verdict Judge(const Image& image, bool explain) const {
    const std::vector<const RootfsEntry*> found = Find(image.rootfs());
    Verdict verdict = Verdict::Of(found.empty());
    if (!explain) return verdict;
    if (found.empty()) {
      verdict.text =
          "whose rootfs has no such path (of " + std::to_string(image.rootfs().size()) + ")";
      return verdict;
    }
    verdict.text = "whose rootfs has " + Count(found.size(), "such path") + ":";
    for (std::size_t i = 0; i < found.size() && i < kPathsShown; ++i) {
      verdict.text += "\n    " + Described(*found[i]);
    }
    if (found.size() > kPathsShown) {
      verdict.text += "\n    … and " + std::to_string(found.size() - kPathsShown) + " more";
    }
    return verdict;
  }

  PathPatterns patterns_;
};

bool IsSetuid(const RootfsEntry& entry) {
  constexpr int kSetuidOrSetgid = 06000;
  return entry.type() == EntryType::kFile && (entry.mode().bits & kSetuidOrSetgid) != 0;
}

class NoSetuidMatcher {
 public:
  using is_gtest_matcher = void;

  explicit NoSetuidMatcher(Exceptions exceptions) : patterns_{{}, std::move(exceptions.globs)} {
    patterns_.globs.emplace_back("**");
  }

  bool MatchAndExplain(const Image& image, std::ostream* out) const {
    return ReportJudgement(
        image, [&] { return Judge(image, out != nullptr); }, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has no setuid or setgid files" << Excepted();
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has setuid or setgid files" << Excepted();
  }

 private:
  std::string Excepted() const {
    return patterns_.except.empty() ? "" : " but " + Names(PathPatterns{patterns_.except, {}});
  }

  Verdict Judge(const Image& image, bool explain) const {
    std::vector<StoredEntry> found;
    for (const RootfsEntry& entry : image.rootfs()) {
      if (!IsSetuid(entry) || !patterns_.Match(entry.path())) continue;
      found.push_back({entry.content_layer(), &entry.content(), true, std::nullopt});
    }
    Verdict verdict = Verdict::Of(found.empty());
    if (!explain) return verdict;
    if (found.empty()) {
      verdict.text = "whose rootfs has none";
      return verdict;
    }
    verdict.text = "whose rootfs has " + Count(found.size(), "such file") + ":";
    for (std::size_t i = 0; i < found.size() && i < kPathsShown; ++i) {
      verdict.text += "\n    " + Printable("/" + std::string(found[i].entry->path())) + "   " +
                      Facts(*found[i].entry);
    }
    if (found.size() > kPathsShown) {
      verdict.text += "\n    … and " + std::to_string(found.size() - kPathsShown) + " more";
    }
    verdict.text +=
        "\n  Whoever runs such a file gets the rights of its owner."
        "\n  To mend it: chmod a-s in the step that installs it, or name it in Except.";
    return verdict;
  }

  PathPatterns patterns_;
};

}  // namespace

::testing::Matcher<const Image&> HasFile(std::string path) {
  return HasPathMatcher(kFileKind, std::move(path), std::nullopt);
}

::testing::Matcher<const Image&> HasFile(std::string path, RootfsEntryMatcher file) {
  return HasPathMatcher(kFileKind, std::move(path), std::move(file));
}

::testing::Matcher<const Image&> HasDirectory(std::string path) {
  return HasPathMatcher(kDirectoryKind, std::move(path), std::nullopt);
}

::testing::Matcher<const Image&> HasDirectory(std::string path, RootfsEntryMatcher directory) {
  return HasPathMatcher(kDirectoryKind, std::move(path), std::move(directory));
}

::testing::Matcher<const Image&> HasSymlink(std::string path) {
  return HasPathMatcher(kSymlinkKind, std::move(path), std::nullopt);
}

::testing::Matcher<const Image&> HasSymlink(std::string path,
                                            ::testing::Matcher<const std::string&> target) {
  return HasPathMatcher(kSymlinkKind, std::move(path),
                        RootfsEntryMatcher(LinksToMatcher(std::move(target))));
}

::testing::Matcher<const Image&> LacksFile(PathPatterns patterns) {
  RequirePatterns(patterns, "LacksFile");
  return LacksFileMatcher(std::move(patterns));
}

::testing::Matcher<const Image&> HasNoSetuidFiles(Exceptions exceptions) {
  return NoSetuidMatcher(std::move(exceptions));
}

}  // namespace watertight
