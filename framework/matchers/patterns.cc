#include "framework/matchers/patterns.h"

#include <algorithm>

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "watertight/error.h"

namespace watertight {
namespace {

std::string Names(const std::vector<Glob>& globs, const char* last) {
  std::vector<std::string> names;
  names.reserve(globs.size());
  for (const Glob& glob : globs) names.push_back(Printable(glob.pattern()));
  return Enumerated(names, last);
}

}  // namespace

bool PathPatterns::Match(std::string_view path) const {
  const auto matches = [path](const Glob& glob) { return glob.Matches(path); };
  return std::any_of(globs.begin(), globs.end(), matches) &&
         std::none_of(except.begin(), except.end(), matches);
}

void PrintTo(const PathPatterns& patterns, std::ostream* out) { *out << Names(patterns); }

void PrintTo(const Exceptions& exceptions, std::ostream* out) {
  *out << "except " << Names(exceptions.globs, "and");
}

std::string Names(const PathPatterns& patterns) {
  std::string names = Names(patterns.globs, "or");
  if (!patterns.except.empty()) names += " (except " + Names(patterns.except, "and") + ")";
  return names;
}

void RequirePatterns(const PathPatterns& patterns, const char* matcher) {
  if (!patterns.globs.empty()) return;
  throw Error(ErrorCode::kUsage,
              std::string(matcher) + " needs a pattern: Except alone chooses nothing");
}

}  // namespace watertight
