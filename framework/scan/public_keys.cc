#include "framework/scan/public_keys.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/scan/harmless_values.h"
#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/der.h"
#include "framework/scan/text_lines.h"

namespace watertight {
namespace {

// RFC 4253, 6.6, RFC 5656, 3.1, RFC 8709, 4, and OpenSSH's PROTOCOL.u2f: how many strings a key is
// made of, its algorithm first. A private key has more.
struct SshAlgorithm {
  std::string_view name;
  std::size_t strings;
};
constexpr SshAlgorithm kSshAlgorithms[] = {{"ssh-rsa", 3},
                                           {"ssh-dss", 5},
                                           {"ssh-ed25519", 2},
                                           {"ecdsa-sha2-nistp256", 3},
                                           {"ecdsa-sha2-nistp384", 3},
                                           {"ecdsa-sha2-nistp521", 3},
                                           {"sk-ssh-ed25519@openssh.com", 3},
                                           {"sk-ecdsa-sha2-nistp256@openssh.com", 4}};

// The tags of what the outer SEQUENCE of a block holds: RFC 5280, 4.1; RFC 8017, A.1.1.
struct PemLabel {
  std::string_view label;
  std::string_view tags;
};
constexpr PemLabel kPemLabels[] = {
    {"PUBLIC KEY", "\x30\x03"}, {"RSA PUBLIC KEY", "\x02\x02"}, {"CERTIFICATE", "\x30\x30\x03"}};

constexpr std::string_view kSsh2Begin = "---- BEGIN SSH2 PUBLIC KEY ----";
constexpr std::string_view kSsh2End = "---- END SSH2 PUBLIC KEY ----";

// The strings, each behind its length of four bytes; nothing when the bytes are not all such.
std::optional<std::vector<std::string_view>> SshStrings(std::string_view bytes) {
  std::vector<std::string_view> strings;
  while (!bytes.empty()) {
    if (bytes.size() < 4) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[i]);
    bytes.remove_prefix(4);
    if (size > bytes.size()) return std::nullopt;
    strings.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return strings;
}

// algorithm: empty for any.
bool IsSshKey(std::string_view base64, std::string_view algorithm) {
  std::string bytes;
  if (!DecodeBase64(base64, &bytes)) return false;
  const auto strings = SshStrings(bytes);
  if (!strings || strings->empty()) return false;
  if (!algorithm.empty() && strings->front() != algorithm) return false;
  return std::any_of(std::begin(kSshAlgorithms), std::end(kSshAlgorithms),
                     [&strings](const SshAlgorithm& known) {
                       return known.name == strings->front() && known.strings == strings->size();
                     });
}

bool IsPublicDer(std::string_view base64, std::string_view tags) {
  std::string bytes;
  if (!DecodeBase64(base64, &bytes)) return false;
  const auto outer = ReadDerSequence(bytes);
  if (!outer || outer->size() != 1 || outer->front().tag != 0x30) return false;
  const auto inner = ReadDerSequence(outer->front().content);
  return inner && std::equal(inner->begin(), inner->end(), tags.begin(), tags.end(),
                             [](const DerValue& value, char tag) {
                               return value.tag == static_cast<unsigned char>(tag);
                             });
}

// `ssh-ed25519 AAAA… who@where`
bool IsOpenSshLine(std::string_view line) {
  const std::size_t behind_name = line.find(' ');
  if (behind_name == line.npos) return false;
  const std::size_t behind_key = std::min(line.find(' ', behind_name + 1), line.size());
  const std::string_view key = line.substr(behind_name + 1, behind_key - behind_name - 1);
  return IsSshKey(key, line.substr(0, behind_name)) && IsPlainText(line.substr(behind_key));
}

// The lines up to the end of a block, as one.
class Lines {
 public:
  explicit Lines(std::string_view text) : lines_(LinesOf(text)) {}

  bool AtEnd() const { return at_ == lines_.size(); }
  std::string_view Next() { return lines_[at_++]; }

  std::optional<std::string> BodyUpTo(std::string_view end) {
    std::string body;
    while (!AtEnd()) {
      const std::string_view line = Next();
      if (line == end) return body;
      body += line;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
};

bool ReadSsh2(Lines* lines) {
  constexpr std::string_view kComment = "Comment: ";
  std::string body;
  while (!lines->AtEnd()) {
    std::string_view line = lines->Next();
    if (line == kSsh2End) return IsSshKey(body, "");
    if (body.empty() && line.starts_with(kComment)) {
      if (!IsPlainText(Unquoted(line.substr(kComment.size())))) return false;
    } else {
      body += line;
    }
  }
  return false;
}

bool ReadPem(std::string_view line, Lines* lines) {
  for (const PemLabel& known : kPemLabels) {
    const std::string label(known.label);
    if (line != "-----BEGIN " + label + "-----") continue;
    const auto body = lines->BodyUpTo("-----END " + label + "-----");
    return body && IsPublicDer(*body, known.tags);
  }
  return false;
}

}  // namespace

bool HoldsPublicKeysAlone(std::string_view text) {
  Lines lines(text);
  bool any = false;
  while (!lines.AtEnd()) {
    const std::string_view line = lines.Next();
    if (line.empty()) continue;
    const bool is_key = line == kSsh2Begin    ? ReadSsh2(&lines)
                        : line.front() == '-' ? ReadPem(line, &lines)
                                              : IsOpenSshLine(line);
    if (!is_key) return false;
    any = true;
  }
  return any;
}

}  // namespace watertight
