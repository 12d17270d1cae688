#include "framework/scan/credential_content.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <vector>

#include "framework/scan/credential_settings.h"
#include "framework/scan/harmless_values.h"
#include "framework/scan/public_keys.h"
#include "watertight/glob.h"

namespace watertight {
namespace {

struct FormatRow {
  const char* pattern;  // a Glob
  SettingsFormat format;
};

// Of the files in credential_files.cc whose settings are read. The others are a credential as a
// whole, or of formats in which a name says too little, as a Terraform state.
constexpr FormatRow kFormats[] = {
    {".npmrc", SettingsFormat::kLines},
    {".pypirc", SettingsFormat::kLines},
    {"**/.config/pypoetry/auth.toml", SettingsFormat::kLines},
    {"**/.cargo/credentials{,.toml}", SettingsFormat::kLines},
    {"**/.gradle/gradle.properties", SettingsFormat::kLines},
    {"**/.aws/credentials", SettingsFormat::kLines},
    {".s3cfg", SettingsFormat::kLines},
    {".boto", SettingsFormat::kLines},
    {"**/rclone/rclone.conf", SettingsFormat::kLines},
    {".databrickscfg", SettingsFormat::kLines},
    {".my.cnf", SettingsFormat::kLines},
    {".yarnrc.yml", SettingsFormat::kYaml},
    {"**/.gem/credentials", SettingsFormat::kYaml},
    {"**/.local/share/gem/credentials", SettingsFormat::kYaml},
    {"**/.config/{gh/hosts.yml,hub,glab-cli/config.yml,doctl/config.yaml}", SettingsFormat::kYaml},
    {"**/.kube/config", SettingsFormat::kYaml},
    {"**/.helm/repository/repositories.yaml", SettingsFormat::kYaml},
    {"**/.docker/config.json", SettingsFormat::kJson},
    {".dockercfg", SettingsFormat::kJson},
    {"**/containers/auth.json", SettingsFormat::kJson},
    {"**/{.composer,.config/composer}/auth.json", SettingsFormat::kJson},
    {"**/.pulumi/credentials.json", SettingsFormat::kJson},
    {"**/.terraform.d/credentials.tfrc.json", SettingsFormat::kJson},
    {"**/.kaggle/kaggle.json", SettingsFormat::kJson},
    {"**/.m2/settings{,-security}.xml", SettingsFormat::kXml},
    {"**/.nuget/NuGet/NuGet.Config", SettingsFormat::kXml},
    {"{.,_}netrc", SettingsFormat::kNetrc},
    {"etc/apt/auth.conf{,.d/*.conf}", SettingsFormat::kNetrc},
    {".pgpass", SettingsFormat::kPgpass},
    {".git-credentials", SettingsFormat::kGitCredentials},
    {"**/.config/git/credentials", SettingsFormat::kGitCredentials},
};

std::optional<SettingsFormat> FormatOf(std::string_view path) {
  static const std::vector<Glob> globs = [] {
    std::vector<Glob> all;
    for (const FormatRow& row : kFormats) all.emplace_back(row.pattern);
    return all;
  }();
  for (std::size_t i = 0; i < globs.size(); ++i) {
    if (globs[i].Matches(path)) return kFormats[i].format;
  }
  return std::nullopt;
}

bool IsText(std::string_view content) {
  return std::all_of(content.begin(), content.end(), [](char c) {
    return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n';
  });
}

std::string_view WithoutLineEnds(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string WhyNoSecretIn(const Settings& read) {
  if (!std::all_of(read.comments.begin(), read.comments.end(), IsPlainComment)) return "";
  bool later = false;
  for (const Setting& setting : read.settings) {
    if (!IsHarmless(setting.name, setting.value)) return "";
    later |= IsFilledInLater(setting.value) || setting.value.find('$') != std::string::npos;
  }
  if (read.settings.empty()) return "holds comments alone";
  return later ? "names a variable or placeholder in place of a secret"
               : "holds no value that could be a secret";
}

}  // namespace

std::string WhyNoSecret(std::string_view path, std::string_view content) {
  constexpr std::size_t kLongest = std::size_t{64} << 10;
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (content.size() > kLongest) return "";
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  if (!IsText(content)) return "";
  if (content.find_first_not_of(" \t\r\n") == content.npos) return "is empty";
  if (HoldsPublicKeysAlone(content)) return "holds public keys alone";
  if (IsVariable(WithoutLineEnds(content))) return "names a variable in place of a secret";
  const std::optional<SettingsFormat> format = FormatOf(path);
  if (!format) return "";
  const std::optional<Settings> read = ReadSettings(*format, content);
  return read ? WhyNoSecretIn(*read) : "";
}

}  // namespace watertight
