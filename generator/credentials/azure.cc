#include "generator/credentials/azure.h"

#include <algorithm>

#include "generator/archives/binary.h"
#include "generator/builders/base64.h"
#include "generator/credentials/checksums.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

// Keys that tell their service: base 64 of random bytes, with a signature in its text and a
// checksum in its last four bytes. Seeds and sizes: microsoft/security-utilities.
struct Service {
  std::string_view kind;
  std::string_view title;
  std::string_view signature;
  std::size_t bytes;
  std::uint64_t seed;
  std::string_view variable;
  std::string_view setting;  // of a connection string; empty: it stands alone
  bool url_alphabet = false;
};

constexpr std::string_view kMessaging =
    "Endpoint=sb://platform.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;"
    "SharedAccessKey={{value}}";

constexpr Service kServices[] = {
    {"azure-storage-key", "Azure Storage account key", "+ASt", 64, 0x44656661756c7430,
     "AZURE_STORAGE_KEY",
     "DefaultEndpointsProtocol=https;AccountName=platformdata;AccountKey={{value}};"
     "EndpointSuffix=core.windows.net"},
    {"azure-cosmos-key", "Azure Cosmos DB key", "ACDb", 64, 0x4d61737452573030, "COSMOS_KEY",
     "AccountEndpoint=https://platform.documents.azure.com:443/;AccountKey={{value}};"},
    {"azure-functions-key", "Azure Functions key", "AzFu", 40, 0x46756e6374693030,
     "AZURE_FUNCTION_KEY", "https://platform.azurewebsites.net/api/run?code={{value}}", true},
    {"azure-redis-key", "Azure Cache for Redis key", "AzCa", 32, 0x4163636573733030, "REDIS_KEY",
     "platform.redis.cache.windows.net:6380,password={{value}},ssl=True,abortConnect=False"},
    {"azure-search-key", "Azure Search admin key", "AzSe", 39, 0x5041646d696e3030,
     "AZURE_SEARCH_KEY", ""},
    {"azure-batch-key", "Azure Batch account key", "+ABa", 64, 0x4162416363743030,
     "AZURE_BATCH_ACCESS_KEY", ""},
    {"azure-service-bus-key", "Azure Service Bus key", "+ASb", 32, 0x4d616e6167653030,
     "SERVICE_BUS_KEY", kMessaging},
    {"azure-event-hub-key", "Azure Event Hubs key", "+AEh", 32, 0x4d616e6167653030, "EVENT_HUB_KEY",
     kMessaging},
    {"azure-relay-key", "Azure Relay key", "+ARm", 32, 0x4d616e6167653030, "RELAY_KEY", kMessaging},
    {"azure-container-registry-key", "Azure Container Registry password", "+ACR", 39,
     0x41435244666c7430, "ACR_PASSWORD", ""},
    {"azure-api-management-key", "Azure API Management key", "APIM", 64, 0x54656e616e743030,
     "APIM_KEY", ""},
    {"azure-iot-key", "Azure IoT Hub key", "AIoT", 32, 0x496f544875623030, "IOTHUB_KEY",
     "HostName=platform.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey="
     "{{value}}"},
};

const Service& ServiceOf(std::string_view kind) {
  for (const Service& service : kServices) {
    if (service.kind == kind) return service;
  }
  throw Error("no service is called " + std::string(kind));
}

std::size_t CharactersOf(std::size_t bytes) { return (bytes * 8 + 5) / 6; }

std::string DrawSignedKey(const Service& service, std::size_t bytes, Drbg& random) {
  // Those with a signature of letters take letters and digits alone.
  const std::string_view alphabet =
      service.signature.starts_with('A') ? kBase62Digits : kBase64Digits;
  for (int attempt = 0; attempt < 10000; ++attempt) {
    const std::string drawn = DrawText(alphabet, CharactersOf(bytes) - 10, random);
    std::string key = SignedAzureKey(drawn, service.signature, bytes, service.seed);
    const std::string end = key.substr(drawn.size() + service.signature.size());
    if (end.find_first_of("+/") == end.npos && !ReadsLikeText(end)) return key;
  }
  throw Error("no key of this service can be drawn");
}

Credential MakeSignedKey(const Kind& kind, Drbg& random, std::string_view variant) {
  const Service& service = ServiceOf(kind.id);
  const std::size_t bytes = variant == "wrong-length" ? service.bytes - 3 : service.bytes;
  std::string key = DrawSignedKey(service, bytes, random);
  if (variant == "bad-checksum") {
    // The last character but for padding has bits that are zero: the one before it is all checksum.
    char& digit = key[CharactersOf(bytes) - 2];
    digit = digit == 'A' ? 'B' : 'A';
  }
  if (service.url_alphabet) {
    std::replace(key.begin(), key.end(), '+', '-');
    std::replace(key.begin(), key.end(), '/', '_');
  }
  return {key};
}

std::vector<Form> SignedForms(const Service& service) {
  std::vector<Form> forms;
  const std::string text(service.setting);
  if (text.empty()) return forms;
  forms.push_back({"connection", text});
  forms.push_back({"file:appsettings.json",
                   "{\n  \"ConnectionStrings\": {\n    \"Main\": \"" + text + "\"\n  }\n}\n"});
  return forms;
}

std::vector<Kind> SignedKinds() {
  std::vector<Kind> kinds;
  for (const Service& service : kServices) {
    kinds.push_back({.id = service.kind,
                     .credential_class = "cloud",
                     .title = service.title,
                     .make = MakeSignedKey,
                     .variables = {service.variable},
                     .forms = SignedForms(service),
                     .variants = {"bad-checksum", "wrong-length"}});
  }
  return kinds;
}

}  // namespace

std::string SignedAzureKey(std::string_view drawn, std::string_view signature, std::size_t bytes,
                           std::uint64_t seed) {
  std::string text = std::string(drawn) + std::string(signature);
  text.append(CharactersOf(bytes) - text.size(), 'A');
  std::string key = Base64Decoded(text);
  key.resize(bytes - 4);
  return Base64(key + LittleEndian(Marvin32(key, seed), 4));
}

std::vector<Kind> AzureKinds() {
  std::vector<Kind> kinds = SignedKinds();
  kinds.push_back({.id = "azure-storage-key-legacy",
                   .credential_class = "cloud",
                   .title = "Azure Storage account key of the older form",
                   .shape = "[b64:85][{AQgw}:1]==",
                   .variables = {"AZURE_STORAGE_KEY"},
                   .forms = SignedForms(kServices[0])});
  kinds.push_back({.id = "azure-entra-secret",
                   .credential_class = "cloud",
                   .title = "Microsoft Entra client secret",
                   .shape = "[b62:3]8Q~[entra:28-31][=azure-entra]",
                   .variables = {"AZURE_CLIENT_SECRET"},
                   .forms = {{"file:azure.env",
                              "AZURE_TENANT_ID={{tenant}}\nAZURE_CLIENT_ID={{client}}\n"
                              "AZURE_CLIENT_SECRET={{value}}\n"}},
                   .parts = {{"tenant", "", "f[hex:7]-[hex:4]-0[hex:3]-0[hex:3]-[hex:12]"},
                             {"client", "", "f[hex:7]-[hex:4]-0[hex:3]-0[hex:3]-[hex:12]"}}});
  kinds.push_back({.id = "azure-entra-secret-legacy",
                   .credential_class = "cloud",
                   .title = "Microsoft Entra client secret of the form without a check",
                   .shape = "[b62:3]7Q~[entra:31]",
                   .variables = {"AZURE_CLIENT_SECRET"}});
  kinds.push_back(
      {.id = "azure-sas",
       .credential_class = "cloud",
       .title = "Azure shared access signature",
       .shape = "sv=2022-11-02&ss=b&srt=sco&sp=rwl&se=2027-06-30T22:00:00Z&spr=https&sig="
                "[b62:42][{AEIMQUYcgkosw048}:1]%3D",
       .variables = {"AZURE_STORAGE_SAS_TOKEN"},
       .forms = {{"url", "https://platformdata.blob.core.windows.net/artifacts/app.tar?{{value}}"},
                 {"curl",
                  "curl -fsSLo app.tar 'https://platformdata.blob.core.windows.net/"
                  "artifacts/app.tar?{{value}}'"}}});
  return kinds;
}

}  // namespace watertight::generator::credentials
