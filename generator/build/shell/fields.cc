// Field splitting and pathname expansion.

#include <algorithm>
#include <string_view>
#include <utility>

#include "generator/build/shell/expansion.h"
#include "generator/build/shell/pattern.h"

namespace watertight::generator::shell {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// The fields while they grow.
class Fields {
 public:
  explicit Fields(std::string separators) : separators_(std::move(separators)) {}

  void Add(std::string_view pattern) {
    field_ += pattern;
    begun_ = true;
    after_blanks_ = false;
  }

  // A field that there is even if it stays empty.
  void Begin() {
    begun_ = true;
    after_blanks_ = false;
  }

  void Split(const std::string& text) {
    for (const char c : text) {
      if (separators_.find(c) == separators_.npos) {
        // A backslash that an expansion brings is itself.
        Add(c == '\\' ? std::string_view("\\\\") : std::string_view(&c, 1));
        continue;
      }
      if (IsBlank(c)) {
        if (begun_) {
          End();
          after_blanks_ = true;
        }
      } else if (after_blanks_) {
        after_blanks_ = false;  // blanks around another separator belong to it
      } else {
        begun_ = true;
        End();
      }
    }
  }

  void End() {
    if (begun_) fields_.push_back(std::exchange(field_, ""));
    begun_ = false;
    after_blanks_ = false;
  }

  std::vector<std::string> Take() {
    End();
    return std::move(fields_);
  }

 private:
  std::string separators_;
  std::vector<std::string> fields_;
  std::string field_;
  bool begun_ = false;
  bool after_blanks_ = false;
};

// All paths below `prefix` that match the components from `index` on.
struct Glob {
  const Process& process;
  const std::vector<std::string>& components;
  std::vector<std::string> found = {};

  void Match(const std::string& prefix, std::size_t index) {
    process.machine().Step();
    if (index == components.size()) {
      found.push_back(prefix);
      return;
    }
    const std::string& component = components[index];
    const bool last = index + 1 == components.size();
    if (!IsPattern(component)) {
      const std::string path = prefix + WithoutEscapes(component) + (last ? "" : "/");
      if (last && !component.empty() && !process.Stat(path, Follow::kNo)) return;
      if (last && component.empty() && !process.Stat(prefix, Follow::kYes)) return;
      return Match(path, index + 1);
    }
    std::vector<std::string> names;
    if (process.ReadDirectory(prefix.empty() ? "." : prefix, names) != std::errc()) return;
    names.insert(names.end(), {".", ".."});
    std::ranges::sort(names);
    const bool hidden = component.starts_with('.') || component.starts_with("\\.");
    for (const std::string& name : names) {
      if (name.starts_with('.') && !hidden) continue;
      if (!MatchesPattern(component, name)) continue;
      if (!last && !process.Stat(prefix + name)) continue;
      if (!last && !process.Stat(prefix + name).inode->is_directory()) continue;
      Match(prefix + name + (last ? "" : "/"), index + 1);
    }
  }
};

}  // namespace

std::vector<std::string> Expansion::Split() const {
  const Variable* ifs = shell_.Find("IFS");
  Fields fields(ifs != nullptr && ifs->value ? *ifs->value : " \t\n");
  bool empty_list = false;
  for (const Piece& piece : pieces_) {
    empty_list = empty_list || piece.empty_list;
  }
  for (const Piece& piece : pieces_) {
    if (piece.boundary) {
      fields.End();
    } else if (piece.split) {
      fields.Split(piece.text);
    } else if (piece.quoted && (!empty_list || !piece.text.empty())) {
      fields.Begin();
      fields.Add(EscapedPattern(piece.text));
    } else if (!piece.text.empty()) {
      fields.Add(piece.text);
    }
  }
  return fields.Take();
}

std::vector<std::string> Interpreter::Paths(const std::string& pattern) const {
  std::vector<std::string> components;
  std::string prefix;
  std::size_t at = 0;
  while (at < pattern.size() && pattern[at] == '/') {
    prefix += '/';
    ++at;
  }
  while (at <= pattern.size()) {
    const std::size_t slash = std::min(pattern.find('/', at), pattern.size());
    components.push_back(pattern.substr(at, slash - at));
    at = slash + 1;
  }
  Glob glob{.process = process, .components = components};
  glob.Match(prefix, 0);
  std::ranges::sort(glob.found);
  return std::move(glob.found);
}

}  // namespace watertight::generator::shell
