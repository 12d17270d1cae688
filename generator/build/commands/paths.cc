#include "generator/build/commands/paths.h"

namespace watertight::generator::commands {

std::string_view WithoutSlashes(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return path;
}

std::string Basename(std::string_view path) {
  path = WithoutSlashes(path);
  if (path == "/") return "/";
  const std::size_t slash = path.rfind('/');
  return std::string(slash == path.npos ? path : path.substr(slash + 1));
}

std::string Dirname(std::string_view path) {
  path = WithoutSlashes(path);
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return std::string(WithoutSlashes(path.substr(0, slash + 1)));
}

std::string Joined(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.ends_with('/')) path += '/';
  while (name.starts_with('/')) name.remove_prefix(1);
  return path.append(name);
}

std::vector<std::string> Components(std::string_view path) {
  std::vector<std::string> components;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) components.emplace_back(path.substr(0, slash));
    path = slash == path.npos ? std::string_view() : path.substr(slash + 1);
  }
  return components;
}

std::string Normal(std::string_view absolute) {
  std::vector<std::string> kept;
  for (std::string& component : Components(absolute)) {
    if (component == ".") continue;
    if (component != "..") {
      kept.push_back(std::move(component));
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string path;
  for (const std::string& component : kept) path.append("/").append(component);
  return path.empty() ? "/" : path;
}

std::string RelativeTo(std::string_view path, std::string_view directory) {
  const std::vector<std::string> to = Components(path);
  const std::vector<std::string> from = Components(directory);
  std::size_t common = 0;
  while (common < to.size() && common < from.size() && to[common] == from[common]) ++common;
  std::string relative;
  for (std::size_t i = common; i < from.size(); ++i) relative += relative.empty() ? ".." : "/..";
  for (std::size_t i = common; i < to.size(); ++i) {
    relative += (relative.empty() ? "" : "/") + to[i];
  }
  return relative.empty() ? "." : relative;
}

}  // namespace watertight::generator::commands
