#include <algorithm>
#include <array>
#include <cctype>

#include "generator/builders/base64.h"
#include "generator/credentials/checksums.h"
#include "generator/credentials/draw.h"
#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

Kind Key(std::string_view id, std::string_view title, std::string_view shape,
         std::string_view variable, std::vector<Form> forms) {
  return {.id = id,
          .credential_class = "encryption-key",
          .title = title,
          .shape = shape,
          .variables = {variable},
          .forms = std::move(forms)};
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

Credential MakeAge(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  constexpr std::string_view kStart = "age-secret-key-";
  std::string key =
      DrawQuiet(kStart.size(), [&] { return Upper(Bech32(kStart, random.Bytes(32))); });
  if (variant == "bad-checksum") key.back() = key.back() == 'Q' ? 'P' : 'Q';
  // Of the characters, Bech32 leaves out 1, B, I and O.
  if (variant == "wrong-alphabet") key[40] = 'B';
  if (variant == "wrong-length") key = Upper(Bech32(kStart, random.Bytes(31)));
  if (variant == "truncated") key = "AGE-SECRET-KEY-1\u2026";
  return {key};
}

// Eight of them, as the installer writes them.
Credential MakeWordpressSalts(const Kind& /*kind*/, Drbg& random, std::string_view /*variant*/) {
  constexpr std::array<std::string_view, 8> kNames = {
      "AUTH_KEY",  "SECURE_AUTH_KEY",  "LOGGED_IN_KEY",  "NONCE_KEY",
      "AUTH_SALT", "SECURE_AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT"};
  constexpr std::string_view kCharacters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!@#%^&*()-_ []<>~+=,.;:/?|";
  Credential salts;
  for (const std::string_view name : kNames) {
    const std::string salt = DrawText(kCharacters, 64, random);
    std::string line = "define('" + std::string(name) + "',";
    line.resize(28, ' ');
    salts.value += (salts.value.empty() ? "" : "\n") + line + "'" + salt + "');";
    salts.parts[std::string(name)] = salt;
  }
  return salts;
}

std::vector<Form> EnvironmentForm(const std::string& variable) {
  return {{"file:.env.local", "APP_ENV=prod\n" + variable + "={{value}}\n"}};
}

}  // namespace

std::vector<Kind> EncryptionKeyKinds() {
  Kind age =
      Key("age-secret-key", "age secret key", "", "SOPS_AGE_KEY",
          {{"file:.config/sops/age/keys.txt", "# created: 2026-01-01T00:00:00Z\n{{value}}\n"}});
  age.make = MakeAge;
  age.variants = {"bad-checksum", "wrong-length", "wrong-alphabet", "truncated"};
  Kind wordpress = Key("wordpress-salts", "WordPress keys and salts", "", "WORDPRESS_SALTS",
                       {{"file:wp-config.php",
                         "<?php\ndefine('DB_NAME', 'wordpress');\n{{value}}\n"
                         "$table_prefix = 'wp_';\nrequire_once ABSPATH . 'wp-settings.php';\n"}});
  wordpress.make = MakeWordpressSalts;
  wordpress.appearance = Appearance::kLines;
  wordpress.parts = {{"AUTH_KEY", "wordpress-salts", "made"},
                     {"NONCE_SALT", "wordpress-salts", "made"}};
  return {
      age,
      Key("rails-master-key", "Rails master key", "[hex:32]", "RAILS_MASTER_KEY",
          {{"file:config/master.key", "{{value}}"}}),
      Key("django-secret-key", "Django secret key", "[django:50]", "DJANGO_SECRET_KEY",
          {{"file:settings.py",
            "DEBUG = False\nSECRET_KEY = '{{value}}'\nALLOWED_HOSTS = ['app.core.internal']\n"}}),
      Key("laravel-app-key", "Laravel application key",
          "base64:[b64:42][{AEIMQUYcgkosw048}:1]=", "APP_KEY", EnvironmentForm("APP_KEY")),
      wordpress,
      Key("symfony-secret", "Symfony application secret", "[hex:32]", "APP_SECRET",
          EnvironmentForm("APP_SECRET")),
  };
}

}  // namespace watertight::generator::credentials
