#include "tests/scan/rules_in.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "framework/image/sha256.h"
#include "framework/scan/byte_search.h"
#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/rule_set.h"
#include "watertight/finding.h"

namespace watertight::testing {
namespace {

constexpr char kDigits62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string_view AlphabetOf(std::string_view name) {
  constexpr std::string_view kB64u =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr std::string_view kB64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (name == "b62") return kDigits62;
  if (name == "b64") return kB64;
  if (name == "b64u") return kB64u;
  if (name == "b36") return "0123456789abcdefghijklmnopqrstuvwxyz";
  if (name == "b32") return "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  if (name == "hex") return "0123456789abcdef";
  if (name == "HEX") return "0123456789ABCDEF";
  if (name == "dec") return "0123456789";
  if (name == "let") return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  throw std::invalid_argument(std::string(name));
}

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : state_(seed) {}
  // Begins and ends with a letter or digit.
  std::string operator()(std::string_view alphabet, std::size_t count) {
    std::string text;
    while (text.size() < count) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      const char c = alphabet[(state_ >> 33) % alphabet.size()];
      const bool edge = text.empty() || text.size() + 1 == count;
      const bool mark = c == '-' || c == '_' || c == '+' || c == '/';
      if (!(edge && mark)) text += c;
    }
    return text;
  }

 private:
  std::uint64_t state_;
};

std::string Fine(Draw* draw) {
  const std::string head = "github_pat_" + (*draw)(kDigits62, 22) + "_" + (*draw)(kDigits62, 43);
  std::string hash;
  DecodeHex(std::string_view(Sha256Digest(head)).substr(7), &hash);
  return head + EncodeBase32(hash).substr(0, 8) + (*draw)(kDigits62, 8);
}

std::string Token(std::string_view name, Draw* draw) {
  const auto with_crc = [&](const std::string& begin) {
    const std::string body = (*draw)(kDigits62, 30);
    return begin + body + InDigits(Crc32(body), kDigits62, 6);
  };
  if (name == "ghp") return with_crc("ghp_");
  if (name == "npm") return with_crc("npm_");
  if (name == "fine") return Fine(draw);
  if (name == "ATBB") {
    const std::string body = "ATBB" + (*draw)(kDigits62, 24);
    return body + InDigits(Crc32(body), "0123456789ABCDEF", 8);
  }
  if (name == "glsa") {
    const std::string body = "glsa_" + (*draw)(kDigits62, 32);
    const std::string crc = InDigits(Crc32(body), "0123456789abcdef", 8);
    return body + "_" + crc.substr(6, 2) + crc.substr(4, 2) + crc.substr(2, 2) + crc.substr(0, 2);
  }
  throw std::invalid_argument(std::string(name));
}

}  // namespace

std::vector<std::string> RulesIn(const std::string& text, std::size_t piece) {
  const ValueSet& set = ValueSet::OfBuiltInRules();
  LiteralSet::Scratch scratch;
  ByteSearch search(set, &scratch, ByteSearch::Lines::kCounted, 4096);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    search.Take(std::string_view(text).substr(at, piece));
  }
  search.Finish();
  std::vector<std::string> rules;
  for (const FoundValue& found : search.found()) {
    rules.emplace_back(RuleSet::BuiltIn().rows()[RuleOfNumber(found.secret)].id);
    if (found.level != Level::kError)
      rules.back() += std::string(" (") + ToString(found.level) + ")";
  }
  return rules;
}

bool Fails(const std::string& text) {
  const std::vector<std::string> rules = RulesIn(text);
  return std::any_of(rules.begin(), rules.end(),
                     [](const std::string& rule) { return rule.find(" (") == rule.npos; });
}

std::string Filled(std::string_view text) {
  Draw draw(Crc32(text));
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == text.npos ? open : text.find('}', open);
    const std::string_view mark =
        close == text.npos ? std::string_view() : text.substr(open + 1, close - open - 1);
    const std::size_t colon = mark.find(':');
    const bool token =
        mark == "ghp" || mark == "npm" || mark == "fine" || mark == "glsa" || mark == "ATBB";
    const bool drawn = colon != mark.npos && colon + 1 < mark.size() && mark.size() < 10 &&
                       mark.find_first_not_of("0123456789", colon + 1) == mark.npos;
    if (!token && !drawn) {
      const std::size_t plain = open == text.npos ? text.size() : open + 1;
      filled += text.substr(0, plain);
      text.remove_prefix(plain);
      continue;
    }
    filled += text.substr(0, open);
    filled += token ? Token(mark, &draw)
                    : draw(AlphabetOf(mark.substr(0, colon)),
                           std::stoul(std::string(mark.substr(colon + 1))));
    text.remove_prefix(close + 1);
  }
  return filled;
}

}  // namespace watertight::testing
