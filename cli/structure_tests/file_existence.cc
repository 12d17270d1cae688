// A path that is there, or is not, and its mode and owner.

#include <algorithm>
#include <iterator>
#include <optional>

#include "cli/structure_tests/expand.h"
#include "cli/structure_tests/test_work.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"

namespace watertight::cli {
namespace {

struct Letter {
  EntryType type;
  const char* letters;
};
constexpr Letter kTypes[] = {{EntryType::kDirectory, "d"},
                             {EntryType::kSymlink, "L"},
                             {EntryType::kBlockDevice, "D"},
                             {EntryType::kCharDevice, "D"},
                             {EntryType::kFifo, "p"}};

struct Bit {
  int bit;
  char letter;
};
constexpr Bit kSpecial[] = {{04000, 'u'}, {02000, 'g'}};
constexpr int kSticky = 01000;

// What the test asks of.
struct Attributes {
  EntryType type = EntryType::kDirectory;
  int mode = 0755;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

// As FileMode of Go is spelled: "dtrwxrwxrwx", "urwxr-xr-x", "-rw-r--r--".
std::string SpelledMode(const Attributes& found) {
  std::string text;
  for (const Letter& type : kTypes) {
    if (type.type == found.type) text += type.letters;
  }
  for (const Bit& special : kSpecial) {
    if ((found.mode & special.bit) != 0) text += special.letter;
  }
  if (found.type == EntryType::kCharDevice) text += 'c';
  if ((found.mode & kSticky) != 0) text += 't';
  if (text.empty()) text = "-";
  constexpr std::string_view kLetters = "rwxrwxrwx";
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    text += (found.mode & (0400 >> i)) != 0 ? kLetters[i] : '-';
  }
  return text;
}

struct Executor {
  const char* word;
  int bits;
};
constexpr Executor kExecutors[] = {
    {"any", 0111}, {"owner", 0100}, {"group", 0010}, {"other", 0001}};

// The root directory is what the last layer that states it says.
Attributes RootAttributes(const Image& image) {
  Attributes root;
  for (const Layer& layer : image.layers()) {
    for (const Entry& entry : layer.entries()) {
      if (!entry.path().empty() || entry.type() != EntryType::kDirectory) continue;
      root = {entry.type(), entry.mode().bits, entry.uid(), entry.gid()};
    }
  }
  return root;
}

std::optional<Attributes> Find(const Image& image, const std::string& path) {
  if (IsRoot(path)) return RootAttributes(image);
  const RootfsEntry* const entry = FindUnfollowed(image, path);
  if (entry == nullptr) return std::nullopt;
  // A link has all bits, whatever the tar says.
  const int mode = entry->type() == EntryType::kSymlink ? 0777 : entry->mode().bits;
  return Attributes{entry->type(), mode, entry->uid(), entry->gid()};
}

// What of the test does not hold, each as the text behind "whose ".
std::vector<std::string> Wrong(const FileExistenceTest& test, const Attributes& found) {
  std::vector<std::string> wrong;
  const std::string mode = SpelledMode(found);
  if (!test.permissions.empty() && test.permissions != mode) {
    wrong.push_back("permissions are " + mode + ", not " + Printable(test.permissions));
  }
  if (!test.executable_by.empty()) {
    const auto* const executor =
        std::find_if(std::begin(kExecutors), std::end(kExecutors),
                     [&](const Executor& one) { return test.executable_by == one.word; });
    if (executor == std::end(kExecutors)) {
      wrong.push_back("isExecutableBy is owner, group, other or any, not " +
                      Printable(test.executable_by));
    } else if ((found.mode & executor->bits) == 0) {
      wrong.push_back("permissions are " + mode + ", not executable by " + test.executable_by);
    }
  }
  if (test.uid != -1 && test.uid != found.uid) {
    wrong.push_back("user is " + std::to_string(found.uid) + ", not " + std::to_string(test.uid));
  }
  if (test.gid != -1 && test.gid != found.gid) {
    wrong.push_back("group is " + std::to_string(found.gid) + ", not " + std::to_string(test.gid));
  }
  return wrong;
}

}  // namespace

CheckResult RunFileExistence(const TestWork& work, const FileExistenceTest& test) {
  std::string path = test.path;
  if (work.tests.expands_paths) {
    path = Expand(path, [&](const std::string& name) { return EnvValue(work, name); });
  }
  const std::string shown = ShownPath(path);
  const std::optional<Attributes> found = Find(work.image, path);
  const auto layers = [&] {
    return IsRoot(path) ? "" : LayersOf(work.image, CleanName(path).path);
  };
  if (!test.should_exist) {
    if (!found) return Passed(shown + " is not there");
    return FailedBy(work, {"lacks " + shown, "whose rootfs has it" + layers(),
                           "To mend it: keep it out of the step that brings it.",
                           shown + " is there", test.place});
  }
  if (!found) {
    return FailedBy(work, {"has " + shown, "whose rootfs has no " + shown + layers(), "",
                           shown + " is not there", test.place});
  }
  const std::vector<std::string> wrong = Wrong(test, *found);
  if (wrong.empty()) return Passed(shown + ", " + SpelledMode(*found));
  TestFailure failure{"has " + shown + " as the test describes it", "", "", "", test.place};
  failure.evidence = "whose rootfs has " + shown + ", whose " + Enumerated(wrong) + layers();
  failure.remedy = "To mend it: chmod or chown it in the step that brings it.";
  failure.detail = shown + ": " + wrong.front();
  return FailedBy(work, failure);
}

}  // namespace watertight::cli
