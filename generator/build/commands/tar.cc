// tar: what its actions share.

#include "generator/build/commands/tar.h"

#include <algorithm>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/files.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/times.h"
#include "generator/build/shell/pattern.h"

namespace watertight::generator::commands {
namespace {

// The pattern may match what is before any slash, and so a directory above.
bool MatchesAbove(const std::string& pattern, std::string_view name) {
  for (std::size_t end = name.size(); end != name.npos && end > 0; end = name.rfind('/', end - 1)) {
    if (shell::MatchesPattern(pattern, name.substr(0, end))) return true;
  }
  return false;
}

std::string TypeAndModeOf(const UnpackedEntry& entry, bool busybox) {
  constexpr std::pair<char, char> kTypes[] = {{'1', 'h'}, {'2', 'l'}, {'3', 'c'},
                                              {'4', 'b'}, {'5', 'd'}, {'6', 'p'}};
  char type = '-';
  for (const auto& [known, letter] : kTypes) {
    if (known == entry.type && !(busybox && known == '1')) type = letter;
  }
  return type + ModeLetters(entry.attributes.mode);
}

}  // namespace

bool IsExcluded(const TarJob& job, std::string_view name) {
  name = WithoutSlashes(name);
  for (const std::string& pattern : job.excludes) {
    // It may match behind any slash, too.
    for (std::size_t at = 0;; ++at) {
      if (MatchesAbove(pattern, name.substr(at))) return true;
      at = name.find('/', at);
      if (at == name.npos) break;
    }
  }
  return false;
}

std::string Transformed(const TarJob& job, const std::string& name) {
  std::string text = name;
  for (const TarTransform& transform : job.transforms) {
    std::string result;
    std::size_t from = 0;
    while (const auto match = transform.pattern.Search(text, from)) {
      result += text.substr(from, match->begin() - from);
      for (std::size_t i = 0; i < transform.replacement.size(); ++i) {
        const char c = transform.replacement[i];
        const char next = i + 1 < transform.replacement.size() ? transform.replacement[i + 1] : 0;
        if (c == '&') {
          result += match->Text(text, 0);
        } else if (c == '\\' && next >= '0' && next <= '9') {
          const auto group = static_cast<std::size_t>(next - '0');
          if (group < match->groups.size()) result += match->Text(text, group);
          ++i;
        } else if (c == '\\' && next != 0) {
          result += next;
          ++i;
        } else {
          result += c;
        }
      }
      from = match->end();
      if (!transform.all) break;
      if (match->begin() == match->end()) {
        if (from == text.size()) break;
        result += text[from++];
      }
    }
    text = result + text.substr(std::min(from, text.size()));
  }
  return text;
}

std::string TarListing(const TarJob& job, const UnpackedEntry& entry, bool busybox,
                       std::size_t& width) {
  const bool numeric = job.numeric_owner && !busybox;
  const Attributes& attributes = entry.attributes;
  const std::string user =
      numeric || entry.uname.empty() ? std::to_string(attributes.uid) : entry.uname;
  const std::string group =
      numeric || entry.gname.empty() ? std::to_string(attributes.gid) : entry.gname;
  const std::string size = std::to_string(entry.content.size());
  std::string line = TypeAndModeOf(entry, busybox) + " " + user + "/" + group + " ";
  const std::size_t taken = user.size() + group.size() + 1 + size.size() + 1;
  if (busybox) {
    line += std::string(size.size() < 9 ? 9 - size.size() : 0, ' ') + size;
  } else {
    width = std::max(width, taken);
    line += std::string(width - taken, ' ') + size;
  }
  line += FormatTime(busybox ? " %Y-%m-%d %H:%M:%S " : " %Y-%m-%d %H:%M ", attributes.mtime);
  line += entry.name;
  if (entry.type == '2' || (busybox && entry.type == '1')) line += " -> " + entry.link;
  if (!busybox && entry.type == '1') line += " link to " + entry.link;
  return line + "\n";
}

std::string UnsafePrefix(std::string_view name) {
  std::size_t end = 0;
  // Up to and with the last "..", then all slashes.
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t slash = std::min(name.find('/', at), name.size());
    if (name.substr(at, slash - at) == "..") end = slash;
    at = slash + 1;
  }
  while (end < name.size() && name[end] == '/') ++end;
  return std::string(name.substr(0, end));
}

int EndWithFailure(Process& process) {
  if (process.busybox()) return 1;
  process.Fail("Exiting with failure status due to previous errors");
  return 2;
}

int EndAtOnce(Process& process) {
  if (process.busybox()) return 1;
  process.Fail("Error is not recoverable: exiting now");
  return 2;
}

int Tar(Process& process) {
  int status = 0;
  const std::optional<TarJob> job = ParseTar(process, status);
  if (!job) return status;
  switch (job->action) {
    case 't':
      return ListTar(process, *job);
    case 'x':
      return ExtractTar(process, *job);
    default:
      return CreateTar(process, *job);
  }
}

}  // namespace watertight::generator::commands
