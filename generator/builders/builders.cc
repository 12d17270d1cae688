#include <array>

#include "generator/builders/builder.h"
#include "generator/builders/rows.h"

namespace watertight::generator {

std::span<const Builder> Builders() {
  static const std::array builders = {
      kClassic2010, kClassic26,  kClassic28,        kBuildkit08, kBuildkit013,
      kBuildkit025, kBuildah128, kBuildah128Layers, kKaniko,
  };
  return builders;
}

const Builder* FindBuilder(std::string_view name) {
  for (const Builder& builder : Builders()) {
    if (builder.name == name) return &builder;
  }
  return nullptr;
}

}  // namespace watertight::generator
