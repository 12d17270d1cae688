#include "generator/credentials/draw.h"
#include "generator/credentials/dsa_key.h"
#include "generator/credentials/ec_key.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"
#include "generator/credentials/key_pair.h"
#include "generator/credentials/password_encryption.h"
#include "generator/credentials/pem.h"
#include "generator/credentials/rsa_key.h"

namespace watertight::generator::credentials {
namespace {

std::string PublicPem(const std::string& subject_public_key) {
  return Pem("PUBLIC KEY", subject_public_key);
}

KeyPair PemPair(std::string_view label, const std::string& secret, const std::string& open) {
  return {Pem(label, secret), PublicPem(open), PemMarkers(label)};
}

template <typename Draw>
Credential Make(const Draw& draw, std::string_view variant) {
  return CredentialOf(DrawKept(draw, [](const KeyPair& pair) { return pair.secret; }), variant);
}

// RFC 7517 and 7518: the same key as JSON.
std::string RsaJwk(const RsaKey& key) {
  const auto member = [](const char* name, const BigNumber& number) {
    return std::string(",\"") + name + "\":\"" + Base64Url(number.Bytes()) + "\"";
  };
  return "{\"kty\":\"RSA\"" + member("n", key.modulus) + member("e", key.exponent) +
         member("d", key.private_exponent) + member("p", key.p) + member("q", key.q) +
         member("dp", key.exponent_p) + member("dq", key.exponent_q) +
         member("qi", key.coefficient) + "}";
}

std::string EcJwk(const EcKey& key) {
  return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + Base64Url(key.point.substr(1, 32)) +
         "\",\"y\":\"" + Base64Url(key.point.substr(33)) + "\",\"d\":\"" +
         Base64Url(key.scalar.Bytes(32)) + "\"}";
}

Credential MakeRsa(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const auto draw = [&random] {
    const RsaKey& key = DrawRsaKey(random);
    KeyPair pair = PemPair("RSA PRIVATE KEY", key.Pkcs1(), key.SubjectPublicKey());
    pair.parts["jwk"] = RsaJwk(key);
    return pair;
  };
  return Make(draw, variant);
}

Credential MakeEc(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const auto draw = [&random] {
    const EcKey key = DrawEcKey(random);
    KeyPair pair = PemPair("EC PRIVATE KEY", key.Sec1(), key.SubjectPublicKey());
    pair.parts["jwk"] = EcJwk(key);
    return pair;
  };
  return Make(draw, variant);
}

Credential MakePkcs8(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const auto draw = [&random] {
    const RsaKey& key = DrawRsaKey(random);
    return PemPair("PRIVATE KEY", key.Pkcs8(), key.SubjectPublicKey());
  };
  return Make(draw, variant);
}

Credential MakeDsa(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const auto draw = [&random] {
    const DsaKey key = DrawDsaKey(random);
    return PemPair("DSA PRIVATE KEY", key.Traditional(), key.SubjectPublicKey());
  };
  return Make(draw, variant);
}

Credential MakeEncrypted(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string passphrase = DrawPassword(random);
  const auto draw = [&] {
    const EcKey key = DrawEcKey(random);
    KeyPair pair = PemPair("ENCRYPTED PRIVATE KEY", EncryptedPkcs8(key.Pkcs8(), passphrase, random),
                           key.SubjectPublicKey());
    pair.parts["passphrase"] = passphrase;
    return pair;
  };
  return Make(draw, variant);
}

Credential MakeEncryptedLegacy(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  constexpr std::string_view kLabel = "RSA PRIVATE KEY";
  const std::string passphrase = DrawPassword(random);
  const auto draw = [&]() -> KeyPair {
    const RsaKey& key = DrawRsaKey(random);
    return {EncryptedPem(kLabel, key.Pkcs1(), passphrase, random),
            PublicPem(key.SubjectPublicKey()),
            PemMarkers(kLabel),
            {{"passphrase", passphrase}}};
  };
  return Make(draw, variant);
}

const std::vector<Form> kServerForms = {{"file:server.key", "{{value}}\n"},
                                        {"file:certs/tls.key", "{{value}}\n"},
                                        {"file:privkey.pem", "{{value}}\n"}};

Kind Key(std::string_view id, std::string_view title,
         Credential (*make)(const Kind&, Drbg&, std::string_view), std::string_view variable,
         std::vector<Form> forms = kServerForms) {
  return {.id = id,
          .credential_class = "private-key",
          .title = title,
          .make = make,
          .variables = {variable},
          .forms = std::move(forms),
          .variants = {"public-key", "pem-marker"},
          .appearance = Appearance::kLines};
}

Kind EncryptedKey(std::string_view id, std::string_view title,
                  Credential (*make)(const Kind&, Drbg&, std::string_view)) {
  Kind kind = Key(id, title, make, "TLS_PRIVATE_KEY",
                  {{"file:server.key", "{{value}}\n"},
                   {"file:server.pass", "{{passphrase}}\n"},
                   {"decrypt", "openssl pkey -in server.key -passin pass:{{passphrase}}"}});
  kind.parts = {{"passphrase", "generic-password", "made"}};
  return kind;
}

}  // namespace

std::vector<Kind> PrivateKeyKinds() {
  std::vector<Form> rsa_forms = kServerForms;
  rsa_forms.push_back({"file:.ssh/id_rsa", "{{value}}\n"});
  rsa_forms.push_back({"file:jwk.json", "{{jwk}}\n"});
  Kind rsa = Key("pem-rsa", "RSA private key (PKCS#1)", MakeRsa, "TLS_PRIVATE_KEY", rsa_forms);
  rsa.parts = {{"jwk", "pem-rsa", "made"}};

  std::vector<Form> ec_forms = kServerForms;
  ec_forms.push_back({"file:.ssh/id_ecdsa", "{{value}}\n"});
  ec_forms.push_back({"file:jwk.json", "{{jwk}}\n"});
  Kind ec =
      Key("pem-ec", "Elliptic curve private key (SEC 1)", MakeEc, "TLS_PRIVATE_KEY", ec_forms);
  ec.parts = {{"jwk", "pem-ec", "made"}};

  std::vector<Kind> kinds = {
      rsa,
      ec,
      Key("pem-pkcs8", "Private key (PKCS#8)", MakePkcs8, "PRIVATE_KEY"),
      Key("pem-dsa", "DSA private key", MakeDsa, "SSH_PRIVATE_KEY",
          {{"file:.ssh/id_dsa", "{{value}}\n"}, {"file:server.key", "{{value}}\n"}}),
      EncryptedKey("pem-encrypted", "Private key under a passphrase (PKCS#8)", MakeEncrypted),
      EncryptedKey("pem-encrypted-legacy", "Private key under a passphrase (DEK-Info)",
                   MakeEncryptedLegacy),
  };
  for (Kind& kind : SshKeyKinds()) kinds.push_back(std::move(kind));
  kinds.push_back(PgpPrivateBlock());
  for (Kind& kind : KeyStoreKinds()) kinds.push_back(std::move(kind));
  kinds.push_back(Kubeconfig());
  return kinds;
}

}  // namespace watertight::generator::credentials
