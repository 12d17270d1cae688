#include "generator/credentials/pem.h"

#include "generator/builders/base64.h"
#include "generator/credentials/encodings.h"

namespace watertight::generator::credentials {
namespace {

std::string Marker(const char* which, std::string_view label) {
  return std::string("-----") + which + " " + std::string(label) + "-----";
}

}  // namespace

std::string Pem(std::string_view label, std::string_view bytes, std::size_t width) {
  return Marker("BEGIN", label) + "\n" + Wrapped(Base64(bytes), width) + Marker("END", label);
}

std::string PemMarkers(std::string_view label) {
  return Marker("BEGIN", label) + "\n" + Marker("END", label);
}

}  // namespace watertight::generator::credentials
