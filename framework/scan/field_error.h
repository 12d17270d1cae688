// An error of one field of what a user gives, such as a rule's pattern.

#pragma once

#include <string>
#include <utility>

#include "watertight/error.h"

namespace watertight {

class FieldError : public Error {
 public:
  FieldError(std::string field, const std::string& message)
      : Error(ErrorCode::kUsage, message), field_(std::move(field)) {}

  // By the name that it has in the struct and in a policy file: "stop_words".
  const std::string& field() const { return field_; }

 private:
  std::string field_;
};

}  // namespace watertight
