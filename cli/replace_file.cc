#include "cli/replace_file.h"

#include <utility>

#include "generator/archives/archive_file.h"
#include "generator/error.h"
#include "watertight/error.h"

namespace watertight::cli {

void ReplaceFile(const std::string& path, std::string bytes) {
  try {
    generator::ReplaceFile(path, generator::Rope(std::move(bytes)));
  } catch (const generator::Error& error) {
    throw Error(ErrorCode::kIo, error.what());
  }
}

}  // namespace watertight::cli
