// A value that an image must not hold, and the way in which messages speak of it.
//
//   EXPECT_HISTORY_CLEAN(App(), CleanOptions().Known(Secret::FromEnv("NPM_TOKEN")));
//
// No message of Watertight holds a secret: it shows its first characters, its length and a
// fingerprint (the first eight hex digits of its SHA-256). WATERTIGHT_REVEAL=1 in the environment
// shows the value.

#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace watertight {

class Secret {
 public:
  // Throws: Error, kUsage for a value under 4 bytes.
  static Secret Value(std::string value);
  // Throws: Error, kUsage when the variable is not set or its value is under 4 bytes.
  static Secret FromEnv(const std::string& name);
  // The whole file, less one final newline. Throws: Error, kNotFound, kIo, or kUsage for less than
  // 4 bytes.
  static Secret FromFile(const std::string& path);

  const std::string& value() const { return value_; }

 private:
  explicit Secret(std::string value) : value_(std::move(value)) {}

  std::string value_;
};

// "supe… (17 bytes, 4f1a09c2)": a quarter of the characters at most, and never more than four.
std::string Redacted(std::string_view value);

// The redacted form: a failing test must not print what it guards.
void PrintTo(const Secret& secret, std::ostream* out);

}  // namespace watertight
