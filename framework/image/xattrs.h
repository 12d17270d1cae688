// Extended attributes of a PAX header.

#pragma once

#include <map>
#include <string>

namespace watertight {

// SCHILY.xattr.NAME holds the bytes of the value; LIBARCHIVE.xattr.NAME has the name
// percent-encoded and the value in base64.
std::map<std::string, std::string> DecodeXattrs(const std::map<std::string, std::string>& pax);

}  // namespace watertight
