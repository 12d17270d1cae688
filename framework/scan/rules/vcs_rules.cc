#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {

RuleRows VcsRules() {
  constexpr Level kError = Level::kError;
  return {
      {"github-pat", "vcs", "GitHub personal access token", kError, "ghp_",
       R"(ghp_[0-9A-Za-z]{36})", HasGithubChecksum, 0, 96, Edge::kNone},
      {"github-oauth", "vcs", "GitHub OAuth token", kError, "gho_", R"(gho_[0-9A-Za-z]{36})",
       HasGithubChecksum, 0, 96, Edge::kNone},
      {"github-user-to-server", "vcs", "GitHub user-to-server token", kError, "ghu_",
       R"(ghu_[0-9A-Za-z]{36})", HasGithubChecksum, 0, 96, Edge::kNone},
      {"github-app-stateless", "vcs", "GitHub App token, stateless", kError, "ghs_",
       R"(ghs_[0-9]{1,16}_eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20,})", IsStatelessToken, 0, 4096,
       Edge::kToken},
      {"github-server-to-server", "vcs", "GitHub server-to-server token", kError, "ghs_",
       R"(ghs_[0-9A-Za-z]{36})", HasGithubChecksum, 0, 96, Edge::kNone},
      {"github-refresh", "vcs", "GitHub refresh token", kError, "ghr_", R"(ghr_[0-9A-Za-z]{76})",
       HasGithubChecksum, 0, 96, Edge::kNone},
      {"github-fine-grained-pat", "vcs", "GitHub fine-grained personal access token", kError,
       "github_pat_", R"(github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59})", HasFineGrainedChecksum, 0,
       96, Edge::kNone},
      {"gitlab-pat-routable", "vcs", "GitLab routable token", kError, "glpat- glrt-",
       R"(gl(?:pat|rt)-[\w-]{27,300}\.[0-9a-z]{2}\.[0-9a-z]{9})", HasGitlabChecksum, 0, 400},
      {"gitlab-pat", "vcs", "GitLab personal access token", kError, "glpat-", R"(glpat-[\w-]{20})",
       MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-deploy-token", "vcs", "GitLab deploy token", kError, "gldt-", R"(gldt-[\w-]{20})",
       MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-runner-token", "vcs", "GitLab runner token", kError, "glrt-",
       R"(glrt-(?:t[0-9]_)?[\w-]{20})", MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-ci-job-token", "vcs", "GitLab CI job token", kError, "glcbt-",
       R"(glcbt-[0-9a-zA-Z]{1,5}_[\w-]{20})", MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-pipeline-trigger-token", "vcs", "GitLab pipeline trigger token", kError, "glptt-",
       R"(glptt-[0-9a-f]{40})", MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-scim-token", "vcs", "GitLab SCIM token", kError, "glsoat-", R"(glsoat-[\w-]{20})",
       MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-feature-flags-token", "vcs", "GitLab feature flags client token", kError, "glffct-",
       R"(glffct-[\w-]{20})", MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-feed-token", "vcs", "GitLab feed token", kError, "glft-", R"(glft-[\w-]{20})",
       MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-incoming-mail-token", "vcs", "GitLab incoming mail token", kError, "glimt-",
       R"(glimt-[\w-]{25})", MadeByChance, 0, 64, Edge::kToken},
      {"gitlab-agent-token", "vcs", "GitLab agent token", kError, "glagent-",
       R"(glagent-[\w-]{50})", MadeByChance, 0, 96, Edge::kToken},
      {"gitlab-oauth-secret", "vcs", "GitLab OAuth application secret", kError, "gloas-",
       R"(gloas-[0-9a-f]{64})", MadeByChance, 0, 96, Edge::kToken},
      {"gitlab-runner-registration-token", "vcs", "GitLab runner registration token", kError,
       "GR134894", R"(GR1348941[\w-]{20})", MadeByChance, 0, 64, Edge::kToken},
      {"bitbucket-app-password", "vcs", "Bitbucket app password", kError, "ATBB",
       R"(ATBB[0-9A-Za-z]{24}[0-9A-F]{8})", HasAtlassianChecksum, 0, 64},
      {"azure-devops-pat", "vcs", "Azure DevOps personal access token", kError, "JQQJ99",
       R"([0-9A-Za-z]{52}JQQJ99[A-Z][A-L][0-9A-Za-z]{16}AZDO[0-9A-Za-z]{4})", HasCaskChecksum, 52,
       64},
      {"azure-devops-pat-legacy", "vcs", "Azure DevOps personal access token of the older form",
       kError, "dev.azure.com visualstudio.com pkgs.visu AZURE_DEVOPS azure_devops AZP_TOKEN",
       R"((?s)(?:dev\.azure\.com|visualstudio\.com|(?i:azure_devops)|AZP_TOKEN).{0,200}?)"
       R"((?:[^a-z0-9])([a-z2-7]{52}))",
       MadeByChance, 0, 320, Edge::kWord},
  };
}

}  // namespace watertight
