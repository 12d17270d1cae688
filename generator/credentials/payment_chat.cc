#include "generator/credentials/draw.h"
#include "generator/credentials/encodings.h"
#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

Kind Token(std::string_view id, std::string_view credential_class, std::string_view title,
           std::string_view shape, std::string_view variable, std::vector<Form> forms = {}) {
  return {.id = id,
          .credential_class = credential_class,
          .title = title,
          .shape = shape,
          .variables = {variable},
          .forms = std::move(forms)};
}

// The first part is the account's id in base 64: one that begins with 9 will not be given out
// before the 2080s.
Credential MakeDiscordBot(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const auto draw = [&random] {
    const std::string id = "9" + DrawText(kDigits, 17, random);
    return Base64Url(id) + ".G" + DrawText(kBase62Digits, 5, random) + ".";
  };
  const std::string start = DrawQuiet(0, draw);
  std::string rest = DrawText(kBase64UrlDigits, 38, random);
  if (variant == "wrong-length") rest.resize(26);
  if (variant == "wrong-alphabet") rest[19] = '+';
  return {start + rest};
}

std::vector<Kind> PaymentKinds() {
  Kind live = Token("stripe-live", "payment", "Stripe live secret key", "sk_live_[b62:24-99]",
                    "STRIPE_SECRET_KEY",
                    {{"curl", "curl -u {{value}}: https://api.stripe.com/v1/charges"}});
  live.other_shapes = {{"public-by-design", "pk_live_[b62:24-99]"}};
  return {
      live,
      Token("stripe-restricted", "payment", "Stripe live restricted key", "rk_live_[b62:24-99]",
            "STRIPE_API_KEY"),
      Token("stripe-test", "payment", "Stripe test secret key", "sk_test_[b62:24-99]",
            "STRIPE_TEST_SECRET_KEY"),
      Token("stripe-publishable", "decoy", "Stripe publishable key, public by design",
            "pk_live_[b62:24-99]", "STRIPE_PUBLISHABLE_KEY"),
      Token("stripe-webhook", "payment", "Stripe webhook signing secret", "whsec_[b62:32]",
            "STRIPE_WEBHOOK_SECRET"),
  };
}

// Ids of Slack are drawn so that no workspace has them: they begin with 9, or with Z.
std::vector<Kind> SlackKinds() {
  return {
      Token("slack-bot", "chat", "Slack bot token", "xoxb-9[digits:11]-9[digits:12]-[b62:24]",
            "SLACK_BOT_TOKEN",
            {{"curl",
              "curl -H 'Authorization: Bearer {{value}}' https://slack.com/api/chat.postMessage"}}),
      Token("slack-user", "chat", "Slack user token",
            "xoxp-9[digits:11]-9[digits:12]-9[digits:12]-[hex:32]", "SLACK_USER_TOKEN"),
      Token("slack-legacy", "chat", "Slack workspace access token",
            "xoxa-9[digits:11]-9[digits:12]-[b62:24]", "SLACK_TOKEN"),
      Token("slack-legacy-refresh", "chat", "Slack workspace refresh token",
            "xoxr-9[digits:11]-9[digits:12]-[b62:24]", "SLACK_REFRESH_TOKEN"),
      Token("slack-app", "chat", "Slack app-level token",
            "xapp-1-AZ[upper-digits:9]-9[digits:12]-[hex:64]", "SLACK_APP_TOKEN"),
      Token("slack-config", "chat", "Slack configuration access token", "xoxe.xoxp-1-[b62:166]",
            "SLACK_CONFIG_TOKEN"),
      Token("slack-config-refresh", "chat", "Slack configuration refresh token",
            "xoxe-1-[b62:146-147]", "SLACK_CONFIG_REFRESH_TOKEN"),
      Token("slack-webhook", "chat", "Slack incoming webhook",
            "https://hooks.slack.com/services/TZ[upper-digits:9]/BZ[upper-digits:9]/[b62:24]",
            "SLACK_WEBHOOK_URL",
            {{"curl", "curl -X POST -d '{\"text\": \"deployed\"}' {{value}}"}}),
  };
}

std::vector<Kind> TwilioKinds() {
  const std::vector<Form> forms = {
      {"curl", "curl -u {{id}}:{{value}} https://api.twilio.com/2010-04-01/Accounts.json"},
      {"file:twilio.env", "TWILIO_ACCOUNT_SID={{id}}\nTWILIO_AUTH_TOKEN={{value}}\n"}};
  return {
      {.id = "twilio",
       .credential_class = "chat",
       .title = "Twilio auth token",
       .shape = "[hex:32]",
       .variables = {"TWILIO_AUTH_TOKEN"},
       .forms = forms,
       .parts = {{"id", "twilio-account-id"}, {"key", "twilio-api-key"}},
       .bundle = "twilio"},
      {.id = "twilio-account-id",
       .credential_class = "chat",
       .title = "Twilio account SID",
       .shape = "AC[hex:32]",
       .variables = {"TWILIO_ACCOUNT_SID"},
       .parts = {{"token", "twilio"}},
       .bundle = "twilio"},
      {.id = "twilio-api-key",
       .credential_class = "chat",
       .title = "Twilio API key SID",
       .shape = "SK[hex:32]",
       .variables = {"TWILIO_API_KEY"},
       .parts = {{"id", "twilio-account-id"}, {"secret", "twilio-api-key", "[b62:32]"}},
       .bundle = "twilio"},
  };
}

std::vector<Kind> ChatKinds() {
  return {
      {.id = "discord-bot",
       .credential_class = "chat",
       .title = "Discord bot token",
       .make = MakeDiscordBot,
       .variables = {"DISCORD_TOKEN"},
       .variants = {"wrong-length", "wrong-alphabet"}},
      Token("telegram-bot", "chat", "Telegram bot token", "9[digits:9]:AA[b64u:33]",
            "TELEGRAM_BOT_TOKEN", {{"curl", "curl https://api.telegram.org/bot{{value}}/getMe"}}),
      Token("sendgrid", "chat", "SendGrid API key", "SG.[b64u:22].[b64u:43]", "SENDGRID_API_KEY"),
      Token("mailgun", "chat", "Mailgun API key", "key-[hex:32]", "MAILGUN_API_KEY",
            {{"curl",
              "curl -s --user 'api:{{value}}' https://api.mailgun.net/v3/mg.platform.internal/"
              "messages"}}),
      Token("mailchimp", "chat", "Mailchimp API key", "[hex:32]-us20", "MAILCHIMP_API_KEY"),
  };
}

}  // namespace

std::vector<Kind> PaymentAndChatKinds() {
  std::vector<Kind> kinds;
  for (const auto family : {PaymentKinds, SlackKinds, ChatKinds, TwilioKinds}) {
    for (Kind& kind : family()) kinds.push_back(std::move(kind));
  }
  return kinds;
}

}  // namespace watertight::generator::credentials
