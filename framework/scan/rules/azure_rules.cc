#include <algorithm>
#include <string>
#include <string_view>

#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/published.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {
namespace {

// Without the mark of the newer ones: what stands before it must tell.
bool IsStorageKey(const RuleHit& hit, Level* /*level*/) {
  constexpr std::size_t kNear = 64;
  const std::size_t from = hit.begin - std::min(hit.begin, kNear);
  std::string near(hit.text.substr(from, hit.begin - from));
  std::transform(near.begin(), near.end(), near.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::size_t key = near.rfind("key");
  if (near.ends_with("sha512-") || key == std::string::npos) return false;
  if (near.find('{', key) != std::string::npos)
    return false;  // the first of a list, not its name's
  const std::string_view value = hit.value;
  const bool marked = value.substr(76, 4) == "+ASt" || value.substr(76, 4) == "ACDb" ||
                      value.substr(76, 4) == "+ABa" || value.substr(76, 4) == "APIM";
  return !marked && IsIssued(value);
}

// The signature is 32 bytes, its base64 escaped for a URL as a rule.
bool IsSas(const RuleHit& hit, Level* level) {
  std::string signature;
  const std::string_view text = hit.value.substr(hit.value.rfind("sig=") + 4);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    const bool escape = rest.size() >= 3 && rest[0] == '%';
    if (!escape) {
      signature += rest[0];
      continue;
    }
    signature += rest[1] == '3' ? '=' : rest[2] == 'B' || rest[2] == 'b' ? '+' : '/';
    at += 2;
  }
  constexpr std::size_t kBytes = 32;
  std::string bytes;
  return DecodeBase64(signature, &bytes) && bytes.size() == kBytes && !IsPublished(signature) &&
         MadeByChance(hit, level);
}

}  // namespace

RuleRows AzureRules() {
  constexpr Level kError = Level::kError;
  const auto key = [](const char* id, const char* title, const char* mark, const char* pattern,
                      std::size_t reach) {
    return Rule{id,    "cloud", title,       Level::kError, mark, pattern, HasAzureChecksum,
                reach, 24,      Edge::kToken};
  };
  return {
      key("azure-storage-key", "Azure Storage account key", "+ASt",
          R"([A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{5}[AQgw]==)", 76),
      key("azure-cosmos-key", "Azure Cosmos DB key", "ACDb",
          R"([A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{5}[AQgw]==)", 76),
      key("azure-batch-key", "Azure Batch account key", "+ABa",
          R"([A-Za-z0-9+/]{76}\+ABa[A-Za-z0-9+/]{5}[AQgw]==)", 76),
      key("azure-api-management-key", "Azure API Management key", "APIM",
          R"([A-Za-z0-9+/]{76}APIM[A-Za-z0-9+/]{5}[AQgw]==)", 76),
      key("azure-functions-key", "Azure Functions key", "AzFu",
          R"([A-Za-z0-9+/_-]{44}AzFu[A-Za-z0-9+/_-]{6}==)", 44),
      key("azure-redis-key", "Azure Cache for Redis key", "AzCa",
          R"([A-Za-z0-9+/]{33}AzCa[A-Za-z0-9+/]{6}=)", 33),
      key("azure-service-bus-key", "Azure Service Bus key", "+ASb",
          R"([A-Za-z0-9+/]{33}\+ASb[A-Za-z0-9+/]{6}=)", 33),
      key("azure-event-hub-key", "Azure Event Hubs key", "+AEh",
          R"([A-Za-z0-9+/]{33}\+AEh[A-Za-z0-9+/]{6}=)", 33),
      key("azure-relay-key", "Azure Relay key", "+ARm",
          R"([A-Za-z0-9+/]{33}\+ARm[A-Za-z0-9+/]{6}=)", 33),
      key("azure-iot-key", "Azure IoT Hub key", "AIoT", R"([A-Za-z0-9+/]{33}AIoT[A-Za-z0-9+/]{6}=)",
          33),
      key("azure-search-key", "Azure Search admin key", "AzSe",
          R"([A-Za-z0-9+/]{42}AzSe[A-Za-z0-9+/]{6})", 42),
      key("azure-container-registry-key", "Azure Container Registry password", "+ACR",
          R"([A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9+/]{6})", 42),
      {"azure-storage-key-legacy", "cloud", "Azure account key of the older form", kError,
       "A== Q== g== w==", R"([A-Za-z0-9+/]{85}[AQgw]==)", IsStorageKey, 85, 8},
      {"azure-entra-secret", "cloud", "Microsoft Entra client secret", kError, "8Q~",
       R"([\w.~-]{3}8Q~[\w.~-]{31,34})", HasEntraChecksum, 3, 64, Edge::kToken},
      {"azure-entra-secret-legacy", "cloud", "Microsoft Entra client secret of the older form",
       kError, "7Q~", R"([\w.~-]{3}7Q~[\w.~-]{31})", MadeByChance, 3, 64, Edge::kToken},
      {"azure-sas", "cloud", "Azure shared access signature", kError,
       "sig=", R"((?:s[vrspte]|se|spr|srt)=[^\s"'<>]{10,400}sig=[A-Za-z0-9%+/]{42,70}(?:=|%3[Dd]))",
       IsSas, 400, 96},
  };
}

}  // namespace watertight
