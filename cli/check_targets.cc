#include "cli/check_targets.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/policy/image_names.h"
#include "cli/structure_tests/run.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

// Images that stay open from the question for their tags until they are checked; of more, each is
// opened once more.
constexpr int kMostHeld = 64;

class TargetMaker {
 public:
  TargetMaker(const Demands& demands, const CheckOptions& options)
      : demands_(demands), options_(options) {}

  void Add(const ListedImage& image) {
    opened_.clear();
    for (const std::string& platform : PlatformsOf(image.reference)) AddTarget(image, platform);
  }

  std::vector<CheckTarget> Take() { return std::move(targets_); }

 private:
  const std::vector<ImageEntry>& entries() const { return demands_.policy.entries(); }

  // Null for one that cannot be opened: checking it tells why.
  const Image* Opened(const std::string& reference, const std::string& platform) {
    const auto [at, added] = opened_.emplace(platform, std::nullopt);
    if (added) {
      OpenFlags flags = options_.open;
      flags.platform = platform;
      try {
        at->second = OpenImage(reference, flags);
      } catch (const Error&) {
        at->second.reset();
      }
    }
    return at->second ? &*at->second : nullptr;
  }

  bool Fits(const ImageEntry& entry, const std::string& reference, const std::string& platform) {
    if (!entry.platform.empty() && entry.platform != platform) return false;
    if (!entry.FitsName(reference)) return false;
    if (entry.tags.empty()) return true;
    const Image* const image = Opened(reference, platform);
    return image != nullptr && entry.FitsTag(image->tags());
  }

  std::vector<std::string> PlatformsOf(const std::string& reference) {
    const std::string& given = options_.open.platform;
    if (!given.empty()) return {given};
    std::vector<std::string> platforms;
    for (const ImageEntry& entry : entries()) {
      const bool known =
          std::find(platforms.begin(), platforms.end(), entry.platform) != platforms.end();
      if (entry.platform.empty() || known || !Fits(entry, reference, entry.platform)) continue;
      platforms.push_back(entry.platform);
    }
    if (platforms.empty()) platforms.emplace_back();
    return platforms;
  }

  void AddTarget(const ListedImage& image, const std::string& platform) {
    CheckTarget target;
    for (std::size_t i = 0; i < entries().size(); ++i) {
      if (Fits(entries()[i], image.reference, platform)) target.entries.push_back(i);
    }
    CheckOptions options = options_;
    options.may_be_none = image.of_folder;
    if (options.open.platform != platform) options.entry_platform = platform;
    options.open.platform = platform;
    const std::shared_ptr<const Policy>& policy = PolicyFor(target.entries);
    target.run = std::make_unique<ImageRun>(image.reference, policy,
                                            demands_.is_policy ? ChecksOf(*policy) : demands_.tests,
                                            options, TakeOpened(platform));
    targets_.push_back(std::move(target));
  }

  std::optional<Image> TakeOpened(const std::string& platform) {
    const auto at = opened_.find(platform);
    if (at == opened_.end() || !at->second || held_ == kMostHeld) return std::nullopt;
    ++held_;
    return std::move(at->second);
  }

  const std::shared_ptr<const Policy>& PolicyFor(const std::vector<std::size_t>& entries) {
    std::shared_ptr<const Policy>& policy = policies_[entries];
    if (policy == nullptr) {
      policy = std::make_shared<Policy>(demands_.is_policy ? demands_.policy.With(entries)
                                                           : demands_.policy.base());
    }
    return policy;
  }

  const Demands& demands_;
  const CheckOptions& options_;
  std::map<std::string, std::optional<Image>> opened_;  // the image, by platform
  int held_ = 0;
  std::map<std::vector<std::size_t>, std::shared_ptr<const Policy>> policies_;
  std::vector<CheckTarget> targets_;
};

}  // namespace

Demands ReadDemands(const std::string& file) {
  Demands demands;
  if (file.empty()) return demands;
  const std::string text = ReadYamlText(file);
  if (auto tests = ParseStructureTests(text, file)) {
    demands.policy = PolicyFile(PolicyBesideTests());
    demands.tests = ChecksOf(std::make_shared<StructureTests>(std::move(*tests)));
    demands.is_policy = false;
    demands.text = text;
  } else {
    demands.policy = PolicyFile::Read(text, file);
    demands.text = demands.policy.text();
  }
  return demands;
}

ImageList ImagesOf(const PolicyFile& policy) {
  ImageList list;
  bool named = false;
  for (const ImageEntry& entry : policy.entries()) {
    for (const std::string& name : entry.names) {
      named = true;
      for (std::string& reference : ImagesOf(name, entry.folder)) {
        const bool known =
            std::any_of(list.images.begin(), list.images.end(),
                        [&](const ListedImage& one) { return one.reference == reference; });
        if (!known) list.images.push_back({std::move(reference), false});
      }
    }
  }
  if (!list.images.empty()) return list;
  if (named) {
    throw Error(ErrorCode::kUsage,
                Printable(policy.file()) + ": nothing fits the images that it names");
  }
  const std::string which = policy.file().empty() ? "" : Printable(policy.file()) + ": ";
  throw Error(ErrorCode::kUsage, which + "no image is named (see watertight check --help)");
}

std::vector<CheckTarget> TargetsOf(const ImageList& images, const Demands& demands,
                                   const CheckOptions& options) {
  TargetMaker maker(demands, options);
  for (const ListedImage& image : images.images) maker.Add(image);
  return maker.Take();
}

}  // namespace watertight::cli
