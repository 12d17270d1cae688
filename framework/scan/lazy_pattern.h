// A pattern that is compiled when it is first tried: of hundreds, most searches try a few.

#pragma once

#include <re2/re2.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace watertight {

// RE2, over bytes (Latin-1). May be used by several threads.
class LazyPattern {
 public:
  explicit LazyPattern(std::string text) : text_(std::move(text)) {}
  explicit LazyPattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

  // Check ok() of a pattern that comes from outside.
  const re2::RE2& Get() const;

 private:
  std::string text_;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace watertight
