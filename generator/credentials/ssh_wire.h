// Data types of the SSH protocols (RFC 4251, section 5), and keys in them.
#pragma once

#include <string>
#include <string_view>

#include "generator/credentials/ec_key.h"

namespace watertight::generator::credentials {

// Length in four bytes, content.
std::string SshString(std::string_view bytes);

// RFC 8709, section 4.
std::string SshPublicBlob(const Ed25519Key& key);

// A line of authorized_keys: "ssh-ed25519 AAAA… comment".
std::string SshPublicLine(const Ed25519Key& key, std::string_view comment);

}  // namespace watertight::generator::credentials
