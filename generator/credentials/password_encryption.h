// Encryption by passwords, as OpenSSL does it.
#pragma once

#include <string>
#include <string_view>

#include "generator/credentials/drbg.h"

namespace watertight::generator::credentials {

// AES-256 in CBC mode, padded to whole blocks. Requires: key of 32 bytes, start of 16.
std::string EncryptAesCbc(std::string_view bytes, std::string_view key, std::string_view start);

// AES-256 in counter mode, as long as the bytes are. Requires: as above.
std::string EncryptAesCtr(std::string_view bytes, std::string_view key, std::string_view start);

// PBES2 (RFC 8018, 6.2): PBKDF2 with HMAC-SHA-256, then AES-256-CBC.
struct PasswordEncrypted {
  std::string algorithm;  // AlgorithmIdentifier
  std::string bytes;
};

PasswordEncrypted EncryptByPassword(std::string_view bytes, std::string_view password,
                                    Drbg& random);

// EncryptedPrivateKeyInfo, RFC 5958, section 3.
std::string EncryptedPkcs8(std::string_view pkcs8, std::string_view password, Drbg& random);

// What OpenSSL wrote before PKCS#8: a PEM block with the headers of RFC 1421, 4.6.1.
std::string EncryptedPem(std::string_view label, std::string_view bytes, std::string_view password,
                         Drbg& random);

}  // namespace watertight::generator::credentials
