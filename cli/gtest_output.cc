#include "cli/gtest_output.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

namespace fs = std::filesystem;

// As GoogleTest does: watertight.xml in it, then watertight_1.xml.
std::string NewNameIn(const std::string& folder, const std::string& kind) {
  std::error_code error;
  std::string name = folder + "watertight." + kind;
  for (int i = 1; fs::exists(name, error); ++i) {
    name = folder + "watertight_" + std::to_string(i) + "." + kind;
  }
  return name;
}

void ExpectWritable(const fs::path& path) {
  const fs::path parent = path.parent_path().empty() ? "." : path.parent_path();
  std::error_code error;
  fs::create_directories(parent, error);
  const bool exists = fs::exists(path, error);
  const bool writable = access(exists ? path.c_str() : parent.c_str(), W_OK) == 0;
  if (!writable || fs::is_directory(path, error)) {
    throw Error(ErrorCode::kIo, Printable(path.string()) + ": cannot be written");
  }
}

}  // namespace

GtestOutput::GtestOutput(std::string kind, std::string path)
    : kind_(std::move(kind)), path_(std::move(path)) {}

std::optional<GtestOutput> GtestOutput::Find(const std::string& given) {
  const char* const environment = std::getenv("GTEST_OUTPUT");
  const std::string output = given.empty() && environment != nullptr ? environment : given;
  if (output.empty()) return std::nullopt;
  const std::size_t colon = output.find(':');
  const std::string kind = output.substr(0, colon);
  if (kind != "xml" && kind != "json") {
    throw Error(ErrorCode::kUsage,
                "--gtest_output is xml[:FILE] or json[:FILE], not " + Printable(output));
  }
  std::string path = colon == std::string::npos ? "" : output.substr(colon + 1);
  if (path == "-") {
    throw Error(ErrorCode::kUsage,
                "--gtest_output takes the name of a file; --output junit=- and --format junit are "
                "for standard output");
  }
  if (path.empty()) path = "test_detail." + kind;
  if (path.ends_with('/')) path = NewNameIn(path, kind);
  ExpectWritable(path);
  return GtestOutput(kind, path);
}

bool GtestOutput::IsWhole() const {
  std::error_code error;
  if (fs::exists(path_, error) && !fs::is_regular_file(path_, error)) return true;
  std::ifstream stream(path_, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return std::string_view(text).ends_with(kind_ == "xml" ? "</testsuites>\n" : "}\n");
}

std::string GtestOutput::RemoveHalf() const {
  std::error_code error;
  if (fs::is_regular_file(fs::symlink_status(path_, error))) fs::remove(path_, error);
  return Printable(path_) + ": cannot be written whole; is the disk full?";
}

}  // namespace watertight::cli
