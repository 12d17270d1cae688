#include "generator/credentials/web_tokens.h"

#include "generator/credentials/digests.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/ec_key.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"
#include "generator/credentials/pem.h"

namespace watertight::generator::credentials {
namespace {

constexpr const char* kTimes = "\"iat\":1767225600,\"exp\":2082758400";  // 2026, 2036

std::string Unsigned(const std::string& header, const std::string& payload) {
  return Base64Url(header) + "." + Base64Url(payload);
}

std::string Header(const std::string& algorithm, const std::string& key_id = "") {
  return "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"" +
         (key_id.empty() ? "" : ",\"kid\":\"" + key_id + "\"") + "}";
}

std::string DrawPayload(Drbg& random) {
  return "{\"iss\":\"https://auth.core.internal\",\"sub\":\"" + DrawUuid(random) +
         "\",\"aud\":\"orders\"," + kTimes + ",\"jti\":\"" + DrawUuid(random) + "\"}";
}

// Of the issuer's key, as if it were its thumbprint.
std::string KeyId(const RsaKey& key) { return Base64Url(Sha256(key.SubjectPublicKey())); }

// The near miss shows how such a token begins.
std::string ShownAs(const std::string& token, std::string_view variant) {
  return variant == "truncated" ? token.substr(0, token.find('.')) + ".\u2026" : token;
}

// Draws tokens until one holds nothing that scanners drop.
template <typename Draw>
std::string DrawKeptToken(const Draw& draw) {
  return DrawKept(draw, [](const std::string& token) { return token; });
}

Credential MakeHs(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string key = DrawText(kBase62Digits, 43, random);
  const std::string token = DrawKeptToken([&] {
    const std::string text = Unsigned(Header("HS256"), DrawPayload(random));
    return text + "." + Base64Url(HmacSha256(key, text));
  });
  return {ShownAs(token, variant), {{"key", key}}};
}

Credential MakeRs(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const RsaKey& issuer = IssuerKey(random);
  const std::string token = DrawKeptToken(
      [&] { return RsaToken(Header("RS256", KeyId(issuer)), DrawPayload(random), issuer); });
  return {ShownAs(token, variant), {{"public", Pem("PUBLIC KEY", issuer.SubjectPublicKey())}}};
}

Credential MakeEs(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  Drbg shared = random.OfSameSeed("jwt.issuer");
  const EcKey issuer = DrawEcKey(shared);
  const std::string token = DrawKeptToken([&] {
    const std::string text = Unsigned(Header("ES256"), DrawPayload(random));
    return text + "." + Base64Url(issuer.Sign(text));
  });
  return {ShownAs(token, variant), {{"public", Pem("PUBLIC KEY", issuer.SubjectPublicKey())}}};
}

// The claims of a token that the kubelet mounts in a pod.
std::string DrawPodPayload(const std::string& account, Drbg& random) {
  const std::string pod = account + "-" + DrawText("bcdfghjklmnpqrstvwxz2456789", 10, random);
  return "{\"aud\":[\"https://kubernetes.default.svc.cluster.local\"]," + std::string(kTimes) +
         ",\"iss\":\"https://kubernetes.default.svc.cluster.local\",\"kubernetes.io\":{"
         "\"namespace\":\"orders\",\"pod\":{\"name\":\"" +
         pod + "\",\"uid\":\"" + DrawUuid(random) + "\"},\"serviceaccount\":{\"name\":\"" +
         account + "\",\"uid\":\"" + DrawUuid(random) +
         "\"},\"warnafter\":1767229207},\"nbf\":1767225600,"
         "\"sub\":\"system:serviceaccount:orders:" +
         account + "\"}";
}

Credential MakeServiceAccount(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const RsaKey& issuer = IssuerKey(random);
  const std::string header = "{\"alg\":\"RS256\",\"kid\":\"" + KeyId(issuer) + "\"}";
  const std::string account = DrawUser(random);
  const std::string host = DrawHost("k8s", random);
  const std::string token =
      DrawKeptToken([&] { return RsaToken(header, DrawPodPayload(account, random), issuer); });
  return {ShownAs(token, variant),
          {{"account", account},
           {"host", host},
           {"public", Pem("PUBLIC KEY", issuer.SubjectPublicKey())}}};
}

// "ghs_", the number of the App, a token: of an App with a number that none has.
Credential MakeGithubApp(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const RsaKey& issuer = IssuerKey(random);
  const std::string app = "9" + DrawText(kDigits, 8, random);
  const std::string start = "ghs_" + app + "_";
  const std::string token = DrawKeptToken([&] {
    const std::string payload = "{\"iss\":\"github\",\"sub\":\"" + app + "\"," + kTimes +
                                ",\"jti\":\"" + DrawUuid(random) + "\"}";
    return RsaToken(Header("RS256"), payload, issuer);
  });
  return {start + ShownAs(token, variant),
          {{"public", Pem("PUBLIC KEY", issuer.SubjectPublicKey())}}};
}

Kind Token(std::string_view id, std::string_view title,
           Credential (*make)(const Kind&, Drbg&, std::string_view), std::string_view variable) {
  return {
      .id = id,
      .credential_class = "jwt",
      .title = title,
      .make = make,
      .variables = {variable},
      .forms = {{"file:token", "{{value}}"},
                {"header", "Authorization: Bearer {{value}}"},
                {"curl",
                 "curl -H 'Authorization: Bearer {{value}}' https://api.core.internal/v1/orders"}},
      .variants = {"truncated"}};
}

}  // namespace

std::string RsaToken(const std::string& header, const std::string& payload, const RsaKey& issuer) {
  const std::string text = Unsigned(header, payload);
  return text + "." + Base64Url(issuer.Sign(text));
}

const RsaKey& IssuerKey(const Drbg& random) {
  Drbg shared = random.OfSameSeed("jwt.issuer");
  return DrawRsaKey(shared);
}

Kind GithubAppStateless() {
  Kind kind = Token("github-app-stateless", "GitHub App installation token, stateless",
                    MakeGithubApp, "GITHUB_TOKEN");
  kind.credential_class = "vcs";
  kind.forms = {
      {"file:.git-credentials", "https://x-access-token:{{value}}@github.com\n"},
      {"git-clone", "git clone https://x-access-token:{{value}}@github.com/platform/api.git"},
      {"curl",
       "curl -H 'Authorization: Bearer {{value}}' https://api.github.com/installation/"
       "repositories"}};
  return kind;
}

std::vector<Kind> WebTokenKinds() {
  Kind hs = Token("jwt-hs", "JSON Web Token, HS256", MakeHs, "ACCESS_TOKEN");
  hs.forms.push_back({"file:jwt.env", "JWT_SECRET={{key}}\n"});
  hs.parts = {{"key", "generic-api-key", "made"}};
  Kind account = Token("k8s-service-account-token", "Token of a Kubernetes service account",
                       MakeServiceAccount, "KUBE_TOKEN");
  account.forms = {
      {"file:var/run/secrets/kubernetes.io/serviceaccount/token", "{{value}}"},
      {"file:.kube/config",
       "apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    server: "
       "https://{{host}}:6443\n  name: main\nusers:\n- name: {{account}}\n  user:\n"
       "    token: {{value}}\n"},
      {"kubectl", "kubectl --server https://{{host}}:6443 --token {{value}} get pods"}};
  return {
      hs,
      Token("jwt-rs", "JSON Web Token, RS256", MakeRs, "ACCESS_TOKEN"),
      Token("jwt-es", "JSON Web Token, ES256", MakeEs, "ACCESS_TOKEN"),
      account,
  };
}

}  // namespace watertight::generator::credentials
