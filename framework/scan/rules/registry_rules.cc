#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {

RuleRows RegistryRules() {
  constexpr Level kError = Level::kError;
  return {
      {"npm-token", "registry", "npm access token", kError, "npm_", R"(npm_[0-9A-Za-z]{36})",
       HasGithubChecksum, 0, 64, Edge::kNone},
      {"npm-legacy-token", "registry", "npm token of the older form", kError, "_authTok",
       R"(_authToken["']?\s*[=:]\s*["']?)"
       R"(([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}))",
       MadeByChance, 0, 128},
      {"npm-legacy-token", "registry", "npm login of the older form", kError, "_auth",
       R"(_auth["']?\s*[=:]\s*["']?([A-Za-z0-9+/=]{8,}))", IsLogin, 0, 256},
      {"pypi-token", "registry", "PyPI token", kError, "pypi-AgE",
       R"(pypi-AgEIcHlwaS5vcmcC[\w-]{50,})", IsPypiToken, 0, 1024, Edge::kClosed},
      {"pypi-test-token", "registry", "Test PyPI token", kError, "pypi-AgE",
       R"(pypi-AgENdGVzdC5weXBpLm9yZwI[\w-]{50,})", IsPypiToken, 0, 1024, Edge::kClosed},
      {"dockerhub-pat", "registry", "Docker Hub personal access token", kError, "dckr_pat",
       R"(dckr_pat_[\w-]{27})", MadeByChance, 0, 64, Edge::kToken},
      {"dockerhub-org-token", "registry", "Docker Hub organisation token", kError, "dckr_oat",
       R"(dckr_oat_[\w-]{32})", MadeByChance, 0, 64, Edge::kToken},
      {"docker-auth-config", "registry", "login of a container registry", kError, "auth",
       R"(auth\\?["']\s*:\s*\\?["']([A-Za-z0-9+/=_-]{8,}))", IsLogin, 0, 512, Edge::kNone},
      {"docker-auth-config", "registry", "identity token of a container registry", kError,
       "identityt", R"(identitytoken\\?["']\s*:\s*\\?["']([\w.+/=-]{16,}))", MadeByChance, 0, 4096,
       Edge::kNone},
      {"rubygems-key", "registry", "RubyGems API key", kError, "rubygems",
       R"(rubygems_[0-9a-f]{48})", MadeByChance, 0, 96},
      {"crates-token", "registry", "crates.io token", kError, "cio", R"(cio[0-9A-Za-z]{32})",
       MadeByChance, 0, 64},
      {"nuget-key", "registry", "NuGet API key", kError, "oy2", R"(oy2[0-9a-z]{43})", MadeByChance,
       0, 64},
      {"jfrog-api-key", "registry", "JFrog API key", kError, "AKCp", R"(AKCp[0-9A-Za-z]{69})",
       IsJfrogKey, 0, 96},
      {"jfrog-identity-token", "registry", "JFrog reference token", kError, "cmVmdGtu",
       R"(cmVmdGtuO[A-Za-z0-9+/_-]{40,}={0,2})", IsJfrogReference, 0, 128, Edge::kToken},
  };
}

}  // namespace watertight
