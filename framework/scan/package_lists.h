// What package managers wrote down of the files that they installed: which package brought a file,
// and the digest of its content.

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "framework/image/hash.h"
#include "watertight/finding.h"

namespace watertight {

struct ShippedFile {
  std::string path;  // in the image, cleaned; of a whole folder where the list has no digests
  HashKind hash = HashKind::kSha256;
  std::string digest;          // hex digits in lower case; empty for a folder
  std::string package;         // "dpkg package openssl"
  Level level = Level::kNote;  // of what a rule finds in such a file
};

using ShippedFileSink = std::function<void(const ShippedFile& file)>;

// By its path, it is a list of some package manager.
bool IsPackageList(std::string_view path);

// Lines that the manager does not write are passed over.
void ReadPackageList(std::string_view path, std::string_view text, const ShippedFileSink& sink);

}  // namespace watertight
