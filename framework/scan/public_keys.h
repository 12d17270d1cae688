// Whether a text is public keys and nothing else, however its file is called.

#pragma once

#include <string_view>

namespace watertight {

// One or more of: a line of OpenSSH (`ssh-ed25519 AAAA… who@where`), a block of PEM (PUBLIC KEY,
// RSA PUBLIC KEY, CERTIFICATE) or of RFC 4716 (SSH2 PUBLIC KEY). What a block holds is read: a
// private key under the name of a public one is none.
bool HoldsPublicKeysAlone(std::string_view text);

}  // namespace watertight
