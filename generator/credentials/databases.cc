#include <array>

#include "generator/credentials/draw.h"
#include "generator/credentials/families.h"

namespace watertight::generator::credentials {
namespace {

struct Scheme {
  std::string_view name;  // a part's name
  std::string_view start;
  std::string_view service;  // in the host's name
  std::string_view end;      // port and database
};

constexpr std::array<Scheme, 6> kSchemes = {{
    {"postgres", "postgres://", "db", ":5432/orders"},
    {"mysql", "mysql://", "db", ":3306/orders"},
    {"mongodb", "mongodb://", "mongo", ":27017/orders?authSource=orders"},
    {"redis", "redis://", "redis", ":6379/0"},
    {"amqp", "amqp://", "rabbitmq", ":5672/orders"},
    {"smtp", "smtp://", "mail", ":587"},
}};

// What a near miss has in the place of the password.
std::string InPlaceOf(const std::string& password, std::string_view variant) {
  if (variant == "reference") return "${DB_PASSWORD}";
  if (variant == "placeholder") return "changeme";
  return password;
}

Credential MakeUrl(const Kind& /*kind*/, Drbg& random, std::string_view variant) {
  const std::string user = DrawUser(random);
  const std::string password = InPlaceOf(DrawPassword(random), variant);
  const std::string host = DrawHost("", random);
  const std::string login = variant == "url-user-only" ? user : user + ":" + password;
  Credential credential;
  for (const Scheme& scheme : kSchemes) {
    credential.parts[std::string(scheme.name)] = std::string(scheme.start) + login + "@" +
                                                 std::string(scheme.service) + "." + host +
                                                 std::string(scheme.end);
  }
  credential.value = credential.parts["postgres"];
  credential.parts["user"] = user;
  credential.parts["password"] = password;
  credential.parts["host"] = "db." + host;
  return credential;
}

Credential MakeConnection(const Kind& kind, Drbg& random, std::string_view variant) {
  const std::string user = DrawUser(random);
  const std::string password = InPlaceOf(DrawPassword(random), variant);
  const std::string host = DrawHost("db", random);
  const std::string text =
      kind.argument == "jdbc"
          ? "jdbc:postgresql://" + host + ":5432/orders?user=" + user + "&password=" + password
          : "Server=tcp:" + host + ",1433;Database=orders;User Id=" + user +
                ";Password=" + password + ";Encrypt=True";
  return {text, {{"user", user}, {"password", password}, {"host", host}}};
}

}  // namespace

std::vector<Kind> DatabaseKinds() {
  Kind url = {
      .id = "database-url",
      .credential_class = "database-url",
      .title = "URL of a database or broker with a password",
      .make = MakeUrl,
      .variables = {"DATABASE_URL"},
      .forms = {{"file:config/database.yml",
                 "production:\n  adapter: postgresql\n  url: {{value}}\n  pool: 5\n"},
                {"file:docker-compose.yml",
                 "services:\n  app:\n    image: registry.internal/app:1\n    environment:\n      "
                 "DATABASE_URL: {{value}}\n"},
                {"file:services.env",
                 "DATABASE_URL={{mysql}}\nREDIS_URL={{redis}}\nAMQP_URL={{amqp}}\n"
                 "MONGODB_URI={{mongodb}}\nSMTP_URL={{smtp}}\n"}},
      .parts = {{"password", "database-url", "made"}},
      .variants = {"url-user-only", "reference", "placeholder"}};
  for (const Scheme& scheme : kSchemes) {
    url.parts.push_back({scheme.name, "database-url", "made"});
  }
  return {
      url,
      {.id = "jdbc-url",
       .credential_class = "database-url",
       .title = "JDBC URL with a password",
       .make = MakeConnection,
       .variables = {"SPRING_DATASOURCE_URL"},
       .forms = {{"file:application.properties",
                  "spring.application.name=orders\nspring.datasource.url={{value}}\n"}},
       .parts = {{"password", "jdbc-url", "made"}},
       .variants = {"reference", "placeholder"},
       .argument = "jdbc"},
      {.id = "adonet-string",
       .credential_class = "database-url",
       .title = "ADO.NET connection string with a password",
       .make = MakeConnection,
       .variables = {"ConnectionStrings__Main"},
       .forms = {{"file:appsettings.json",
                  "{\n  \"ConnectionStrings\": {\n    \"Main\": \"{{value}}\"\n  }\n}\n"},
                 {"file:web.config",
                  "<configuration>\n  <connectionStrings>\n    <add name=\"Main\" "
                  "connectionString=\"{{value}}\" />\n  </connectionStrings>\n</configuration>\n"}},
       .parts = {{"password", "adonet-string", "made"}},
       .variants = {"reference", "placeholder"}},
  };
}

}  // namespace watertight::generator::credentials
