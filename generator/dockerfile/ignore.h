// .dockerignore: which paths of a context no COPY and no ADD can see.
//
//   const IgnoreFile ignore = ParseIgnoreFile("*\n!src\n");
//   ignore.Ignores("README.md");    // true
//   ignore.Ignores("src/main.go");  // false
//
// The last pattern that matches a path or one of its parents decides. A pattern is anchored at the
// root of the context; * and ? stay within a component, ** does not.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

class IgnoreFile {
 public:
  // Throws: Error for a pattern that is none.
  explicit IgnoreFile(std::vector<std::string> patterns);

  // `path` is relative to the context, with slashes, without a leading one. Throws: Error for a
  // pattern whose mistake shows only here.
  bool Ignores(std::string_view path) const;

  // Whether some pattern begins with !, so that a part of an ignored directory may be visible.
  bool has_exceptions() const;

  const std::vector<std::string>& patterns() const { return patterns_; }  // cleaned

 private:
  struct Pattern;
  std::vector<std::string> patterns_;
  std::vector<std::shared_ptr<const Pattern>> compiled_;
};

// Throws: Error.
IgnoreFile ParseIgnoreFile(std::string_view text);

// The patterns of a/Dockerfile stand in a/Dockerfile.dockerignore; if that is missing, in
// .dockerignore of the context. The classic builder knows the latter only.
inline std::string IgnoreFileBeside(const std::string& dockerfile) {
  return dockerfile + ".dockerignore";
}

}  // namespace watertight::generator
