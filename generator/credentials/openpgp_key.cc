#include "generator/archives/binary.h"
#include "generator/builders/base64.h"
#include "generator/credentials/big_number.h"
#include "generator/credentials/checksums.h"
#include "generator/credentials/digests.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/ec_key.h"
#include "generator/credentials/families.h"
#include "generator/credentials/key_pair.h"
#include "generator/credentials/pem.h"

namespace watertight::generator::credentials {
namespace {

// RFC 9580, with packets and subpackets as GnuPG 2.2 exports them: a key of version 4 that signs
// and certifies, its user, and its own signature of both.

constexpr std::uint64_t kCreated = 1735689600;  // 2025-01-01
constexpr unsigned kEddsaLegacy = 22;
constexpr unsigned kSha512 = 10;

enum class Packet : unsigned { kSignature = 2, kSecretKey = 5, kPublicKey = 6, kUserId = 13 };

std::string Byte(unsigned value) { return BigEndian(value, 1); }

// Section 4.2.2, with one byte of length. Requires: body under 256 bytes.
std::string PacketOf(Packet type, const std::string& body) {
  return Byte(0x80 | static_cast<unsigned>(type) << 2) + Byte(static_cast<unsigned>(body.size())) +
         body;
}

// Section 3.2.
std::string Mpi(std::string_view bytes) {
  const BigNumber number = BigNumber::FromBytes(bytes);
  return BigEndian(number.bits(), 2) + number.Bytes();
}

std::string PublicBody(const Ed25519Key& key) {
  const std::string curve = "\x2b\x06\x01\x04\x01\xda\x47\x0f\x01";
  return Byte(4) + BigEndian(kCreated, 4) + Byte(kEddsaLegacy) +
         Byte(static_cast<unsigned>(curve.size())) + curve + Mpi("\x40" + key.public_bytes);
}

// Not encrypted: 0, the secret, the sum of its bytes (section 3.7.2.1).
std::string SecretBody(const Ed25519Key& key) {
  const std::string secret = Mpi(key.seed);
  std::uint64_t sum = 0;
  for (const char byte : secret) sum += static_cast<unsigned char>(byte);
  return PublicBody(key) + Byte(0) + secret + BigEndian(sum & 0xffff, 2);
}

// Section 5.5.4.2: what a fingerprint and a signature cover of the key.
std::string CoveredKey(const std::string& public_body) {
  return Byte(0x99) + BigEndian(public_body.size(), 2) + public_body;
}

std::string Subpacket(unsigned type, const std::string& body) {
  return Byte(static_cast<unsigned>(body.size()) + 1) + Byte(type) + body;
}

std::string Counted(const std::string& subpackets) {
  return BigEndian(subpackets.size(), 2) + subpackets;
}

// Section 5.2.3: issuer, time, what the key is for, and preferences.
std::string HashedSubpackets(const std::string& fingerprint) {
  return Subpacket(33, Byte(4) + fingerprint) + Subpacket(2, BigEndian(kCreated, 4)) +
         Subpacket(27, "\x03") + Subpacket(11, "\x09\x08\x07\x02") +
         Subpacket(21, "\x0a\x09\x08\x0b\x02") + Subpacket(22, "\x02\x03\x01") +
         Subpacket(30, "\x01") + Subpacket(23, "\x80");
}

std::string SelfSignature(const Ed25519Key& key, const std::string& user) {
  constexpr unsigned kPositiveCertification = 0x13;
  const std::string covered_key = CoveredKey(PublicBody(key));
  const std::string fingerprint = Sha1(covered_key);
  const std::string start = Byte(4) + Byte(kPositiveCertification) + Byte(kEddsaLegacy) +
                            Byte(kSha512) + Counted(HashedSubpackets(fingerprint));
  // Section 5.2.4.
  const std::string digest = Sha512(covered_key + Byte(0xb4) + BigEndian(user.size(), 4) + user +
                                    start + "\x04\xff" + BigEndian(start.size(), 4));
  const std::string signature = key.Sign(digest);
  return start + Counted(Subpacket(16, fingerprint.substr(12))) + digest.substr(0, 2) +
         Mpi(signature.substr(0, 32)) + Mpi(signature.substr(32));
}

// Section 6: PEM with an empty line behind its first one and a checksum before the last.
std::string Armoured(std::string_view label, const std::string& bytes) {
  std::string text = Pem(label, bytes);
  text.insert(text.rfind("-----END"), "=" + Base64(BigEndian(Crc24(bytes), 3)) + "\n");
  text.insert(text.find('\n'), 1, '\n');
  return text;
}

Credential MakePgp(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  constexpr std::string_view kLabel = "PGP PRIVATE KEY BLOCK";
  const std::string name = DrawUser(random);
  const std::string user = name + " <" + name + "@" + DrawHost("", random) + ">";
  const auto draw = [&]() -> KeyPair {
    const Ed25519Key key = DrawEd25519Key(random);
    const std::string rest =
        PacketOf(Packet::kUserId, user) + PacketOf(Packet::kSignature, SelfSignature(key, user));
    return {Armoured(kLabel, PacketOf(Packet::kSecretKey, SecretBody(key)) + rest),
            Armoured("PGP PUBLIC KEY BLOCK", PacketOf(Packet::kPublicKey, PublicBody(key)) + rest),
            PemMarkers(kLabel)};
  };
  Credential credential =
      CredentialOf(DrawKept(draw, [](const KeyPair& pair) { return pair.secret; }), variant);
  credential.parts["user"] = user;
  return credential;
}

}  // namespace

Kind PgpPrivateBlock() {
  return {.id = "pgp-private-block",
          .credential_class = "private-key",
          .title = "OpenPGP private key block",
          .make = MakePgp,
          .variables = {"GPG_PRIVATE_KEY", "SIGNING_KEY"},
          .forms = {{"file:private.asc", "{{value}}\n"},
                    {"file:.gnupg/secret-key.asc", "{{value}}\n"},
                    {"import", "gpg --batch --import <<'KEY'\n{{value}}\nKEY\n"}},
          .variants = {"public-key", "pem-marker"},
          .appearance = Appearance::kLines};
}

}  // namespace watertight::generator::credentials
