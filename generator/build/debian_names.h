// The user and group names that a machine with Docker 20.10 puts into layers, looked up on the
// machine and not in the image: those of every Debian (base-passwd).
#pragma once

#include <cstdint>

namespace watertight::generator {

// "" for an id without a name.
const char* DebianUser(std::int64_t uid);
const char* DebianGroup(std::int64_t gid);

}  // namespace watertight::generator
