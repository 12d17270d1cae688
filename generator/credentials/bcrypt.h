// bcrypt_pbkdf: how OpenSSH derives keys from passphrases.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watertight::generator::credentials {

// `size` bytes. One round takes some 4 ms for each 32 of them.
std::string BcryptKey(std::string_view passphrase, std::string_view salt, std::size_t size,
                      unsigned rounds);

}  // namespace watertight::generator::credentials
