#include "framework/scan/lazy_pattern.h"

namespace watertight {

const re2::RE2& LazyPattern::Get() const {
  std::call_once(once_, [this] {
    if (compiled_ != nullptr) return;
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    compiled_ = std::make_shared<const re2::RE2>(text_, options);
  });
  return *compiled_;
}

}  // namespace watertight
