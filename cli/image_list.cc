#include "cli/image_list.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "cli/policy/image_names.h"
#include "framework/image/decompress.h"
#include "framework/image/path.h"
#include "framework/image/tar_fields.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestLine = std::size_t{1} << 16;

bool IsLayout(const fs::path& folder) {
  constexpr const char* kDocuments[] = {"index.json", "manifest.json", "oci-layout"};
  return std::any_of(std::begin(kDocuments), std::end(kDocuments), [&](const char* name) {
    std::error_code error;
    return fs::exists(folder / name, error);
  });
}

// One that cannot be read does: opening it tells why.
bool BeginsAsImage(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) return IsLayout(path);
  if (!fs::is_regular_file(status)) return false;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return true;
  char block[512] = {};
  stream.read(block, sizeof block);
  const std::string_view head(block, static_cast<std::size_t>(stream.gcount()));
  if (DetectCompression(head) != Compression::kNone) return true;
  return head.size() == sizeof block && ChecksumFits(head);
}

class Lister {
 public:
  ImageList Take() { return std::move(list_); }

  void AddWord(const std::string& word) {
    if (word.starts_with('@')) return AddList(word.substr(1));
    AddReference(word);
  }

  void AddList(const std::string& file) {
    const bool standard = file == "-";
    if (!standard && fs::is_directory(file)) {
      throw Error(ErrorCode::kIo, Printable(file) + ": is a directory");
    }
    std::ifstream opened;
    if (!standard) opened.open(file, std::ios::binary);
    if (!opened) throw Error(ErrorCode::kNotFound, Printable(file) + ": cannot be opened");
    std::istream& stream = standard ? std::cin : opened;
    const std::size_t before = list_.images.size() + list_.others.size();
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
      constexpr std::string_view kMark = "\xef\xbb\xbf";  // of UTF-8
      if (number == 1 && line.starts_with(kMark)) line.erase(0, kMark.size());
      AddLine(Printable(file) + ":" + std::to_string(number) + ": ", line);
    }
    if (stream.bad()) throw Error(ErrorCode::kIo, Printable(file) + ": cannot be read");
    if (list_.images.size() + list_.others.size() == before) {
      throw Error(ErrorCode::kUsage, Printable(file) + ": names no image");
    }
  }

 private:
  // place: of the line, for errors.
  void AddLine(const std::string& place, std::string line) {
    if (line.size() > kLongestLine || line.find('\0') != std::string::npos) {
      throw Error(ErrorCode::kUsage, place + "is no name of an image");
    }
    constexpr const char* kBlanks = " \t\r";
    line.erase(line.find_last_not_of(kBlanks) + 1);
    line.erase(0, std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty() || line.front() == '#') return;
    if (line.front() == '@') {
      throw Error(ErrorCode::kUsage, place + "a list names images, and no other list");
    }
    AddReference(line);
  }

  void AddReference(const std::string& reference) {
    std::error_code error;
    const bool folder = TransportOf(reference).empty() && fs::is_directory(reference, error);
    if (folder && !IsLayout(reference)) return AddFolder(reference);
    list_.images.push_back({reference, false});
  }

  // One without an image is left to opening, which tells that it is none.
  void AddFolder(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      names.push_back(entry->path().filename().string());
    }
    if (error) {
      throw Error(ErrorCode::kIo, Printable(folder) + ": cannot be read: " + error.message());
    }
    std::sort(names.begin(), names.end(), ComesBefore);
    std::vector<std::string> others;
    const std::size_t before = list_.images.size();
    for (const std::string& name : names) {
      const std::string path = (fs::path(folder) / name).string();
      if (BeginsAsImage(path)) {
        list_.images.push_back({path, true});
      } else {
        others.push_back(path);
      }
    }
    if (list_.images.size() == before) return list_.images.push_back({folder, false});
    list_.others.insert(list_.others.end(), others.begin(), others.end());
  }

  ImageList list_;
};

}  // namespace

ImageList ListImages(const std::vector<std::string>& words, const std::vector<std::string>& lists) {
  const auto readers =  // of standard input
      std::count(words.begin(), words.end(), "-") + std::count(words.begin(), words.end(), "@-") +
      std::count(lists.begin(), lists.end(), "-");
  if (readers > 1) {
    throw Error(ErrorCode::kUsage, "standard input is named twice; it is one image or one list");
  }
  Lister lister;
  for (const std::string& word : words) lister.AddWord(word);
  for (const std::string& file : lists) lister.AddList(file);
  return lister.Take();
}

}  // namespace watertight::cli
