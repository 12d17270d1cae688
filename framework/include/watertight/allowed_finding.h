// What may stand in an image although a rule finds it, and why. It stays in the findings, as a note
// with its reason, and fails nothing.
//
//   SecretOptions().Allow({.rule = "jwt-hs", .path = "srv/docs/**", .reason = "samples"})
//   CleanOptions().Allow(AllowedFinding{.fingerprint = "4f1a09c2", .reason = "the public demo"})

#pragma once

#include <string>

namespace watertight {

// A finding is allowed when all fit that are given; one at least must be.
struct AllowedFinding {
  std::string rule = {};         // its id: exact, or with * and ?
  std::string path = {};         // a glob, for the file; what is in no file has no path
  std::string fingerprint = {};  // of its value: the eight digits that messages show, "4f1a09c2"
  std::string reason = {};       // required
};

}  // namespace watertight
