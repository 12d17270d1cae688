#include "generator/credentials/form_text.h"

#include <utility>

#include "generator/builders/base64.h"
#include "generator/credentials/encodings.h"
#include "generator/error.h"

namespace watertight::generator::credentials {
namespace {

std::string InJson(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

std::string InPercent(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool plain =
        kBase62Digits.find(c) != kBase62Digits.npos || c == '-' || c == '_' || c == '.' || c == '~';
    escaped += plain ? std::string(1, c) : "%" + UpperHex({&c, 1});
  }
  return escaped;
}

std::string Encoded(std::string_view encoding, const std::string& text) {
  if (encoding == "json") return InJson(text);
  if (encoding == "percent") return InPercent(text);
  if (encoding == "base64") return Base64(text);
  throw Error("a form has the encoding " + std::string(encoding));
}

std::string PartOf(const Credential& credential, std::string_view name) {
  if (name == "value") return credential.value;
  const auto part = credential.parts.find(std::string(name));
  if (part == credential.parts.end()) throw Error("no part is called " + std::string(name));
  return part->second;
}

// "value >json >base64"
std::string Place(std::string_view inside, const Credential& credential) {
  std::size_t end = std::min(inside.find(" >"), inside.size());
  std::string text = PartOf(credential, inside.substr(0, end));
  while (end < inside.size()) {
    const std::size_t begin = end + 2;
    end = std::min(inside.find(" >", begin), inside.size());
    text = Encoded(inside.substr(begin, end - begin), text);
  }
  return text;
}

// Calls `text` with what stands outside of braces, `place` with what stands inside.
template <typename Text, typename Inside>
void Split(std::string_view form, const Text& text, const Inside& place) {
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t open = std::min(form.find("{{", at), form.size());
    text(form.substr(at, open - at));
    if (open == form.size()) return;
    const std::size_t close = form.find("}}", open);
    if (close == form.npos) throw Error("a form lacks }}");
    place(form.substr(open + 2, close - open - 2));
    at = close + 2;
  }
}

}  // namespace

std::string FillIn(std::string_view text, const Credential& credential) {
  std::vector<std::pair<std::string, std::string>> blocks = {{"", ""}};  // encoding, content
  Split(
      text, [&](std::string_view plain) { blocks.back().second += plain; },
      [&](std::string_view inside) {
        if (inside.starts_with('#')) {
          blocks.emplace_back(inside.substr(1), "");
        } else if (inside.starts_with('/')) {
          if (blocks.back().first != inside.substr(1)) throw Error("a form's blocks cross");
          const auto [encoding, content] = std::move(blocks.back());
          blocks.pop_back();
          blocks.back().second += Encoded(encoding, content);
        } else {
          blocks.back().second += Place(inside, credential);
        }
      });
  if (blocks.size() != 1) throw Error("a form's block has no end");
  return blocks.back().second;
}

std::vector<std::string> PartsIn(std::string_view text) {
  std::vector<std::string> parts;
  Split(
      text, [](std::string_view) {},
      [&parts](std::string_view inside) {
        if (inside.starts_with('#') || inside.starts_with('/')) return;
        parts.emplace_back(inside.substr(0, inside.find(" >")));
      });
  return parts;
}

}  // namespace watertight::generator::credentials
