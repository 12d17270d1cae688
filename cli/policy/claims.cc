#include "cli/policy/claims.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "cli/policy/conditions.h"
#include "cli/policy/image_names.h"
#include "cli/policy/scalar.h"
#include "watertight/gtest.h"

namespace watertight::cli {
namespace {

using Kind = YamlNode::Kind;
using Matchers = std::vector<testing::Matcher<const Image&>>;

// One, or a list of such.
template <typename Read>
void ForEach(const YamlNode& node, const Read& read) {
  if (node.kind != Kind::kList) return read(node);
  for (const YamlNode& item : node.items) read(item);
}

// Names, or a map of them with a condition for the value of each.
template <ConfigMatcher (*set)(const std::string&),
          ConfigMatcher (*holds)(const std::string&, const StringMatcher&)>
void ReadNamed(const Reading& reading, const std::string& what, const YamlNode& node,
               Matchers* all) {
  if (node.kind != Kind::kMap) {
    return ForEach(node, [&](const YamlNode& item) {
      all->push_back(set(Text(reading, "a name of " + what, item)));
    });
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& name = node.keys[i].text;
    all->push_back(holds(name, ReadText(reading, name, node.items[i])));
  }
}

// NAME=VALUE looks like one, and is never there.
void ExpectVariables(const Reading& reading, const YamlNode& node) {
  const auto expect = [&reading](const YamlNode& name) {
    if (name.text.find('=') == std::string::npos) return;
    reading.Fail(name, "the name of a variable has no =; a value is asked for as {NAME: VALUE}");
  };
  for (const YamlNode& name : node.keys) expect(name);
  if (node.kind != Kind::kMap) ForEach(node, expect);
}

std::vector<std::string> Words(const Reading& reading, const std::string& what,
                               const YamlNode& node) {
  std::vector<std::string> words;
  for (const YamlNode& item : Items(reading, what, node)) {
    if (item.kind != Kind::kText) {
      reading.Fail(item, "a word of " + what + " is a text, not " + Describe(item));
    }
    words.push_back(item.text);
  }
  return words;
}

// Entries of the root filesystem

struct EntryClaims {
  std::string path;
  std::vector<RootfsEntryMatcher> conditions;
};

int Mode(const Reading& reading, const YamlNode& node) {
  constexpr int kOctal = 8;
  constexpr int kMost = 07777;
  const std::string as_written = Scalar(reading, "mode", node);
  std::string digits = DigitsOf(node);
  if (node.plain && as_written.starts_with("0o")) digits = as_written.substr(2);
  if (node.plain && as_written.starts_with("0x")) digits.clear();
  int mode = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, mode, kOctal);
  if (digits.empty() || read.ec != std::errc() || read.ptr != end || mode < 0 || mode > kMost) {
    reading.Fail(node, "mode is octal, such as 0755 or 04755");
  }
  return mode;
}

// "0" or "1000:1000".
EntryMatcher Owner(const Reading& reading, const YamlNode& node) {
  std::string text = Scalar(reading, "owner", node);
  if (NumberOf(node)) text = DigitsOf(node);
  std::uint32_t ids[2] = {};
  const std::size_t colon = text.find(':');
  const std::string parts[2] = {text.substr(0, colon),
                                colon == std::string::npos ? "0" : text.substr(colon + 1)};
  for (int i = 0; i < 2; ++i) {
    YamlNode part = node;
    part.text = parts[i];
    part.plain = false;
    const std::int64_t id =
        parts[i].size() > 10 ? -1 : Count(reading, "owner, UID or UID:GID,", part);
    if (id < 0 || id > UINT32_MAX) reading.Fail(node, "owner is UID or UID:GID, of 32 bits");
    ids[i] = static_cast<std::uint32_t>(id);
  }
  return colon == std::string::npos ? OwnedBy(ids[0]) : OwnedBy(ids[0], ids[1]);
}

const std::vector<Key<EntryClaims>>& DirectoryTable() {
  static const std::vector<Key<EntryClaims>> keys = {
      {"path", true,
       [](const Reading& reading, const YamlNode& node, EntryClaims* entry) {
         entry->path = Text(reading, "path", node);
       }},
      {"mode", false,
       [](const Reading& reading, const YamlNode& node, EntryClaims* entry) {
         entry->conditions.push_back(HasMode(Mode(reading, node)));
       }},
      {"owner", false,
       [](const Reading& reading, const YamlNode& node, EntryClaims* entry) {
         entry->conditions.push_back(Owner(reading, node));
       }},
  };
  return keys;
}

const std::vector<Key<EntryClaims>>& FileTable() {
  static const auto* keys = [] {
    auto* all = new std::vector<Key<EntryClaims>>(DirectoryTable());
    all->push_back(
        {"size", false, [](const Reading& reading, const YamlNode& node, EntryClaims* entry) {
           entry->conditions.push_back(HasSize(ReadSize(reading, "size", node)));
         }});
    all->push_back(
        {"content", false, [](const Reading& reading, const YamlNode& node, EntryClaims* entry) {
           entry->conditions.push_back(HasContent(ReadText(reading, "content", node)));
         }});
    return all;
  }();
  return *keys;
}

using HasPath = testing::Matcher<const Image&> (*)(std::string);
using HasEntry = testing::Matcher<const Image&> (*)(std::string, RootfsEntryMatcher);

template <HasPath has, HasEntry has_such>
void ReadEntries(const Reading& reading, const std::string& what, const YamlNode& node,
                 const std::vector<Key<EntryClaims>>& keys, Matchers* all) {
  ForEach(node, [&](const YamlNode& item) {
    EntryClaims entry;
    if (item.kind == Kind::kMap) {
      ReadMap(reading, "an item of " + what, item, keys, &entry);
    } else {
      entry.path = Text(reading, "a path of " + what, item);
    }
    const auto& conditions = entry.conditions;
    all->push_back(conditions.empty() ? has(entry.path)
                   : conditions.size() == 1
                       ? has_such(entry.path, conditions.front())
                       : has_such(entry.path, testing::AllOfArray(conditions)));
  });
}

const std::vector<Key<PathPatterns>>& PatternKeys() {
  static const std::vector<Key<PathPatterns>> keys = {
      {"globs", true,
       [](const Reading& reading, const YamlNode& node, PathPatterns* patterns) {
         patterns->globs = Globs(reading, "globs", node);
       }},
      {"except", false,
       [](const Reading& reading, const YamlNode& node, PathPatterns* patterns) {
         patterns->except = Globs(reading, "except", node);
       }},
  };
  return keys;
}

const std::vector<Key<Exceptions>>& ExceptKeys() {
  static const std::vector<Key<Exceptions>> keys = {
      {"except", true,
       [](const Reading& reading, const YamlNode& node, Exceptions* into) {
         into->globs = Globs(reading, "except", node);
       }},
  };
  return keys;
}

// Globs alone, or a map with exceptions.
PathPatterns ReadPatterns(const Reading& reading, const std::string& what, const YamlNode& node) {
  PathPatterns patterns;
  if (node.kind == Kind::kMap) {
    ReadMap(reading, what, node, PatternKeys(), &patterns);
  } else if (node.kind == Kind::kList) {
    patterns.globs = Globs(reading, what, node);
  } else {
    YamlNode list = node;
    list.kind = Kind::kList;
    list.items = {node};
    patterns.globs = Globs(reading, what, list);
  }
  if (patterns.globs.empty()) reading.Fail(node, what + " needs a pattern");
  return patterns;
}

// true alone: false takes the claim away.
void ExpectTrue(const Reading& reading, const std::string& what, const YamlNode& node) {
  IsTrue(reading, what, node);
}

Image OpenOther(const Reading& reading, const std::string& what, const YamlNode& node) {
  try {
    return Image::Open(InFolder(reading.folder, Text(reading, what, node)));
  } catch (const Error& error) {
    reading.Fail(node, error.what());
  }
}

// One row: a matcher, and how its arguments are read.
using Row = Key<Matchers>;

const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = {
      {"RunsAs", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(RunsAs(Scalar(reading, "RunsAs", node)));
       }},
      {"RunsAsNonRoot", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         ExpectTrue(reading, "RunsAsNonRoot", node);
         all->push_back(RunsAsNonRoot());
       }},
      {"HasEnv", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         ExpectVariables(reading, node);
         ReadNamed<HasEnv, HasEnv>(reading, "HasEnv", node, all);
       }},
      {"HasLabel", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         ReadNamed<HasLabel, HasLabel>(reading, "HasLabel", node, all);
       }},
      {"HasEntrypoint", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(HasEntrypoint(Words(reading, "HasEntrypoint", node)));
       }},
      {"HasCmd", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(HasCmd(Words(reading, "HasCmd", node)));
       }},
      {"HasWorkdir", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(HasWorkdir(ReadText(reading, "HasWorkdir", node)));
       }},
      {"HasStopSignal", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(HasStopSignal(ReadText(reading, "HasStopSignal", node)));
       }},
      {"Exposes", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         ForEach(node, [&](const YamlNode& item) {
           all->push_back(Exposes(Port(reading, "a port of Exposes", item)));
         });
       }},
      {"HasVolume", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         ForEach(node, [&](const YamlNode& item) {
           all->push_back(HasVolume(Text(reading, "a path of HasVolume", item)));
         });
       }},
      {"HasHealthcheck", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         ExpectTrue(reading, "HasHealthcheck", node);
         all->push_back(HasHealthcheck());
       }},
      {"HasFile", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         ReadEntries<HasFile, HasFile>(reading, "HasFile", node, FileTable(), all);
       }},
      {"HasDirectory", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         ReadEntries<HasDirectory, HasDirectory>(reading, "HasDirectory", node, DirectoryTable(),
                                                 all);
       }},
      {"HasSymlink", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         if (node.kind != Kind::kMap) {
           return ForEach(node, [&](const YamlNode& item) {
             all->push_back(HasSymlink(Text(reading, "a path of HasSymlink", item)));
           });
         }
         for (std::size_t i = 0; i < node.keys.size(); ++i) {
           const std::string& path = node.keys[i].text;
           all->push_back(HasSymlink(path, ReadText(reading, path, node.items[i])));
         }
       }},
      {"LacksFile", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(LacksFile(ReadPatterns(reading, "LacksFile", node)));
       }},
      {"NeverStores", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(NeverStores(ReadPatterns(reading, "NeverStores", node)));
       }},
      {"HasNoSetuidFiles", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         Exceptions except;
         if (node.kind == Kind::kMap) {
           ReadMap(reading, "HasNoSetuidFiles", node, ExceptKeys(), &except);
         } else {
           ExpectTrue(reading, "HasNoSetuidFiles, unless it is a map of its options,", node);
         }
         all->push_back(HasNoSetuidFiles(except));
       }},
      {"HasSize", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(HasSize(ReadSize(reading, "HasSize", node)));
       }},
      {"HasLayerCount", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         const NumberCondition count = ReadCount(reading, "HasLayerCount", node);
         all->push_back(HasLayerCount(testing::SafeMatcherCast<int>(count)));
       }},
      {"WastesAtMost", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         if (!node.text.ends_with('%')) {
           all->push_back(
               WastesAtMost(Bytes(reading, "WastesAtMost, unless it is such as 5%,", node)));
           return;
         }
         YamlNode number = node;
         number.plain = true;
         number.text.pop_back();
         const bool digits = number.text.find_first_not_of("0123456789.") == std::string::npos;
         const std::optional<double> percent = NumberOf(number);
         if (!digits || !percent || !(*percent >= 0 && *percent <= 100)) {
           reading.Fail(node, "WastesAtMost is 0% to 100%");
         }
         all->push_back(WastesAtMost(Percent(*percent)));
       }},
      {"IsBasedOn", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(IsBasedOn(OpenOther(reading, "IsBasedOn", node)));
       }},
      {"HasSameContentAs", false,
       [](const Reading& reading, const YamlNode& node, Matchers* all) {
         all->push_back(HasSameContentAs(OpenOther(reading, "HasSameContentAs", node)));
       }},
  };
  return rows;
}

const Row* FindRow(const std::string& name) {
  const auto row =
      std::find_if(Rows().begin(), Rows().end(), [&](const Row& one) { return one.name == name; });
  return row == Rows().end() ? nullptr : &*row;
}

void Replace(std::string name, Matchers matchers, Claims* claims) {
  std::erase_if(*claims, [&](const Claim& claim) { return claim.name == name; });
  if (!matchers.empty()) claims->push_back({std::move(name), std::move(matchers)});
}

bool IsFalse(const YamlNode& node) { return BooleanOf(node) == false; }

Matchers ReadMatchers(const Reading& reading, const std::string& name, const YamlNode& node) {
  Matchers matchers;
  if (IsFalse(node)) return matchers;
  FindRow(name)->read(reading, node, &matchers);
  if (matchers.empty()) reading.Fail(node, name + " says nothing; false switches it off");
  return matchers;
}

}  // namespace

bool IsClaim(const std::string& name) { return FindRow(name) != nullptr; }

std::vector<std::string> ClaimNames() { return NamesOf(Rows()); }

void ReadClaim(const Reading& reading, const std::string& name, const YamlNode& node,
               Claims* claims) {
  Replace(name, ReadMatchers(reading, name, node), claims);
}

void ReadNot(const Reading& reading, const YamlNode& node, Claims* claims) {
  if (node.kind != Kind::kMap) {
    reading.Fail(node, "Not is a map of checks, not " + std::string(Describe(node)));
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& name = node.keys[i].text;
    if (!IsClaim(name)) {
      reading.Fail(node.keys[i],
                   "Not has no key " + Printable(name) + NearestOf(name, ClaimNames()));
    }
    Matchers matchers = ReadMatchers(reading, name, node.items[i]);
    for (auto& matcher : matchers) matcher = testing::Not(matcher);
    Replace("Not." + name, std::move(matchers), claims);
  }
}

std::vector<MapKeys> ClaimMaps() {
  return {{"not", ClaimNames(), {}},
          KeysOf("fileMap", FileTable()),
          KeysOf("directoryMap", DirectoryTable()),
          KeysOf("patterns", PatternKeys()),
          KeysOf("exceptions", ExceptKeys())};
}

}  // namespace watertight::cli
