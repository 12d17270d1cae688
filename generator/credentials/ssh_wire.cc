#include "generator/credentials/ssh_wire.h"

#include "generator/archives/binary.h"
#include "generator/builders/base64.h"

namespace watertight::generator::credentials {

std::string SshString(std::string_view bytes) {
  return BigEndian(bytes.size(), 4) + std::string(bytes);
}

std::string SshPublicBlob(const Ed25519Key& key) {
  return SshString("ssh-ed25519") + SshString(key.public_bytes);
}

std::string SshPublicLine(const Ed25519Key& key, std::string_view comment) {
  return "ssh-ed25519 " + Base64(SshPublicBlob(key)) + " " + std::string(comment);
}

}  // namespace watertight::generator::credentials
