#include "generator/build/mtree.h"

#include <cstdlib>
#include <map>
#include <sstream>

#include "generator/error.h"

namespace watertight::generator {
namespace {

using Keywords = std::map<std::string, std::string>;

// e_ident, e_type EXEC, e_machine x86-64, e_version, and e_ehsize (System V ABI, ELF header).
std::string ElfStub(const std::string& path) {
  std::string stub(64, '\0');
  stub.replace(0, 8,
               std::string("\x7f"
                           "ELF\2\1\1\0",
                           8));
  stub[16] = 2;
  stub[18] = 62;
  stub[20] = 1;
  stub[52] = 64;
  return stub + path + '\0';
}

void ReadKeywords(std::istringstream& words, Keywords& into) {
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    if (equals == word.npos) throw Error("mtree: " + word + " has no value");
    into[word.substr(0, equals)] = word.substr(equals + 1);
  }
}

std::string Value(const Keywords& keywords, const char* key, const char* otherwise) {
  const auto found = keywords.find(key);
  return found == keywords.end() ? otherwise : found->second;
}

// \040 and the like, as vis(3) writes bytes that would end a word.
std::string Unescaped(const std::string& path) {
  std::string bytes;
  for (size_t i = 0; i < path.size(); ++i) {
    const bool octal = path[i] == '\\' && i + 3 < path.size();
    bytes +=
        octal ? static_cast<char>(std::strtol(path.substr(i + 1, 3).c_str(), nullptr, 8)) : path[i];
    if (octal) i += 3;
  }
  return bytes;
}

TarEntry EntryOf(const std::string& path, const Keywords& keywords, std::int64_t mtime,
                 const std::function<std::string(const std::string&)>& contents) {
  TarEntry entry;
  entry.name = Unescaped(path.substr(path.find_first_not_of("./")));
  entry.mtime = mtime;
  entry.uid = std::atoll(Value(keywords, "uid", "0").c_str());
  entry.gid = std::atoll(Value(keywords, "gid", "0").c_str());
  const std::string type = Value(keywords, "type", "file");
  const char* mode = type == "dir" ? "0755" : type == "link" ? "0777" : "0644";
  entry.mode =
      static_cast<std::uint32_t>(std::strtoul(Value(keywords, "mode", mode).c_str(), nullptr, 8));
  if (type == "dir") {
    entry.type = '5';
    entry.name += '/';
  } else if (type == "link") {
    entry.type = '2';
    entry.link = Unescaped(Value(keywords, "link", ""));
  } else if (type == "file") {
    const std::string name = Value(keywords, "contents", "");
    if (!name.empty()) {
      entry.content = Rope(contents(name));
    } else if ((entry.mode & 0111) != 0) {
      entry.content = Rope(ElfStub(entry.name));
    }
  } else {
    throw Error("mtree: unknown type " + type);
  }
  return entry;
}

}  // namespace

std::vector<TarEntry> ReadMtree(std::string_view text, std::int64_t mtime,
                                const std::function<std::string(const std::string&)>& contents) {
  std::vector<TarEntry> entries;
  Keywords defaults;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    try {
      std::istringstream words(line);
      std::string first;
      if (!(words >> first) || first.starts_with('#')) continue;
      if (first == "/set") {
        ReadKeywords(words, defaults);
        continue;
      }
      Keywords keywords = defaults;
      ReadKeywords(words, keywords);
      if (first.find_first_not_of("./") == first.npos) continue;
      entries.push_back(EntryOf(first, keywords, mtime, contents));
    } catch (const Error& error) {
      throw error.At(number);
    }
  }
  return entries;
}

}  // namespace watertight::generator
