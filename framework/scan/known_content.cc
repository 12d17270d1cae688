#include "framework/scan/known_content.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "framework/image/contents.h"
#include "framework/scan/package_lists.h"
#include "watertight/secrets.h"

namespace watertight {
namespace {

// A list that is longer is read to here: 100,000 packages have less.
constexpr std::size_t kLongestList = std::size_t{256} << 20;

// Debian and others have /lib and /bin as links into /usr: lists and layers name either.
std::string_view WithoutUsr(std::string_view path) {
  constexpr std::string_view kUsr = "usr/";
  return path.starts_with(kUsr) ? path.substr(kUsr.size()) : path;
}

// "a/b.py" of "a/__pycache__/b.cpython-311.pyc"; empty for what is no compiled Python. Lists have
// no digest of these: pip and dpkg compile what they have installed.
std::string SourceOf(std::string_view path) {
  constexpr std::string_view kCache = "__pycache__/";
  const std::size_t cache = path.rfind(kCache);
  if (cache == std::string_view::npos || !path.ends_with(".pyc")) return {};
  const std::string_view name = path.substr(cache + kCache.size());
  return std::string(path.substr(0, cache)) + std::string(name.substr(0, name.find('.'))) + ".py";
}

// A token that somebody gave out: lists say which package a file is of, not who made that.
bool IsToken(const std::string& rule) {
  static const auto* tokens = [] {
    const std::set<std::string> families = {"vcs",  "ai",   "registry", "payment",
                                            "chat", "saas", "cloud"};
    auto* all = new std::set<std::string>;
    for (const SecretKind& kind : SecretKinds()) {
      if (families.count(kind.family) != 0) all->insert(kind.rule);
    }
    return all;
  }();
  return tokens->count(rule) != 0;
}

// Where packages keep tests and documents, for which values are thought up.
bool IsOfTests(std::string_view path) {
  static const re2::RE2 kTests(
      R"((?:^|/)(?:tests?|__tests__|specs?|docs?|examples?|samples?|testdata|fixtures)/|_test\.go$)");
  return re2::RE2::PartialMatch({path.data(), path.size()}, kTests);
}

// Behind the folder into which packages are installed, those of Go itself and its modules too; npos
// for other paths.
std::size_t BehindInstalled(std::string_view path) {
  static const re2::RE2 kInstalled(
      R"((?:^|/)(?:site-packages|dist-packages|node_modules|gems|third_party|pkg/mod|usr/(?:local|lib)/go[^/]*/src))"
      R"(/((?:@[^/]+/)?[^/]+/))");
  re2::StringPiece package;
  if (!re2::RE2::PartialMatch({path.data(), path.size()}, kInstalled, &package)) return path.npos;
  return static_cast<std::size_t>(package.data() - path.data()) + package.size();
}

class KnownContent {
 public:
  KnownContent(const Image& image, const ReadyContents& ready, std::vector<Finding>* findings)
      : image_(image), ready_(ready), findings_(findings) {}

  void Run() {
    for (Finding& finding : *findings_) {
      if (finding.level != Level::kError || finding.carrier != Carrier::kFile) continue;
      if (!finding.layer || !finding.entry) continue;
      suspects_[{*finding.layer, *finding.entry}].push_back(&finding);
      wanted_.insert(WithoutUsr(finding.path));
      for (const std::string& link : finding.links) wanted_.insert(WithoutUsr(link));
    }
    if (suspects_.empty()) return;
    for (const Layer& layer : image_.layers()) ReadLists(layer);
    JudgeByDigests();
    for (const auto& [place, found] : suspects_) JudgeByFolder(place, found);
    LowerCompiled();
    LowerInTests();
  }

 private:
  using EntryPlace = std::pair<int, std::size_t>;  // layer, index of the entry

  void ReadLists(const Layer& layer) {
    std::vector<const Entry*> lists;
    for (const Entry& entry : layer.entries()) {
      if (entry.type() != EntryType::kFile) continue;
      const std::string_view path = entry.path();
      if (IsPackageList(path)) lists.push_back(&entry);
      NoteSource(path);
    }
    const Entry* at = nullptr;
    std::string text;
    const auto finish = [&] {
      if (at == nullptr) return;
      ReadPackageList(at->path(), text, [&](const ShippedFile& file) {
        if (file.digest.empty()) folders_[{layer.index(), file.path}] = file;
        const std::string_view path = WithoutUsr(file.path);
        if (wanted_.count(path) != 0) shipped_[std::string(path)].push_back(file);
      });
      text.clear();
    };
    const auto sink = [&](const Entry& entry, std::string_view piece) {
      if (&entry != at) finish();
      at = &entry;
      text += piece.substr(0, kLongestList - std::min(kLongestList, text.size()));
    };
    ReadContents(layer, std::move(lists), sink, &ready_);
    finish();
  }

  // PKG-INFO in the uppermost folder is of what was packed for Python's index.
  void NoteSource(std::string_view path) {
    constexpr std::string_view kList = "/PKG-INFO";
    if (!path.ends_with(kList)) return;
    path.remove_suffix(kList.size() - 1);
    if (!path.ends_with("-info/")) sources_.emplace(path);
  }

  // Behind the folder of a package; npos for files of no package.
  std::size_t BehindPackage(std::string_view path) const {
    for (const std::string& source : sources_) {
      if (path.starts_with(source)) return source.size();
    }
    return BehindInstalled(path);
  }

  // What a name alone tells, in the tests and documents of a package.
  void LowerInTests() {
    for (const auto& [place, found] : suspects_) {
      for (Finding* finding : found) {
        const std::size_t inside = BehindPackage(finding->path);
        if (finding->level != Level::kError || !finding->rule.starts_with("generic-") ||
            inside == std::string::npos) {
          continue;
        }
        const std::string_view path = std::string_view(finding->path).substr(inside - 1);
        if (IsOfTests(path)) finding->level = Level::kWarning;
      }
    }
  }

  std::vector<const ShippedFile*> ClaimsOn(const Finding& finding) const {
    std::vector<const ShippedFile*> claims;
    const auto add = [&](std::string_view path) {
      const auto found = shipped_.find(std::string(WithoutUsr(path)));
      if (found == shipped_.end()) return;
      for (const ShippedFile& file : found->second) claims.push_back(&file);
    };
    add(finding.path);
    for (const std::string& link : finding.links) add(link);
    return claims;
  }

  using Digests = std::map<HashKind, std::string>;

  const Entry& EntryAt(const EntryPlace& place) const {
    return image_.layers()[static_cast<std::size_t>(place.first)].entries()[place.second];
  }

  // Layer by layer, each of which is read once.
  void JudgeByDigests() {
    for (auto suspect = suspects_.begin(); suspect != suspects_.end();) {
      const int layer = suspect->first.first;
      std::map<EntryPlace, std::vector<const ShippedFile*>> claimed;
      for (; suspect != suspects_.end() && suspect->first.first == layer; ++suspect) {
        std::vector<const ShippedFile*> claims = ClaimsOn(*suspect->second.front());
        if (!claims.empty()) claimed.emplace(suspect->first, std::move(claims));
      }
      const std::map<const Entry*, Digests> digests = DigestsOf(layer, claimed);
      for (const auto& [place, claims] : claimed) {
        Judge(suspects_.at(place), claims, digests.at(&EntryAt(place)));
      }
    }
  }

  std::map<const Entry*, Digests> DigestsOf(
      int layer, const std::map<EntryPlace, std::vector<const ShippedFile*>>& claimed) const {
    std::map<const Entry*, std::map<HashKind, Hash>> hashes;
    std::vector<const Entry*> entries;
    for (const auto& [place, claims] : claimed) {
      entries.push_back(&EntryAt(place));
      for (const ShippedFile* claim : claims) {
        hashes[entries.back()].try_emplace(claim->hash, claim->hash);
      }
    }
    const auto sink = [&hashes](const Entry& entry, std::string_view piece) {
      for (auto& [kind, hash] : hashes[&entry]) hash.Update(piece);
    };
    ReadContents(image_.layers()[static_cast<std::size_t>(layer)], std::move(entries), sink,
                 &ready_);
    std::map<const Entry*, Digests> digests;
    for (auto& [entry, of_entry] : hashes) {
      for (auto& [kind, hash] : of_entry) digests[entry][kind] = hash.Hex();
    }
    return digests;
  }

  void Judge(const std::vector<Finding*>& found, const std::vector<const ShippedFile*>& claims,
             const Digests& digests) {
    const auto agrees = std::find_if(claims.begin(), claims.end(), [&](const ShippedFile* claim) {
      return claim->digest == digests.at(claim->hash);
    });
    if (agrees == claims.end()) return;
    for (Finding* finding : found) Lower(finding, **agrees);
  }

  // Nobody publishes files such as .npmrc, and what a later layer adds is no part of the package.
  void JudgeByFolder(const EntryPlace& place, const std::vector<Finding*>& found) {
    const std::string_view path = found.front()->path;
    if (path.substr(path.rfind('/') + 1).starts_with('.')) return;
    const std::size_t modules = path.rfind("node_modules/");
    if (modules == std::string_view::npos) return;
    std::size_t end = path.find('/', path.find('/', modules) + 1);
    if (path[path.find('/', modules) + 1] == '@') end = path.find('/', end + 1);
    const auto folder = folders_.find({place.first, std::string(path.substr(0, end))});
    if (folder == folders_.end()) return;
    for (Finding* finding : found) {
      if (finding->level == Level::kError) Lower(finding, folder->second);
    }
  }

  void Lower(Finding* finding, const ShippedFile& file) {
    finding->level = file.level;
    if (file.level == Level::kNote && IsToken(finding->rule)) finding->level = Level::kWarning;
    finding->package = file.package;
    public_.emplace(std::pair(finding->path, finding->value), &file);
  }

  void LowerCompiled() {
    for (Finding& finding : *findings_) {
      if (finding.level != Level::kError || finding.carrier != Carrier::kFile) continue;
      const auto source = public_.find({SourceOf(finding.path), finding.value});
      if (source != public_.end()) Lower(&finding, *source->second);
    }
  }

  const Image& image_;
  const ReadyContents& ready_;
  std::vector<Finding>* findings_;
  std::map<EntryPlace, std::vector<Finding*>> suspects_;
  std::set<std::string_view> wanted_;  // paths without usr/
  std::set<std::string> sources_;      // folders of packages before they are installed
  std::map<std::string, std::vector<ShippedFile>> shipped_;
  std::map<std::pair<int, std::string>, ShippedFile> folders_;  // by layer and path
  // Path and value of what a package ships.
  std::map<std::pair<std::string, std::string>, const ShippedFile*> public_;
};

}  // namespace

void LowerKnownContent(const Image& image, const ReadyContents& ready,
                       std::vector<Finding>* findings) {
  try {
    KnownContent(image, ready, findings).Run();
  } catch (const std::runtime_error&) {
    // A layer that cannot be read, of which the search tells, or a hash that OpenSSL does not
    // offer: what was not judged stays an error.
  }
}

}  // namespace watertight
