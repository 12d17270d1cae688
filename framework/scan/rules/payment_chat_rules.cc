#include <cstddef>
#include <string_view>

#include "framework/scan/rules/looks.h"
#include "framework/scan/rules/rule.h"
#include "framework/scan/rules/token_checks.h"

namespace watertight {
namespace {

// By itself, or in a URL of the API: "/bot123456789:AA…/getMe".
bool IsTelegramToken(const RuleHit& hit, Level* level) {
  const auto in_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
  };
  const std::size_t end = hit.begin + hit.value.size();
  if (end < hit.text.size() && in_word(hit.text[end])) return false;
  const std::string_view before = hit.text.substr(0, hit.begin);
  const bool alone = before.empty() || !in_word(before.back()) || before.back() == '_';
  return (alone || before.ends_with("bot")) && MadeByChance(hit, level);
}

}  // namespace

RuleRows PaymentRules() {
  constexpr Level kError = Level::kError;
  return {
      {"stripe-live", "payment", "Stripe live secret key", kError, "sk_live_",
       R"(sk_live_[0-9A-Za-z]{24,99})", MadeByChance, 0, 160, Edge::kToken},
      {"stripe-restricted", "payment", "Stripe live restricted key", kError, "rk_live_",
       R"(rk_live_[0-9A-Za-z]{24,99})", MadeByChance, 0, 160, Edge::kToken},
      // Moves no money.
      {"stripe-test", "payment", "Stripe test key", Level::kWarning, "sk_test_ rk_test_",
       R"([sr]k_test_[0-9A-Za-z]{24,99})", MadeByChance, 0, 160, Edge::kToken},
      {"stripe-webhook", "payment", "Stripe webhook secret", kError, "whsec_",
       R"(whsec_[0-9A-Za-z]{32})", MadeByChance, 0, 64, Edge::kToken},
  };
}

RuleRows ChatRules() {
  constexpr Level kError = Level::kError;
  return {
      {"slack-bot", "chat", "Slack bot token", kError, "xoxb-",
       R"(xoxb-[0-9]{10,13}-[0-9]{10,13}-[0-9A-Za-z]{24})", MadeByChance, 0, 96, Edge::kToken},
      {"slack-user", "chat", "Slack user token", kError, "xoxp-",
       R"(xoxp-[0-9]{10,13}-[0-9]{10,13}-[0-9]{10,13}-[0-9a-f]{32})", MadeByChance, 0, 128,
       Edge::kToken},
      {"slack-legacy", "chat", "Slack workspace token", kError, "xoxa-",
       R"(xoxa-(?:[0-9]-)?[0-9]{10,13}-[0-9]{10,13}-[0-9A-Za-z]{24})", MadeByChance, 0, 128,
       Edge::kToken},
      {"slack-legacy-refresh", "chat", "Slack refresh token of the older form", kError, "xoxr-",
       R"(xoxr-(?:[0-9]-)?[0-9]{10,13}-[0-9]{10,13}-[0-9A-Za-z]{24})", MadeByChance, 0, 128,
       Edge::kToken},
      {"slack-app", "chat", "Slack app token", kError, "xapp-",
       R"(xapp-[0-9]-A[0-9A-Z]{8,13}-[0-9]{10,14}-[0-9a-f]{64})", MadeByChance, 0, 160,
       Edge::kToken},
      {"slack-config", "chat", "Slack configuration token", kError, "xoxe.xox",
       R"(xoxe\.xox[bp]-[0-9]-[0-9A-Za-z]{163,166})", MadeByChance, 0, 256, Edge::kToken},
      {"slack-config-refresh", "chat", "Slack configuration refresh token", kError, "xoxe-",
       R"(xoxe-[0-9]-[0-9A-Za-z]{146,147})", MadeByChance, 0, 256, Edge::kToken},
      {"slack-webhook", "chat", "Slack webhook", kError, "hooks.slack.com/",
       R"((?:https?://)?hooks\.slack\.com/(?:services|workflows)/T[0-9A-Z]{8,12}/[AB][0-9A-Z]{8,12})"
       R"(/[0-9A-Za-z]{24})",
       MadeByChance, 8, 160, Edge::kToken},
      {"generic-webhook", "chat", "webhook of Discord", kError, "/webhooks/",
       R"(\bdiscord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]{17,20}/([\w-]{60,80}))",
       MadeByChance, 24, 160, Edge::kToken},
      {"generic-webhook", "chat", "webhook of Microsoft Teams", kError, "/IncomingWebhook/",
       R"(\.office\.com/webhookb?2?/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/([0-9a-f]{32})/[0-9a-f-]{36})",
       MadeByChance, 100, 160, Edge::kNone},
      // Base64 of a decimal number begins so.
      {"discord-bot", "chat", "Discord bot token", kError,
       "MTA MTE MTI MTM MTQ MTU MTY MTc MTg MTk Mj Mz ND NT Nj Nz OD OT",
       R"([MNO][0-9A-Za-z_-]{23,27}\.[\w-]{6}\.[\w-]{27,40})", IsDiscordToken, 0, 128,
       Edge::kToken},
      {"telegram-bot", "chat", "Telegram bot token", kError, ":AA", R"([0-9]{8,10}:AA[\w-]{33})",
       IsTelegramToken, 10, 64, Edge::kNone},
      {"sendgrid", "chat", "SendGrid API key", kError, "SG.", R"(SG\.[\w-]{22}\.[\w-]{43})",
       MadeByChance, 0, 96, Edge::kToken},
      // An id alone opens nothing.
      {"twilio-account-id", "chat", "Twilio account", Level::kWarning,
       "AC0 AC1 AC2 AC3 AC4 AC5 AC6 AC7 AC8 AC9 ACa ACb ACc ACd ACe ACf", R"(AC[0-9a-f]{32})",
       MadeByChance, 0, 64, Edge::kToken},
      {"twilio-api-key", "chat", "Twilio API key", kError,
       "SK0 SK1 SK2 SK3 SK4 SK5 SK6 SK7 SK8 SK9 SKa SKb SKc SKd SKe SKf", R"(SK[0-9a-f]{32})",
       MadeByChance, 0, 64, Edge::kToken},
      {"twilio", "chat", "Twilio auth token", kError, "~twilio auth_tok AUTH_TOK authToken",
       R"((?i)(?:twilio[\w-]*|auth_?)token["']?\s*[:=]\s*["']?([0-9a-f]{32}))", MadeByChance, 0,
       96},
      {"mailgun", "chat", "Mailgun API key", kError, "key-", R"(key-[0-9a-f]{32})", MadeByChance, 0,
       64, Edge::kToken},
      {"mailchimp", "chat", "Mailchimp API key", kError, "-us", R"([0-9a-f]{32}-us[0-9]{1,2})",
       MadeByChance, 32, 16, Edge::kToken, '\0', nullptr, nullptr, nullptr, FollowsDigits},
  };
}

}  // namespace watertight
