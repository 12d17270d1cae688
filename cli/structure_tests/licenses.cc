// Licence texts that name none of two licences, and are there for each package of Debian.

#include <algorithm>
#include <cctype>
#include <iterator>

#include "cli/structure_tests/test_work.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr const char* kPackages = "usr/share/doc";
constexpr const char* kForbidden[] = {"AGPL", "WTFPL"};
// Passes whatever its text says.
constexpr const char* kForgiven = "libgnutls30";

// Empty for a file that is well, else what is not, as the text behind the image's name.
std::string Wrong(const TestWork& work, const std::string& path) {
  std::string text;
  try {
    text = ReadContent(work, path);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    return "its rootfs " + std::string(error.what());
  }
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto* const word =
      std::find_if(std::begin(kForbidden), std::end(kForbidden),
                   [&](const char* one) { return text.find(one) != std::string::npos; });
  return word == std::end(kForbidden) ? "" : ShownPath(path) + " holds " + *word;
}

// The licence files of all packages. Throws: Error, kNotFound as ReadContent does.
std::vector<std::string> PackageLicenses(const Image& image) {
  const RootfsEntry* const folder = image.rootfs().Resolve(kPackages);
  if (folder == nullptr || folder->type() != EntryType::kDirectory) {
    throw Error(ErrorCode::kNotFound, std::string("has no directory /") + kPackages);
  }
  std::vector<std::string> files;
  for (const RootfsEntry& entry : image.rootfs()) {
    const auto [parent, name] = SplitParent(entry.path());
    if (parent != folder->path() || entry.type() != EntryType::kDirectory || name == kForgiven) {
      continue;
    }
    files.push_back(std::string(entry.path()) + "/copyright");
  }
  return files;
}

}  // namespace

std::vector<std::string> LicenseFiles(const Image& image, const LicenseTest& test) {
  std::vector<std::string> files;
  if (test.debian) files = PackageLicenses(image);
  files.insert(files.end(), test.files.begin(), test.files.end());
  return files;
}

CheckResult RunLicense(const TestWork& work, const LicenseTest& test) {
  std::vector<std::string> files;
  std::vector<std::string> wrong;
  try {
    files = LicenseFiles(work.image, test);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    wrong.push_back("its rootfs " + std::string(error.what()));
  }
  for (const std::string& file : files) {
    std::string line = Wrong(work, file);
    if (!line.empty()) wrong.push_back(std::move(line));
  }
  if (wrong.empty()) return Passed(Counted(files.size(), "licence file"));
  std::string evidence = "which has others:";
  for (const std::string& line : wrong) evidence += "\n    " + line;
  return FailedBy(work, {"has licence files that name neither AGPL nor WTFPL", evidence, "",
                         wrong.front().substr(0, wrong.front().find('\n')), test.place});
}

}  // namespace watertight::cli
