#include "cli/page_html.h"

#include <utility>
#include <vector>

#include "cli/page_files.h"
#include "cli/text.h"
#include "framework/image/sha256.h"

namespace watertight::cli {
namespace {

// The scripts in the order in which they run.
constexpr std::string_view kScripts[] = {
    "format.js",   "model.js", "filter.js", "state.js",    "parts.js",    "layers.js", "checks.js",
    "findings.js", "tree.js",  "files.js",  "sections.js", "keyboard.js", "main.js"};

// CSP Level 3, 2.3.1: 'sha256-' and the base64 of the hash of what stands between the tags.
std::string HashSource(std::string_view text) {
  Sha256 hash;
  hash.Update(text);
  const std::string hex = hash.Hex();
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return "'sha256-" + Base64(bytes) + "'";
}

}  // namespace

std::string InScript(std::string_view json) {
  constexpr std::pair<std::string_view, std::string_view> kEscapes[] = {
      {"<", "\\u003c"}, {">", "\\u003e"}, {"\xe2\x80\xa8", "\\u2028"}, {"\xe2\x80\xa9", "\\u2029"}};
  std::string safe;
  safe.reserve(json.size());
  while (!json.empty()) {
    const std::size_t plain = std::min(json.find_first_of("<>\xe2"), json.size());
    safe += json.substr(0, plain);
    json.remove_prefix(plain);
    if (json.empty()) break;
    std::size_t taken = 0;
    for (const auto& [text, escape] : kEscapes) {
      if (!json.starts_with(text)) continue;
      safe += escape;
      taken = text.size();
    }
    if (taken == 0) {
      safe += json.front();
      taken = 1;
    }
    json.remove_prefix(taken);
  }
  return safe;
}

std::string_view PageFile(std::string_view path) {
  for (const EmbeddedFile& file : PageFiles()) {
    if (file.path == path) return file.content;
  }
  return {};
}

std::string PageHtml(std::string_view json) {
  std::string scripts;
  for (const std::string_view script : kScripts) scripts += PageFile(script);
  return PageAround(json, PageFile("page.css"), scripts);
}

std::string PageAround(std::string_view json, std::string_view style, std::string_view body) {
  const std::string scripts = "\"use strict\";\n(() => {\n" + std::string(body) + "})();\n";
  const std::string policy = "default-src 'none'; style-src " + HashSource(style) +
                             "; script-src " + HashSource(scripts) +
                             "; base-uri 'none'; form-action 'none'";
  const std::vector<std::pair<std::string_view, std::string>> parts = {
      {"policy", policy},
      {"style", std::string(style)},
      {"data", InScript(json)},
      {"scripts", scripts}};
  std::string_view rest = PageFile("page.html");
  std::string page;
  for (const auto& [name, text] : parts) {
    const std::string place = "{{" + std::string(name) + "}}";
    const std::size_t at = rest.find(place);
    page += rest.substr(0, at);
    page += text;
    rest.remove_prefix(at + place.size());
  }
  return page.append(rest);
}

}  // namespace watertight::cli
