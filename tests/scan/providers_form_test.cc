// What has a provider's form and fails its rule is dismissed, whatever it is bound to; what only
// begins like it is not.

#include <gmock/gmock.h>

#include <string>

#include "tests/scan/rules_in.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The values of other providers, of forms to come, and passwords of people.
TEST(ProvidersForm, LetsPassWhatOnlyBeginsLikeAToken) {
  for (const char* line :
       {"OPENROUTER_API_KEY=sk-or-v1-{hex:64}", "STABILITY_API_KEY=sk-{b62:48}",
        "LITELLM_MASTER_TOKEN=sk-{b62:22}", "MAILER_API_KEY=key-{b62:24}",
        "SLACK_TOKEN=xoxb-{dec:12}-{b62:60}", "GITLAB_TOKEN=glpat-{b64u:34}",
        "HF_TOKEN=hf_{b62:20}", "SERVICE_TOKEN=cio{b62:14}", "APIM_SECRET=prodAPIM9x2kQ7w",
        "DB_PASSWORD=8Q~{b62:12}", "ROOT_PASSWORD=a1:AA{b62:14}", "SESSION_SECRET={b36:52}",
        "SIGNING_SECRET=MTAx{b62:28}", "APP_TOKEN=dapi{b62:20}",
        "SESSION_TOKEN=eyJ{b64u:40}.{b64u:40}.{b64u:16}.{b64u:60}.{b64u:22}"}) {
    EXPECT_THAT(RulesIn(Filled(line)), ElementsAre(::testing::StartsWith("generic-"))) << line;
  }
}

TEST(ProvidersForm, DismissesATokenThatNobodyIssued) {
  for (const char* line :
       {"GITHUB_TOKEN=ghp_{b62:36}", "TOKEN=ghp_{b62:35}", "GITLAB_TOKEN=glpat-{b64u:11}.{b64u:8}",
        "SLACK_TOKEN=xoxb-{dec:12}-{dec:12}-{b62:23}", "API_KEY=sk_live_{b62:12}.{b62:12}",
        "TOKEN=npm_{b62:36}", "https://x-access-token:ghp_{b62:36}@github.com/",
        "SECRET={b64:76}+ASt{b64:5}w==", "HF_TOKEN=hf_{let:20}7{let:13}"}) {
    EXPECT_THAT(RulesIn(Filled(line)), IsEmpty()) << line;
  }
}

std::string Reversed(const std::string& text) { return {text.rbegin(), text.rend()}; }

TEST(ProvidersForm, JudgesATokenThatIsTurnedAround) {
  EXPECT_THAT(RulesIn("TOKEN = \"" + Reversed(Filled("{ghp}")) + "\"[::-1]"),
              ElementsAre("generic-token"));
  EXPECT_THAT(RulesIn("TOKEN = \"" + Reversed(Filled("ghp_{b62:36}")) + "\"[::-1]"), IsEmpty());
}

TEST(SecretRules, LowerTemporaryKeysOfAwsWithoutTheirSession) {
  const std::string pair = "aws_access_key_id = ASIA{b32:16}\naws_secret_access_key = {b64:40}\n";
  EXPECT_THAT(RulesIn(Filled(pair)),
              ElementsAre("aws-access-key-id (warning)", "aws-secret-key (warning)"));
  EXPECT_THAT(RulesIn(Filled(pair + "aws_session_token = IQoJb3JpZ2lu{b64:300}\n")),
              ElementsAre("aws-access-key-id", "aws-secret-key", "aws-sts-token"));
  EXPECT_THAT(RulesIn(Filled("AKIA{b32:16}:{b64:40}")),
              ElementsAre("aws-access-key-id", "aws-secret-key"));
}

// gzip of "chart: orders\ndb_password = …\n", by Python's.
TEST(SecretRules, OpenCompressedStreamsInBase64) {
  const std::string base64 =
      "H4sIAAAAAAACA0vOSCwqsVLIL0pJLSrmSkmKL0gsLi4HchVsFSxTvAstDHPDq4JM"
      "SiILjMt8Ksz9uABORJTQMQAAAA==";
  EXPECT_THAT(RulesIn("data:\n  release: " + base64 + "\n"), ElementsAre("generic-password"));
  EXPECT_THAT(RulesIn("release: " + base64.substr(0, 40) + "\n"), IsEmpty());
}

}  // namespace
}  // namespace watertight::testing
