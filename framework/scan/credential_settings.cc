#include "framework/scan/credential_settings.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "framework/image/json.h"
#include "framework/scan/text_lines.h"
#include "watertight/error.h"

namespace watertight {
namespace {

bool IsNothing(std::string_view line) { return Trimmed(line).empty(); }

// A comment of all of a line, which goes to the others.
bool TakeComment(std::string_view line, std::string_view marks, Settings* read) {
  const std::string_view text = Trimmed(line);
  if (text.empty() || marks.find(text.front()) == marks.npos) return false;
  read->comments.emplace_back(text.substr(std::min(text.find_first_not_of(marks), text.size())));
  return true;
}

// Of what is no name; nothing but what proves itself may stand there.
constexpr const char* kUnnamed = "?";

// A host or a URL, which says nothing about the value.
bool IsPlace(std::string_view key) { return key.find_first_of(".:/") != key.npos; }

void Add(std::string_view name, std::string_view value, Settings* read) {
  read->settings.push_back({std::string(name), std::string(value)});
}

// "//registry.npmjs.org/:_authToken" and "@scope:registry" are of two parts: where, and what.
bool AddNamed(std::string_view name, std::string_view value, Settings* read) {
  constexpr std::string_view kNameBytes =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  if (name.starts_with("//") || name.starts_with('@')) {
    const std::size_t colon = name.rfind(':');
    if (colon == name.npos) return false;
    Add("", name.substr(0, colon), read);
    name.remove_prefix(colon + 1);
  }
  if (name.empty() || name.find_first_not_of(kNameBytes) != name.npos) return false;
  Add("", name, read);
  Add(name, value, read);
  return true;
}

}  // namespace

bool ReadLines(std::string_view text, Settings* read) {
  std::string_view last;  // the name that further lines of a value belong to
  for (const std::string_view line : LinesOf(text)) {
    if (IsNothing(line) || TakeComment(line, "#;", read)) continue;
    const std::string_view trimmed = Trimmed(line);
    if (trimmed.front() == '[') {
      if (!trimmed.ends_with(']')) return false;
      Add("", trimmed.substr(1, trimmed.size() - 2), read);
      last = {};
      continue;
    }
    std::size_t separator = trimmed.find('=');
    if (separator == trimmed.npos) {
      if (trimmed.size() < line.size() && line.front() <= ' ' && !last.empty()) {
        Add(last, trimmed, read);
        continue;
      }
      separator = trimmed.find(": ");
      if (separator == trimmed.npos) return false;
    }
    last = Trimmed(trimmed.substr(0, separator));
    const std::string_view value = Trimmed(trimmed.substr(separator + 1));
    if (!AddNamed(last, Unquoted(value), read)) return false;
  }
  return true;
}

namespace {

// What a line of YAML says: `- key: value`, `key:`, `- item`.
struct YamlLine {
  bool item = false;
  bool keyed = false;
  std::string_view key;
  std::string_view value;
};

std::optional<YamlLine> ReadYamlLine(std::string_view text) {
  // Of references, blocks, tags and anchors; of collections on one line only the empty ones.
  constexpr std::string_view kSigns = "|>&*![{@`%?,";
  YamlLine line;
  if (text.starts_with("- ")) {
    line.item = true;
    text = Trimmed(text.substr(2));
  }
  if (text.empty() || text == "-" || text.starts_with("- ")) return std::nullopt;
  std::size_t end = text.npos;
  if (text.front() == '"' || text.front() == '\'') {
    const std::size_t close = text.find(text.front(), 1);
    if (close == text.npos) return std::nullopt;
    if (close + 1 < text.size() && text[close + 1] == ':') end = close + 1;
  } else {
    end = text.find(": ", 1);
    if (end == text.npos && text.ends_with(':')) end = text.size() - 1;
  }
  line.value = text;
  if (end != text.npos) {
    line.keyed = true;
    line.key = Unquoted(text.substr(0, end));
    if (line.key.starts_with(':')) line.key.remove_prefix(1);  // a symbol of Ruby
    line.value = Trimmed(text.substr(end + 1));
  }
  if (line.value.empty() || line.value == "{}" || line.value == "[]") return line;
  if (kSigns.find(line.value.front()) != kSigns.npos) return std::nullopt;
  if (line.value.find(" #") != line.value.npos) return std::nullopt;
  const std::string_view unquoted = Unquoted(line.value);
  if (unquoted.find_first_of("\"'\\") != unquoted.npos) return std::nullopt;
  line.value = unquoted;
  return line;
}

}  // namespace

bool ReadYaml(std::string_view text, Settings* read) {
  std::string_view open;  // the key whose items may follow
  std::size_t open_column = 0;
  std::string_view called;  // of `name: X`, for `value: Y` on the next line
  std::size_t called_column = 0;
  for (const std::string_view whole : LinesOf(text)) {
    if (IsNothing(whole) || TakeComment(whole, "#", read)) continue;
    if (whole == "---" && read->settings.empty()) continue;
    if (whole.find('\t') != whole.npos) return false;
    const std::optional<YamlLine> line = ReadYamlLine(Trimmed(whole));
    if (!line) return false;
    const std::size_t indent = whole.find_first_not_of(' ');
    if (!line->keyed) {
      if (!line->item || open.empty() || indent < open_column) return false;
      Add(open, line->value, read);
      continue;
    }
    const std::size_t column = whole.find_first_not_of(' ', indent + (line->item ? 1 : 0));
    const bool is_called = line->key == "value" && !line->item && column == called_column;
    const std::string_view name = is_called && !called.empty() ? called : line->key;
    called = line->key == "name" ? line->value : std::string_view();
    called_column = column;
    open = line->value.empty() ? line->key : std::string_view();
    open_column = column;
    Add("", line->key, read);
    const bool empty = line->value == "{}" || line->value == "[]";
    Add(IsPlace(name) ? kUnnamed : name, empty ? std::string_view() : line->value, read);
  }
  return true;
}

namespace {

// name: of what the value belongs to; places, such as hosts, are under one name.
void AddJson(const std::string& name, const Json& value, Settings* read) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      Add("", key, read);
      AddJson(IsPlace(key) ? name : key, member, read);
    }
  } else if (value.is_array()) {
    for (const Json& item : value) AddJson(name, item, read);
  } else if (value.is_string()) {
    Add(name, value.get<std::string>(), read);
  } else if (value.is_number()) {
    Add(name, value.dump(), read);
  }
}

}  // namespace

bool ReadJson(std::string_view text, Settings* read) {
  std::vector<Note> notes;
  try {
    const Json json = ParseJson(std::string(text), "credentials", &notes);
    if (!notes.empty() || !json.is_structured()) return false;  // a key that stands twice
    AddJson(kUnnamed, json, read);
  } catch (const Error&) {
    return false;
  }
  return true;
}

bool ReadNetrc(std::string_view text, Settings* read) {
  constexpr std::string_view kWords[] = {"machine", "login", "account", "password"};
  constexpr std::string_view kBlanks = " \t";
  std::string_view name;
  for (std::string_view line : LinesOf(text)) {
    if (IsNothing(line) || (name.empty() && TakeComment(line, "#", read))) continue;
    for (line = Trimmed(line); !line.empty(); line = Trimmed(line)) {
      const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
      line.remove_prefix(word.size());
      if (!name.empty()) {
        Add(std::exchange(name, {}), word, read);
      } else if (std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords)) {
        name = word;
      } else if (word != "default") {
        return false;
      }
    }
  }
  return name.empty();
}

bool ReadPgpass(std::string_view text, Settings* read) {
  static const re2::RE2 kLine(R"(([^:]+):([^:]+):([^:]+):([^:]+):(.*))");
  constexpr const char* kNames[] = {"host", "port", "database", "user", "password"};
  for (const std::string_view line : LinesOf(text)) {
    if (IsNothing(line) || TakeComment(line, "#", read)) continue;
    std::string fields[5];
    if (!re2::RE2::FullMatch(re2::StringPiece(line.data(), line.size()), kLine, &fields[0],
                             &fields[1], &fields[2], &fields[3], &fields[4])) {
      return false;
    }
    for (std::size_t i = 0; i < 5; ++i) Add(kNames[i], fields[i], read);
  }
  return true;
}

bool ReadGitCredentials(std::string_view text, Settings* read) {
  static const re2::RE2 kLine(R"(https?://(?:([^/:@]+):)?([^/:@]+)@([^/@]+(?:/[^@]*)?))");
  for (const std::string_view line : LinesOf(text)) {
    if (IsNothing(line)) continue;
    std::string user;
    std::string password;
    std::string host;
    if (!re2::RE2::FullMatch(re2::StringPiece(line.data(), line.size()), kLine, &user, &password,
                             &host)) {
      return false;
    }
    Add("user", user, read);
    Add("password", password, read);
    Add("host", host, read);
  }
  return true;
}

std::optional<Settings> ReadSettings(SettingsFormat format, std::string_view text) {
  constexpr bool (*kReaders[])(std::string_view, Settings*) = {
      ReadLines, ReadYaml, ReadJson, ReadXml, ReadNetrc, ReadPgpass, ReadGitCredentials};
  Settings read;
  if (!kReaders[static_cast<std::size_t>(format)](text, &read)) return std::nullopt;
  return read;
}

}  // namespace watertight
