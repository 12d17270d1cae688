#include "generator/build/unpack.h"

namespace watertight::generator {

std::optional<Rope> OpenArchive(const Rope&, const FileRules&) { return std::nullopt; }

void UnpackInto(FileTree&, const std::string&, const Rope&, std::optional<Ownership>) {}

}  // namespace watertight::generator
