#include "generator/build/commands/tar_option_values.h"

#include <utility>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {

std::optional<TarOwner> TarOwnerFrom(const Process& process, const std::string& text, bool group) {
  const Accounts accounts(process);
  TarOwner owner;
  const std::size_t colon = text.find(':');
  if (colon != text.npos) {
    owner.name = text.substr(0, colon);
    owner.id = NumberOf(text.substr(colon + 1)).value_or(0);
    return owner;
  }
  const auto number = NumberOf(text.starts_with('+') ? text.substr(1) : text);
  if (const auto id = group ? accounts.GroupId(text) : accounts.UserId(text); id && !number) {
    return TarOwner{.name = text, .id = *id};
  }
  if (!number) return std::nullopt;
  const std::string name = group ? accounts.NameOfGroup(*number) : accounts.NameOfUser(*number);
  owner.id = *number;
  if (name != std::to_string(*number)) owner.name = name;
  return owner;
}

TarTransform TarTransformFrom(const std::string& text) {
  const std::string what = "tar --transform=" + text;
  if (text.size() < 4 || text[0] != 's') NotModelled(what);
  const char end = text[1];
  std::vector<std::string> parts(1);
  for (std::size_t i = 2; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      if (text[i + 1] != end) parts.back() += '\\';
      parts.back() += text[++i];
    } else if (text[i] == end && parts.size() < 3) {
      parts.emplace_back();
    } else {
      parts.back() += text[i];
    }
  }
  if (parts.size() != 3) NotModelled(what);
  const std::string& flags = parts[2];
  if (flags.find_first_not_of("gix") != flags.npos) NotModelled(what);
  try {
    return {.pattern = Regex(parts[0], {.extended = flags.find('x') != flags.npos,
                                        .ignore_case = flags.find('i') != flags.npos}),
            .replacement = parts[1],
            .all = flags.find('g') != flags.npos};
  } catch (const RegexError& error) {
    NotModelled(what + ": " + error.message);
  }
}

PackedAs PackingOfSuffix(std::string_view name) {
  constexpr std::pair<std::string_view, PackedAs> kSuffixes[] = {
      {".gz", PackedAs::kGzip},   {".tgz", PackedAs::kGzip},  {".taz", PackedAs::kGzip},
      {".bz2", PackedAs::kBzip2}, {".tbz", PackedAs::kBzip2}, {".tbz2", PackedAs::kBzip2},
      {".xz", PackedAs::kXz},     {".txz", PackedAs::kXz},    {".zst", PackedAs::kZstd},
      {".tzst", PackedAs::kZstd}};
  for (const auto& [suffix, packing] : kSuffixes) {
    if (name.ends_with(suffix)) return packing;
  }
  return PackedAs::kPlain;
}

PackedAs PackingOfProgram(const std::string& program) {
  const std::string name = Basename(program.substr(0, program.find(' ')));
  if (name == "gzip" || name == "pigz") return PackedAs::kGzip;
  if (name == "bzip2") return PackedAs::kBzip2;
  if (name == "xz") return PackedAs::kXz;
  if (name == "zstd") return PackedAs::kZstd;
  NotModelled("tar -I " + program);
}

}  // namespace watertight::generator::commands
