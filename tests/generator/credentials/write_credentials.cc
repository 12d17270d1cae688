// Writes credentials, their parts, near misses and forms for the scripts that hold them against
// real tools: one JSON object a line, values in hex. Without kinds, of all kinds; with a number for
// NAMES, of so many names.
//
//   write_credentials SEED,… NAME,… [KIND…]
//
//   {"kind": "pem-rsa", "class": "private-key", "seed": "a", "name": "web", "value": "2d2d…",
//    "parts": {"public": "2d2d…"}, "variants": {"public-key": "2d2d…"}, "forms":
//    {"file:server.key": "2d2d…"}, "seconds": 0.02}   of the processor, for the value

#include <algorithm>
#include <ctime>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "generator/credentials/credentials.h"
#include "generator/credentials/encodings.h"

namespace watertight::generator {
namespace {

using credentials::Hex;

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> items;
  std::istringstream stream(text);
  for (std::string item; std::getline(stream, item, ',');) items.push_back(item);
  return items;
}

std::vector<std::string> Names(const std::string& text) {
  if (text.find_first_not_of("0123456789") != text.npos) return Split(text);
  std::vector<std::string> names;
  for (int i = 0; i < std::stoi(text); ++i) names.push_back("name-" + std::to_string(i));
  return names;
}

void Write(const Kind& kind, const std::string& seed, const std::string& name) {
  const std::clock_t started = std::clock();
  const Credential credential = MakeCredential(kind, seed, name);
  const double seconds = static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  nlohmann::json parts = nlohmann::json::object();
  for (const auto& [part, value] : credential.parts) parts[part] = Hex(value);
  nlohmann::json variants = nlohmann::json::object();
  for (const std::string_view variant : Variants(kind)) {
    variants[std::string(variant)] = Hex(MakeTwin(kind, seed, name, variant).value);
  }
  nlohmann::json forms = nlohmann::json::object();
  for (const Form& form : Forms(kind)) {
    forms[form.name] = Hex(Render(kind, credential, form.name));
  }
  std::cout << nlohmann::json({{"kind", kind.id},
                               {"class", kind.credential_class},
                               {"seed", seed},
                               {"name", name},
                               {"value", Hex(credential.value)},
                               {"parts", parts},
                               {"variants", variants},
                               {"forms", forms},
                               {"seconds", seconds}})
                   .dump()
            << '\n';
}

int Main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) {
    std::cerr << "usage: write_credentials SEED,… NAME,…|COUNT [KIND…]\n";
    return 2;
  }
  for (const Kind& kind : Kinds()) {
    const auto begin = arguments.begin() + 2;
    if (begin != arguments.end() && std::find(begin, arguments.end(), kind.id) == arguments.end()) {
      continue;
    }
    for (const std::string& seed : Split(arguments[0])) {
      for (const std::string& name : Names(arguments[1])) Write(kind, seed, name);
    }
  }
  return 0;
}

}  // namespace
}  // namespace watertight::generator

int main(int argc, char** argv) {
  try {
    return watertight::generator::Main({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
