// The kinds by family; each has a file.
#pragma once

#include <array>
#include <vector>

#include "generator/credentials/credentials.h"

namespace watertight::generator::credentials {

std::vector<Kind> PrivateKeyKinds();
std::vector<Kind> VcsKinds();
std::vector<Kind> CloudKinds();
std::vector<Kind> AzureKinds();
std::vector<Kind> RegistryKinds();
std::vector<Kind> AiKinds();
std::vector<Kind> PaymentAndChatKinds();
std::vector<Kind> SaasKinds();
std::vector<Kind> EncryptionKeyKinds();
std::vector<Kind> DatabaseKinds();
std::vector<Kind> PasswordKinds();

inline constexpr std::array kFamilies = {
    PrivateKeyKinds,     VcsKinds,  CloudKinds,         AzureKinds,    RegistryKinds, AiKinds,
    PaymentAndChatKinds, SaasKinds, EncryptionKeyKinds, DatabaseKinds, PasswordKinds};

}  // namespace watertight::generator::credentials
