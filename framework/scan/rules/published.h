// What was published on purpose, or comes with software to everybody: samples of documents, keys
// with which libraries test themselves, the ids that public programs have with their services.

#pragma once

#include <string_view>

namespace watertight {

// A sample of a document, or of a public program.
bool IsPublished(std::string_view value);

// A private key that everybody has. identity is what makes it that key, however it is wrapped: the
// modulus of RSA without zeros before it, the private number of elliptic curves and DSA, the public
// part of OpenSSH, all bytes of OpenPGP and PKCS #12, the first 512 of a Java key store.
bool IsPublishedKey(std::string_view identity);

}  // namespace watertight
