// The settings in files of tools that keep credentials, each value with its name.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

enum class SettingsFormat : std::uint8_t {
  kLines,  // name = value, in sections: INI, TOML, properties
  kYaml,   // one value a line
  kJson,
  kXml,             // of elements, and of attributes key and value
  kNetrc,           // machine login password
  kPgpass,          // host:port:database:user:password
  kGitCredentials,  // https://user:password@host
};

struct Setting {
  std::string name;  // empty: the value is a name itself, such as that of a section
  std::string value;
};

struct Settings {
  std::vector<Setting> settings;
  std::vector<std::string> comments;
};

// All that stands in the file; nothing when a part of it is not understood. No reader knows all of
// its format: what secrets hide in, such as values of several lines, is not understood.
std::optional<Settings> ReadSettings(SettingsFormat format, std::string_view text);

// One for each format.
bool ReadLines(std::string_view text, Settings* read);
bool ReadYaml(std::string_view text, Settings* read);
bool ReadJson(std::string_view text, Settings* read);
bool ReadXml(std::string_view text, Settings* read);
bool ReadNetrc(std::string_view text, Settings* read);
bool ReadPgpass(std::string_view text, Settings* read);
bool ReadGitCredentials(std::string_view text, Settings* read);

}  // namespace watertight
