#include "generator/dockerfile/stage_names.h"

#include <algorithm>
#include <charconv>

#include "generator/dockerfile/text.h"

namespace watertight::generator {

LexOptions OptionsFor(const Dockerfile& file) {
  return {.dialect = file.dialect, .escape = file.escape};
}

bool IsClassic(const Dockerfile& file) { return file.dialect.family != Family::kBuildKit; }

bool IsKaniko(const Dockerfile& file) { return file.dialect.family == Family::kKaniko; }

bool IsBuildah(const Dockerfile& file) { return file.dialect.family == Family::kBuildah; }

std::string NameIn(const Dockerfile& file, std::string_view name) {
  return IsBuildah(file) ? std::string(name) : Lower(name);
}

std::optional<size_t> FindStage(const Dockerfile& file, std::string_view name, size_t count) {
  for (size_t i = count; i > 0 && !name.empty(); --i) {
    if (file.stages[i - 1].name == name) return i - 1;
  }
  return std::nullopt;
}

std::optional<size_t> FirstStage(const Dockerfile& file, std::string_view name) {
  const auto found = std::ranges::find(file.stages, name, &Stage::name);
  if (found == file.stages.end()) return std::nullopt;
  return static_cast<size_t>(found - file.stages.begin());
}

std::optional<long> AsIndex(std::string_view text) {
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  long value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || (plus && value < 0)) return std::nullopt;
  return value;
}

std::optional<size_t> Numbered(const Dockerfile& file, std::string_view name, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (file.stages[i].name.empty() && name == std::to_string(i)) return i;
  }
  return std::nullopt;
}

}  // namespace watertight::generator
