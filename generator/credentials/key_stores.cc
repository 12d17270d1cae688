#include "generator/archives/binary.h"
#include "generator/credentials/certificate.h"
#include "generator/credentials/der.h"
#include "generator/credentials/digests.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/ec_key.h"
#include "generator/credentials/families.h"
#include "generator/credentials/password_encryption.h"

namespace watertight::generator::credentials {
namespace {

constexpr const char* kAlias = "app";
constexpr const char* kData = "1.2.840.113549.1.7.1";
constexpr int kMacIterations = 2048;

// Two bytes a character. Requires: ASCII.
std::string Utf16(std::string_view text) {
  std::string wide;
  for (const char c : text) wide += {'\0', c};
  return wide;
}

// --- PKCS#12, RFC 7292 ---

std::string ContentInfo(const std::string& content) {
  return der::Sequence({der::ObjectId(kData), der::Explicit(0, der::OctetString(content))});
}

// RFC 5652, section 8.
std::string EncryptedContentInfo(const std::string& content, std::string_view password,
                                 Drbg& random) {
  const PasswordEncrypted encrypted = EncryptByPassword(content, password, random);
  const std::string info = der::Sequence(
      {der::ObjectId(kData), encrypted.algorithm, der::Tagged(0x80, encrypted.bytes)});
  return der::Sequence({der::ObjectId("1.2.840.113549.1.7.6"),
                        der::Explicit(0, der::Sequence({der::Integer(0), info}))});
}

// With the name that tools show, and what joins a key to its certificate.
std::string SafeBag(const char* type, const std::string& content, const std::string& key_id) {
  const std::string name = der::Sequence(
      {der::ObjectId("1.2.840.113549.1.9.20"), der::Set({der::Tagged(0x1e, Utf16(kAlias))})});
  const std::string id =
      der::Sequence({der::ObjectId("1.2.840.113549.1.9.21"), der::Set({der::OctetString(key_id)})});
  return der::Sequence({der::ObjectId(type), der::Explicit(0, content), der::Set({name, id})});
}

std::string CertificateBag(const std::string& certificate) {
  const std::string content = der::Sequence(
      {der::ObjectId("1.2.840.113549.1.9.22.1"), der::Explicit(0, der::OctetString(certificate))});
  return SafeBag("1.2.840.113549.1.12.10.1.3", content, Sha1(certificate));
}

std::string Repeated(std::string_view text) {
  std::string block;
  while (block.size() % 64 != 0 || block.empty()) block += text[block.size() % text.size()];
  return block;
}

// RFC 7292, appendix B.2, for one block of SHA-256. Requires: what is repeated fits in one block.
std::string MacKey(std::string_view password, std::string_view salt) {
  const std::string wide = Utf16(password) + std::string(2, '\0');
  std::string key = std::string(64, '\3') + Repeated(salt) + Repeated(wide);
  for (int i = 0; i < kMacIterations; ++i) key = Sha256(key);
  return key;
}

std::string Pkcs12(const std::string& safe, std::string_view password, Drbg& random) {
  const std::string salt = random.Bytes(8);
  const std::string code = HmacSha256(MacKey(password, salt), safe);
  const std::string algorithm =
      der::Sequence({der::ObjectId("2.16.840.1.101.3.4.2.1"), der::Null()});
  const std::string mac = der::Sequence({der::Sequence({algorithm, der::OctetString(code)}),
                                         der::OctetString(salt), der::Integer(kMacIterations)});
  return der::Sequence({der::Integer(3), ContentInfo(safe), mac});
}

Credential MakePkcs12(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string password = DrawPassword(random);
  const EcKey key = DrawEcKey(random);
  const std::string certificate = SelfSignedCertificate(key, DrawHost(kAlias, random), random);
  const std::string public_part =
      EncryptedContentInfo(der::Sequence({CertificateBag(certificate)}), password, random);
  const std::string key_bag =
      SafeBag("1.2.840.113549.1.12.10.1.2", EncryptedPkcs8(key.Pkcs8(), password, random),
              Sha1(certificate));
  const std::string safe =
      variant == "public-key" ? der::Sequence({public_part})
                              : der::Sequence({public_part, ContentInfo(der::Sequence({key_bag}))});
  return {Pkcs12(safe, password, random), {{"password", password}}};
}

// --- Java KeyStore: big-endian numbers, texts and blobs with their lengths before them ---

std::string JavaText(std::string_view text) {
  return BigEndian(text.size(), 2) + std::string(text);
}

std::string JavaBlob(std::string_view bytes) {
  return BigEndian(bytes.size(), 4) + std::string(bytes);
}

// Sun's own cipher: a stream of SHA-1 digests, each of the password and the one before.
std::string JavaEncrypted(const std::string& bytes, const std::string& wide_password,
                          const std::string& salt) {
  std::string encrypted;
  std::string digest = salt;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % digest.size() == 0) digest = Sha1(wide_password + digest);
    encrypted += static_cast<char>(bytes[i] ^ digest[i % digest.size()]);
  }
  const std::string algorithm =
      der::Sequence({der::ObjectId("1.3.6.1.4.1.42.2.17.1.1"), der::Null()});
  return der::Sequence(
      {algorithm, der::OctetString(salt + encrypted + Sha1(wide_password + bytes))});
}

Credential MakeJks(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  constexpr std::uint64_t kCreated = 1735689600000;  // 2025-01-01, in milliseconds
  const std::string password = DrawPassword(random);
  const std::string wide = Utf16(password);
  const EcKey key = DrawEcKey(random);
  const std::string certificate =
      JavaText("X.509") + JavaBlob(SelfSignedCertificate(key, DrawHost(kAlias, random), random));
  const std::string name = JavaText(kAlias) + BigEndian(kCreated, 8);
  const std::string secret = JavaBlob(JavaEncrypted(key.Pkcs8(), wide, random.Bytes(20)));
  std::string store = "\xfe\xed\xfe\xed" + BigEndian(2, 4) + BigEndian(1, 4);
  if (variant == "public-key") {
    store += BigEndian(2, 4) + name + certificate;  // a trusted certificate
  } else {
    store += BigEndian(1, 4) + name + secret + BigEndian(1, 4) + certificate;
  }
  store += Sha1(wide + "Mighty Aphrodite" + store);
  return {store, {{"password", password}}};
}

Kind Store(std::string_view id, std::string_view title,
           Credential (*make)(const Kind&, Drbg&, std::string_view), std::string_view variable,
           std::vector<Form> forms) {
  forms.push_back({"file:application.properties",
                   "spring.application.name=orders\nserver.ssl.key-store=/etc/app/keystore\n"
                   "server.ssl.key-store-password={{password}}\n"});
  return {.id = id,
          .credential_class = "private-key",
          .title = title,
          .make = make,
          .variables = {variable},
          .forms = std::move(forms),
          .parts = {{"password", "generic-password", "made"}},
          .variants = {"public-key"},
          .appearance = Appearance::kBinary};
}

}  // namespace

std::vector<Kind> KeyStoreKinds() {
  return {
      Store("pkcs12", "PKCS#12 store with a private key", MakePkcs12, "KEYSTORE_P12",
            {{"file:keystore.p12", "{{value}}"},
             {"file:client.pfx", "{{value}}"},
             {"openssl", "openssl pkcs12 -in keystore.p12 -passin pass:{{password}} -nodes"}}),
      Store("jks", "Java KeyStore with a private key", MakeJks, "KEYSTORE_JKS",
            {{"file:keystore.jks", "{{value}}"},
             {"keytool", "keytool -list -keystore keystore.jks -storepass {{password}}"}}),
  };
}

}  // namespace watertight::generator::credentials
