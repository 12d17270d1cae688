#include "watertight/secret.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "framework/image/path.h"
#include "framework/image/sha256.h"
#include "watertight/error.h"

namespace watertight {
namespace {

constexpr std::size_t kShortest = 4;

std::string Checked(std::string value, const std::string& origin) {
  if (value.size() < kShortest) {
    throw Error(ErrorCode::kUsage,
                origin + ": a secret of under 4 bytes would be found everywhere");
  }
  return value;
}

}  // namespace

Secret Secret::Value(std::string value) {
  return Secret(Checked(std::move(value), "secret value"));
}

Secret Secret::FromEnv(const std::string& name) {
  const char* value = getenv(name.c_str());
  if (value == nullptr) {
    throw Error(ErrorCode::kUsage, "the environment variable " + Printable(name) + " is not set");
  }
  return Secret(Checked(value, "environment variable " + Printable(name)));
}

Secret Secret::FromFile(const std::string& path) {
  std::error_code unknown;  // it cannot be opened, either
  if (std::filesystem::is_directory(path, unknown)) {
    throw Error(ErrorCode::kIo, Printable(path) + ": is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorCode::kNotFound, Printable(path) + ": cannot be opened");
  std::string value((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) throw Error(ErrorCode::kIo, Printable(path) + ": cannot be read");
  if (value.ends_with('\n')) value.pop_back();
  return Secret(Checked(std::move(value), Printable(path)));
}

std::string Redacted(std::string_view value) {
  const char* reveal = getenv("WATERTIGHT_REVEAL");
  if (reveal != nullptr && std::string_view(reveal) == "1") return Printable(value);
  std::size_t shown = std::min<std::size_t>(value.size() / 4, 4);
  while (shown > 0 && (static_cast<unsigned char>(value[shown]) & 0xc0) == 0x80) --shown;
  constexpr std::size_t kScheme = sizeof("sha256:") - 1;
  return Printable(value.substr(0, shown)) + "… (" + std::to_string(value.size()) +
         (value.size() == 1 ? " byte, " : " bytes, ") + Sha256Digest(value).substr(kScheme, 8) +
         ")";
}

void PrintTo(const Secret& secret, std::ostream* out) { *out << Redacted(secret.value()); }

}  // namespace watertight
