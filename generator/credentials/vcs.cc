#include "generator/credentials/draw.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

const std::vector<std::string_view> kGithubVariables = {"GITHUB_TOKEN", "GH_TOKEN"};

// Where a token that git takes as a password stands. Requires: host without a scheme.
std::vector<Form> GitForms(const std::string& host, const std::string& user) {
  const std::string url = "https://" + user + ":{{value}}@" + host;
  return {
      {"file:.git-credentials", url + "\n"},
      {"file:.netrc", "machine " + host + "\n  login " + user + "\n  password {{value}}\n"},
      {"file:.git/config",
       "[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote \"origin\"]\n\turl = " +
           url + "/platform/api.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n"},
      {"git-clone", "git clone " + url + "/platform/api.git"},
  };
}

std::vector<Form> GithubForms() {
  std::vector<Form> forms = GitForms("github.com", "x-access-token");
  forms.push_back({"file:.npmrc",
                   "@platform:registry=https://npm.pkg.github.com/\n"
                   "//npm.pkg.github.com/:_authToken={{value}}\n"});
  forms.push_back(
      {"file:.composer/auth.json",
       "{\n    \"github-oauth\": {\n        \"github.com\": \"{{value}}\"\n    }\n}\n"});
  forms.push_back({"file:.config/gh/hosts.yml",
                   "github.com:\n    user: build-agent\n    oauth_token: {{value}}\n"
                   "    git_protocol: https\n"});
  return forms;
}

Kind Github(std::string_view id, std::string_view title, std::string_view shape) {
  return {.id = id,
          .credential_class = "vcs",
          .title = title,
          .shape = shape,
          .variables = kGithubVariables,
          .forms = GithubForms()};
}

Kind Gitlab(std::string_view id, std::string_view title, std::string_view shape,
            std::string_view variable, const char* user) {
  return {.id = id,
          .credential_class = "vcs",
          .title = title,
          .shape = shape,
          .variables = {variable},
          .forms = GitForms("gitlab.internal", user)};
}

// Tokens that git does not take.
Kind GitlabSetting(std::string_view id, std::string_view title, std::string_view shape,
                   std::string_view variable, std::vector<Form> forms = {}) {
  return {.id = id,
          .credential_class = "vcs",
          .title = title,
          .shape = shape,
          .variables = {variable},
          .forms = std::move(forms)};
}

std::vector<Form> RunnerForms() {
  return {
      {"file:.gitlab-runner/config.toml",
       "concurrent = 4\n\n[[runners]]\n  name = \"build\"\n  url = \"https://gitlab.internal/\"\n"
       "  token = \"{{value}}\"\n  executor = \"docker\"\n"}};
}

std::vector<Form> AzureForms() {
  std::vector<Form> forms = GitForms("dev.azure.com", "azure");
  forms.push_back({"file:.npmrc",
                   "; azure artifacts\n"
                   "//pkgs.dev.azure.com/platform/_packaging/main/npm/registry/:username=platform\n"
                   "//pkgs.dev.azure.com/platform/_packaging/main/npm/registry/:_password="
                   "{{value >base64}}\n"});
  forms.push_back({"file:NuGet.Config",
                   "<configuration>\n  <packageSourceCredentials>\n    <azure>\n"
                   "      <add key=\"Username\" value=\"platform\" />\n"
                   "      <add key=\"ClearTextPassword\" value=\"{{value}}\" />\n"
                   "    </azure>\n  </packageSourceCredentials>\n</configuration>\n"});
  return forms;
}

// The token that a line of git's credential store holds: of a host whose tokens have no mark.
Credential MakeGitLine(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string token = DrawText("0123456789abcdef", 40, random);
  const std::string user = DrawUser(random);
  return {variant == "reference" ? "${GIT_TOKEN}" : token,
          {{"user", user}, {"host", DrawHost("git", random)}}};
}

}  // namespace

std::vector<Kind> VcsKinds() {
  return {
      Github("github-pat", "GitHub personal access token (classic)",
             "ghp_[b62:30][=github-classic]"),
      Github("github-oauth", "GitHub OAuth access token", "gho_[b62:30][=github-classic]"),
      Github("github-user-to-server", "GitHub App user-to-server token",
             "ghu_[b62:30][=github-classic]"),
      Github("github-server-to-server", "GitHub App server-to-server token",
             "ghs_[b62:30][=github-classic]"),
      GitlabSetting("github-refresh", "GitHub App refresh token", "ghr_[b62:70][=github-classic]",
                    "GITHUB_REFRESH_TOKEN"),
      // The 22 hold an account number in base 32: one above 0xf0000000, which no one has.
      Github("github-fine-grained-pat", "GitHub fine-grained personal access token",
             "github_pat_[{123456789}:1][digits:1][{67}:1][b32:5][{AIQY}:1]0[b62:12]_[b62:43]"
             "[=github-fine-grained][b62:8]"),
      GithubAppStateless(),
      Gitlab("gitlab-pat", "GitLab personal access token", "glpat-[b64u:20]", "GITLAB_TOKEN",
             "oauth2"),
      Gitlab("gitlab-pat-routable", "GitLab routable personal access token",
             "glpat-[b64u:27-300].01.[=gitlab-length][=gitlab-routable]", "GITLAB_TOKEN", "oauth2"),
      Gitlab("gitlab-deploy-token", "GitLab deploy token", "gldt-[b64u:20]", "CI_DEPLOY_PASSWORD",
             "gitlab-deploy-token-7"),
      GitlabSetting("gitlab-runner-token", "GitLab runner authentication token", "glrt-[b64u:20]",
                    "CI_SERVER_TOKEN", RunnerForms()),
      Gitlab("gitlab-ci-job-token", "GitLab CI/CD job token", "glcbt-[b36:2]_[b64u:20]",
             "CI_JOB_TOKEN", "gitlab-ci-token"),
      GitlabSetting("gitlab-pipeline-trigger-token", "GitLab pipeline trigger token",
                    "glptt-[hex:40]", "CI_TRIGGER_TOKEN",
                    {{"curl",
                      "curl -X POST -F token={{value}} -F ref=main "
                      "https://gitlab.internal/api/v4/projects/7/trigger/pipeline"}}),
      GitlabSetting("gitlab-scim-token", "GitLab SCIM token", "glsoat-[b64u:20]",
                    "GITLAB_SCIM_TOKEN"),
      GitlabSetting("gitlab-feature-flags-token", "GitLab feature flags client token",
                    "glffct-[b64u:20]", "UNLEASH_INSTANCE_ID"),
      GitlabSetting("gitlab-feed-token", "GitLab feed token", "glft-[b64u:20]",
                    "GITLAB_FEED_TOKEN"),
      GitlabSetting("gitlab-incoming-mail-token", "GitLab incoming mail token", "glimt-[b64u:25]",
                    "GITLAB_INCOMING_MAIL_TOKEN"),
      GitlabSetting("gitlab-agent-token", "GitLab agent for Kubernetes token", "glagent-[b64u:50]",
                    "GITLAB_AGENT_TOKEN"),
      GitlabSetting("gitlab-oauth-secret", "GitLab OAuth application secret", "gloas-[hex:64]",
                    "GITLAB_CLIENT_SECRET"),
      GitlabSetting("gitlab-runner-registration-token", "GitLab runner registration token",
                    "GR1348941[b64u:20]", "REGISTRATION_TOKEN",
                    {{"register",
                      "gitlab-runner register --non-interactive --url https://gitlab.internal/ "
                      "--registration-token {{value}} --executor shell"}}),
      {.id = "bitbucket-app-password",
       .credential_class = "vcs",
       .title = "Bitbucket app password",
       .shape = "ATBB[b62:24][=atlassian-crc]",
       .variables = {"BITBUCKET_APP_PASSWORD"},
       .forms = GitForms("bitbucket.org", "platform-build")},
      {.id = "azure-devops-pat",
       .credential_class = "vcs",
       .title = "Azure DevOps personal access token",
       .shape = "[b62:52]JQQJ99[{AB}:1][{ABCDEFGHIJKL}:1][b62:16]AZDO[=azure-cask]",
       .variables = {"AZURE_DEVOPS_EXT_PAT", "SYSTEM_ACCESSTOKEN"},
       .forms = AzureForms()},
      {.id = "azure-devops-pat-legacy",
       .credential_class = "vcs",
       .title = "Azure DevOps personal access token of the older form",
       .shape = "[b32-lower:52]",
       .variables = {"AZURE_DEVOPS_EXT_PAT", "SYSTEM_ACCESSTOKEN"},
       .forms = AzureForms()},
      {.id = "git-credentials-line",
       .credential_class = "vcs",
       .title = "Token in a URL of git",
       .make = MakeGitLine,
       .variables = {"GIT_TOKEN"},
       .forms = GitForms("{{host}}", "{{user}}"),
       .variants = {"reference"}},
  };
}

}  // namespace watertight::generator::credentials
