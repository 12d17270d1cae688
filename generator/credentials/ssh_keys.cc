#include <algorithm>

#include "generator/archives/binary.h"
#include "generator/builders/base64.h"
#include "generator/credentials/bcrypt.h"
#include "generator/credentials/digests.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"
#include "generator/credentials/key_pair.h"
#include "generator/credentials/password_encryption.h"
#include "generator/credentials/pem.h"
#include "generator/credentials/ssh_wire.h"

namespace watertight::generator::credentials {
namespace {

constexpr std::string_view kOpensshLabel = "OPENSSH PRIVATE KEY";
constexpr std::size_t kOpensshWidth = 70;
constexpr std::size_t kOpensshBlock = 8;  // of no cipher
constexpr std::size_t kAesBlock = 16;
constexpr std::size_t kPuttyWidth = 64;

std::string DrawComment(Drbg& random) {
  const std::string user = DrawUser(random);
  return user + "@" + DrawHost("", random);
}

// PROTOCOL.key of OpenSSH: what a cipher would encrypt, padded with 1, 2, 3 …
std::string OpensshSecretPart(const Ed25519Key& key, const std::string& comment,
                              const std::string& check, std::size_t block) {
  std::string secret = check + check + SshPublicBlob(key) + SshString(key.seed + key.public_bytes) +
                       SshString(comment);
  for (char pad = 1; secret.size() % block != 0; ++pad) secret += pad;
  return secret;
}

std::string OpensshKey(const std::string& cipher, const std::string& derivation,
                       const std::string& options, const std::string& public_blob,
                       const std::string& secret) {
  return std::string("openssh-key-v1") + '\0' + SshString(cipher) + SshString(derivation) +
         SshString(options) + BigEndian(1, 4) + SshString(public_blob) + SshString(secret);
}

Credential MakeOpenssh(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string comment = DrawComment(random);
  const auto draw = [&]() -> KeyPair {
    const Ed25519Key key = DrawEd25519Key(random);
    const std::string secret = OpensshSecretPart(key, comment, random.Bytes(4), kOpensshBlock);
    return {Pem(kOpensshLabel, OpensshKey("none", "none", "", SshPublicBlob(key), secret),
                kOpensshWidth),
            SshPublicLine(key, comment), PemMarkers(kOpensshLabel)};
  };
  // The first line holds lengths and names alone, the same in every key: with a run of one letter.
  const auto drawn_lines = [](const KeyPair& pair) {
    return pair.secret.substr(pair.secret.find('\n') + 1 + kOpensshWidth);
  };
  return CredentialOf(DrawKept(draw, drawn_lines), variant);
}

// With one round where ssh-keygen has 16, which take it a tenth of a second.
Credential MakeOpensshEncrypted(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  constexpr unsigned kRounds = 1;
  const std::string comment = DrawComment(random);
  const std::string passphrase = DrawPassword(random);
  const Ed25519Key key = DrawEd25519Key(random);
  const std::string salt = random.Bytes(16);
  const std::string derived = BcryptKey(passphrase, salt, 48, kRounds);
  const std::string secret =
      EncryptAesCtr(OpensshSecretPart(key, comment, random.Bytes(4), kAesBlock),
                    derived.substr(0, 32), derived.substr(32));
  KeyPair pair{Pem(kOpensshLabel,
                   OpensshKey("aes256-ctr", "bcrypt", SshString(salt) + BigEndian(kRounds, 4),
                              SshPublicBlob(key), secret),
                   kOpensshWidth),
               SshPublicLine(key, comment),
               PemMarkers(kOpensshLabel),
               {{"passphrase", passphrase}}};
  return CredentialOf(std::move(pair), variant);
}

struct PuttyKey {
  std::string comment;
  std::string public_blob;
  std::string secret_blob;
};

// What the message authentication code covers (PuTTY's manual, appendix C).
std::string PuttyCovered(const PuttyKey& key) {
  return SshString("ssh-ed25519") + SshString("none") + SshString(key.comment) +
         SshString(key.public_blob) + SshString(key.secret_blob);
}

std::string PuttyLines(const char* name, const std::string& bytes) {
  const std::string lines = Wrapped(Base64(bytes), kPuttyWidth);
  return std::string(name) +
         "-Lines: " + std::to_string(std::count(lines.begin(), lines.end(), '\n')) + "\n" + lines;
}

std::string PuttyFile(char version, const PuttyKey& key, const std::string& code) {
  return std::string("PuTTY-User-Key-File-") + version +
         ": ssh-ed25519\nEncryption: none\nComment: " + key.comment + "\n" +
         PuttyLines("Public", key.public_blob) + PuttyLines("Private", key.secret_blob) +
         "Private-MAC: " + Hex(code);
}

// Version 3 has an empty key where there is no passphrase, version 2 one of fixed text.
std::string PuttyVersion3(const PuttyKey& key) {
  return PuttyFile('3', key, HmacSha256("", PuttyCovered(key)));
}

std::string PuttyVersion2(const PuttyKey& key) {
  return PuttyFile('2', key, HmacSha1(Sha1("putty-private-key-file-mac-key"), PuttyCovered(key)));
}

// A number in little-endian order: without the zeros at its end.
std::string PuttySecretBlob(const Ed25519Key& key) {
  return SshString(std::string_view(key.seed).substr(0, key.seed.find_last_not_of('\0') + 1));
}

// RFC 4716, section 3.
std::string Ssh2PublicKey(const PuttyKey& key) {
  return "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"" + key.comment + "\"\n" +
         Wrapped(Base64(key.public_blob), kPuttyWidth) + "---- END SSH2 PUBLIC KEY ----";
}

Credential MakePutty(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string comment = DrawComment(random);
  const auto draw = [&]() -> KeyPair {
    const Ed25519Key key = DrawEd25519Key(random);
    const PuttyKey putty{comment, SshPublicBlob(key), PuttySecretBlob(key)};
    return {PuttyVersion3(putty), Ssh2PublicKey(putty), "", {{"version2", PuttyVersion2(putty)}}};
  };
  return CredentialOf(DrawKept(draw, [](const KeyPair& pair) { return pair.secret; }), variant);
}

}  // namespace

std::vector<Kind> SshKeyKinds() {
  return {
      {.id = "openssh-private-key",
       .credential_class = "private-key",
       .title = "OpenSSH private key",
       .make = MakeOpenssh,
       .variables = {"SSH_PRIVATE_KEY", "DEPLOY_KEY"},
       .forms = {{"file:.ssh/id_ed25519", "{{value}}\n"},
                 {"file:etc/ssh/ssh_host_ed25519_key", "{{value}}\n"},
                 {"ssh-add", "ssh-add - <<'KEY'\n{{value}}\nKEY\n"}},
       .variants = {"public-key", "pem-marker"},
       .appearance = Appearance::kLines},
      {.id = "openssh-private-key-encrypted",
       .credential_class = "private-key",
       .title = "OpenSSH private key under a passphrase",
       .make = MakeOpensshEncrypted,
       .variables = {"SSH_PRIVATE_KEY", "DEPLOY_KEY"},
       .forms = {{"file:.ssh/id_ed25519", "{{value}}\n"},
                 {"file:.ssh/passphrase", "{{passphrase}}\n"}},
       .parts = {{"passphrase", "generic-password", "made"}},
       .variants = {"public-key", "pem-marker"},
       .appearance = Appearance::kLines},
      {.id = "putty-ppk",
       .credential_class = "private-key",
       .title = "PuTTY private key",
       .make = MakePutty,
       .variables = {"PUTTY_KEY"},
       .forms = {{"file:.ssh/id.ppk", "{{value}}\n"}, {"file:.ssh/id-v2.ppk", "{{version2}}\n"}},
       .parts = {{"version2", "putty-ppk", "made"}},
       .variants = {"public-key"},
       .appearance = Appearance::kLines},
  };
}

}  // namespace watertight::generator::credentials
