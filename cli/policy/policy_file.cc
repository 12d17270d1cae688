#include "cli/policy/policy_file.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <set>
#include <utility>

#include "cli/policy/image_names.h"
#include "cli/policy/policy_keys.h"
#include "cli/policy/scalar.h"
#include "framework/scan/wildcard.h"
#include "watertight/glob.h"

namespace watertight::cli {
namespace {

namespace fs = std::filesystem;
using Kind = YamlNode::Kind;

constexpr std::size_t kDeepest = 16;  // files that include each other

std::string FolderOf(const std::string& file) { return fs::path(file).parent_path().string(); }

// One text, or a list of such.
std::vector<std::string> OneOrMore(const Reading& reading, const std::string& what,
                                   const YamlNode& node) {
  if (node.kind != Kind::kList) return {Text(reading, what, node)};
  if (node.items.empty()) reading.Fail(node, what + " is an empty list");
  return Texts(reading, what, node);
}

void ExpectSomeCheck(const Policy& policy, const std::string& file, const YamlNode& node) {
  if (!ChecksNothing(policy)) return;
  throw YamlError(file, ValueOf(node, "checks").place,
                  "every check is switched off, and no secret is given");
}

// images:

struct EntryReading {
  ImageEntry* entry;
  Policy* policy;
};

void ExpectPattern(const Reading& reading, const YamlNode& node, const std::string& name) {
  if (!NamesPath(name) || !IsPattern(name)) return;
  try {
    const Glob glob(name);
  } catch (const Error& error) {
    reading.Fail(node, error.what());
  }
}

void ReadNames(const Reading& reading, const YamlNode& node, EntryReading* into) {
  into->entry->names = OneOrMore(reading, "image", node);
  for (std::size_t i = 0; i < into->entry->names.size(); ++i) {
    ExpectPattern(reading, node.kind == Kind::kList ? node.items[i] : node, into->entry->names[i]);
  }
}

void ReadPlatform(const Reading& reading, const YamlNode& node, EntryReading* into) {
  const std::string platform = Text(reading, "platform", node);
  const std::size_t slash = platform.find('/');
  if (slash == 0 || slash == std::string::npos || platform.ends_with('/')) {
    reading.Fail(node, "platform is OS/ARCH, such as linux/arm64");
  }
  into->entry->platform = platform;
}

const std::vector<Key<EntryReading>>& EntryKeys() {
  static const std::vector<Key<EntryReading>> keys = WithPolicyKeys<EntryReading>({
      {"image", false, ReadNames},
      {"tags", false,
       [](const Reading& reading, const YamlNode& node, EntryReading* into) {
         into->entry->tags = OneOrMore(reading, "tags", node);
       }},
      {"platform", false, ReadPlatform},
  });
  return keys;
}

// Reads the entry, and lays what it says over the policy.
void LayOver(const std::string& today, ImageEntry* entry, Policy* policy) {
  const Reading reading{entry->file, entry->folder, today};
  EntryReading into{entry, policy};
  ReadMap(reading, "an entry of images", entry->node, EntryKeys(), &into);
  if (entry->names.empty() && entry->tags.empty()) {
    reading.Fail(entry->node, "an entry of images needs image or tags");
  }
}

// The files, from the innermost one on.

struct FileReading {
  Policy* policy;
  std::vector<ImageEntry>* entries;
};

const std::vector<Key<FileReading>>& FileKeys() {
  static const std::vector<Key<FileReading>> keys = WithPolicyKeys<FileReading>({
      {"version", true,
       [](const Reading& reading, const YamlNode& node, FileReading* /*into*/) {
         if (NumberOf(node) != 1) reading.Fail(node, "version is 1");
       }},
      // Read before all others.
      {"include", false,
       [](const Reading& /*reading*/, const YamlNode& /*node*/, FileReading* /*into*/) {}},
      {"images", false,
       [](const Reading& reading, const YamlNode& node, FileReading* into) {
         for (const YamlNode& item : Items(reading, "images", node)) {
           into->entries->push_back({reading.file, item.place, reading.folder, {}, {}, "", item});
         }
       }},
  });
  return keys;
}

class Includer {
 public:
  Includer(const std::string& today, FileReading into) : today_(today), into_(into) {}

  // Of all files that were included so far.
  const std::string& text() const { return text_; }

  void Read(const YamlNode& root, const std::string& file) {
    const std::string folder = FolderOf(file);
    const Reading reading{file, folder, today_};
    open_.push_back(NameOf(file));
    const YamlNode& include = ValueOf(root, "include");
    if (&include != &root) ReadIncluded(reading, include);
    ReadMap(reading, "a policy", root, FileKeys(), &into_);
    open_.pop_back();
  }

 private:
  static std::string NameOf(const std::string& file) {
    std::error_code error;
    return fs::weakly_canonical(file, error).string();
  }

  void ReadIncluded(const Reading& reading, const YamlNode& include) {
    const std::vector<std::string> names = OneOrMore(reading, "include", include);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const YamlNode& node = include.kind == Kind::kList ? include.items[i] : include;
      ReadFile(reading, node, (fs::path(reading.folder) / names[i]).lexically_normal().string());
    }
  }

  // A file that is included in two ways is read once.
  void ReadFile(const Reading& reading, const YamlNode& node, const std::string& file) {
    const std::string name = NameOf(file);
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) {
      reading.Fail(node, Printable(file) + " includes this file: they go in a circle");
    }
    if (open_.size() >= kDeepest) {
      reading.Fail(node, "more than " + std::to_string(kDeepest) + " files include each other");
    }
    if (!read_.insert(name).second) return;
    std::string text;
    try {
      text = ReadYamlText(file);
    } catch (const Error& error) {
      reading.Fail(node, error.what());
    }
    text_ += std::to_string(text.size()) + ":" + text;
    Read(ParseYaml(text, file), file);
  }

  const std::string& today_;
  FileReading into_;
  std::vector<std::string> open_;
  std::set<std::string> read_;
  std::string text_;
};

std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  gmtime_r(&now, &day);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &day)};
}

}  // namespace

bool ImageEntry::FitsName(const std::string& reference) const {
  return names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
           return NameFits(name, folder, reference);
         });
}

bool ImageEntry::FitsTag(const std::vector<std::string>& image) const {
  return tags.empty() || std::any_of(tags.begin(), tags.end(), [&](const std::string& tag) {
           return std::any_of(image.begin(), image.end(),
                              [&](const std::string& one) { return MatchesWildcard(tag, one); });
         });
}

PolicyFile PolicyFile::Parse(const std::string& text, const std::string& file,
                             const std::string& today) {
  PolicyFile policy;
  policy.file_ = file;
  policy.today_ = today;
  const YamlNode root = ParseYaml(text, file);
  Includer includer(policy.today_, {&policy.plain_, &policy.entries_});
  includer.Read(root, file);
  policy.text_ = text + includer.text();
  policy.base_ = policy.plain_;
  ActivateAllow(&policy.base_);
  if (policy.entries_.empty()) ExpectSomeCheck(policy.base_, file, root);
  for (ImageEntry& entry : policy.entries_) {
    Policy alone = policy.plain_;
    LayOver(policy.today_, &entry, &alone);
    ActivateAllow(&alone);
    ExpectSomeCheck(alone, entry.file, entry.node);
  }
  return policy;
}

PolicyFile PolicyFile::Read(const std::string& text, const std::string& file) {
  return Parse(text, file, Today());
}

Policy PolicyFile::With(const std::vector<std::size_t>& entries) const {
  if (entries.empty()) {
    ExpectSomeCheck(base_, file_, YamlNode());
    return base_;
  }
  Policy policy = plain_;
  for (const std::size_t index : entries) {
    ImageEntry entry = entries_[index];
    LayOver(today_, &entry, &policy);
  }
  ActivateAllow(&policy);
  ExpectSomeCheck(policy, entries_[entries.back()].file, entries_[entries.back()].node);
  return policy;
}

std::vector<MapKeys> PolicyMaps() {
  std::vector<MapKeys> maps = {KeysOf("policy", FileKeys()), KeysOf("image", EntryKeys())};
  const std::vector<MapKeys> below = PolicyKeyMaps();
  maps.insert(maps.end(), below.begin(), below.end());
  return maps;
}

}  // namespace watertight::cli
