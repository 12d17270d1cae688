#include "generator/credentials/draw.h"

#include <array>

#include "generator/credentials/encodings.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::array<std::string_view, 8> kUsers = {"deploy",  "build-agent", "platform",
                                                    "release", "svc-build",   "pipeline",
                                                    "backend", "publisher"};
constexpr std::array<std::string_view, 8> kUnits = {"eu1",  "eu2",  "us3",  "core",
                                                    "prod", "corp", "edge", "infra"};

}  // namespace

std::string DrawPassword(Drbg& random) { return DrawText(kBase62Digits, 24, random); }

std::string DrawUser(Drbg& random) { return std::string(kUsers[random.Below(kUsers.size())]); }

std::string DrawHost(std::string_view service, Drbg& random) {
  const std::string unit(kUnits[random.Below(kUnits.size())]);
  return (service.empty() ? "" : std::string(service) + ".") + unit + ".internal";
}

std::string DrawUuid(Drbg& random) {
  static const std::vector<ShapePart> shape =
      ParseShape("[hex:8]-[hex:4]-4[hex:3]-[{89ab}:1][hex:3]-[hex:12]");
  return DrawToken(shape, random);
}

}  // namespace watertight::generator::credentials
