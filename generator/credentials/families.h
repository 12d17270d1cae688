// The kinds by family; each has a file.
#pragma once

#include <array>
#include <vector>

#include "generator/credentials/credentials.h"

namespace watertight::generator::credentials {

std::vector<Kind> PrivateKeyKinds();
std::vector<Kind> SshKeyKinds();
std::vector<Kind> KeyStoreKinds();
std::vector<Kind> VcsKinds();
std::vector<Kind> CloudKinds();
std::vector<Kind> AzureKinds();
std::vector<Kind> RegistryKinds();
std::vector<Kind> AiKinds();
std::vector<Kind> PaymentAndChatKinds();
std::vector<Kind> SaasKinds();
std::vector<Kind> EncryptionKeyKinds();
std::vector<Kind> WebTokenKinds();
std::vector<Kind> DatabaseKinds();
std::vector<Kind> PasswordKinds();

// Kinds whose making fills a file; their families list them.
Kind PgpPrivateBlock();
Kind Kubeconfig();
Kind GithubAppStateless();
Kind GcpServiceAccount();

inline constexpr std::array kFamilies = {PrivateKeyKinds,     VcsKinds,      CloudKinds,
                                         AzureKinds,          RegistryKinds, AiKinds,
                                         PaymentAndChatKinds, SaasKinds,     EncryptionKeyKinds,
                                         WebTokenKinds,       DatabaseKinds, PasswordKinds};

}  // namespace watertight::generator::credentials
