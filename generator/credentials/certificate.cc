#include "generator/credentials/certificate.h"

#include "generator/credentials/der.h"

namespace watertight::generator::credentials {
namespace {

std::string Name(std::string_view common_name) {
  const std::string attribute =
      der::Sequence({der::ObjectId("2.5.4.3"), der::Utf8String(common_name)});
  return der::Sequence({der::Set({attribute})});
}

// Critical: it certifies no others.
std::string BasicConstraints() {
  return der::Sequence(
      {der::ObjectId("2.5.29.19"), der::Boolean(true), der::OctetString(der::Sequence({}))});
}

}  // namespace

std::string SelfSignedCertificate(const EcKey& key, std::string_view common_name, Drbg& random) {
  const std::string algorithm = der::Sequence({der::ObjectId("1.2.840.10045.4.3.2")});
  const std::string name = Name(common_name);
  const std::string version = der::Explicit(0, der::Integer(2));  // 3, counted from 0
  const std::string serial = der::Integer(BigNumber::FromBytes("\x11" + random.Bytes(19)));
  const std::string validity =
      der::Sequence({der::UtcTime("250101000000Z"), der::UtcTime("341231235959Z")});
  const std::string extensions = der::Explicit(3, der::Sequence({BasicConstraints()}));
  const std::string signed_part = der::Sequence(
      {version, serial, algorithm, name, validity, name, key.SubjectPublicKey(), extensions});
  return der::Sequence({signed_part, algorithm, der::BitString(key.SignDer(signed_part))});
}

}  // namespace watertight::generator::credentials
