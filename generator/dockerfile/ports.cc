#include "generator/dockerfile/ports.h"

#include <arpa/inet.h>

#include <array>
#include <optional>

#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr uint64_t kHighestPort = 65535;

struct PortRange {
  uint64_t first = 0;
  uint64_t last = 0;
};

std::optional<uint64_t> ParsePort(std::string_view text, bool sign) {
  if (sign && (text.starts_with('+'))) text.remove_prefix(1);
  const auto port = ParseUint(text, 10, 64);
  return port && *port <= kHighestPort ? port : std::nullopt;
}

std::optional<PortRange> ParseRange(std::string_view text, const Dialect& dialect) {
  const bool sign = Has(dialect, Feature::kExposeRules);
  const size_t dash = text.find('-');
  const auto first = ParsePort(text.substr(0, dash), sign);
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return PortRange{*first, *first};
  const auto last = ParsePort(text.substr(dash + 1), sign);
  if (!last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

struct Parts {
  std::string address;
  std::string host;
  std::string container;
};

Parts Split(std::string_view text) {
  const size_t last = text.rfind(':');
  if (last == std::string_view::npos) return {"", "", std::string(text)};
  const std::string container(text.substr(last + 1));
  const std::string_view front = text.substr(0, last);
  const size_t before = front.rfind(':');
  if (before == std::string_view::npos) return {"", std::string(front), container};
  return {std::string(front.substr(0, before)), std::string(front.substr(before + 1)), container};
}

void CheckAddress(std::string address) {
  if (address.empty()) return;
  if (address.front() == '[' && address.find(']') == std::string::npos) {
    throw Error("invalid IP address " + address + ": address " + address +
                ":: missing ']' in address");
  }
  if (address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  std::array<unsigned char, sizeof(in6_addr)> binary{};
  if (inet_pton(AF_INET, address.c_str(), binary.data()) != 1 &&
      inet_pton(AF_INET6, address.c_str(), binary.data()) != 1) {
    throw Error("invalid IP address: " + address);
  }
}

std::string Protocol(const std::string& text, std::string_view whole, const Dialect& dialect) {
  std::string lower = Lower(text);
  if (lower.empty()) return "tcp";
  if (lower == "tcp" || lower == "udp" || lower == "sctp") return lower;
  if (!Has(dialect, Feature::kExposeRules)) throw Error("invalid proto: " + text);
  throw Error("invalid port: " + Quote(whole) + ": invalid proto: " + text);
}

std::vector<std::string> Parse(std::string_view text, const Dialect& dialect) {
  const Parts parts = Split(text);
  const size_t slash = parts.container.find('/');
  const std::string port = parts.container.substr(0, slash);
  const bool own_words = Has(dialect, Feature::kExposeRules);
  if (port.empty()) {
    if (!own_words) throw Error("no port specified: " + std::string(text) + "<empty>");
    throw Error("invalid port: " + Quote(text) + ": no port specified");
  }
  std::string protocol = slash == std::string::npos ? "" : parts.container.substr(slash + 1);
  // Before, what follows a second slash was ignored.
  if (!own_words) protocol = protocol.substr(0, protocol.find('/'));
  protocol = Protocol(protocol, text, dialect);
  CheckAddress(parts.address);
  const auto range = ParseRange(port, dialect);
  if (!range) throw Error("invalid containerPort: " + port);
  if (!parts.host.empty()) {
    const auto host = ParseRange(parts.host, dialect);
    if (!host) throw Error("invalid hostPort: " + parts.host);
    const uint64_t size = range->last - range->first;
    if (size != 0 && size != host->last - host->first) {
      throw Error("invalid ranges specified for container and host Ports: " + port + " and " +
                  parts.host);
    }
  }
  std::vector<std::string> ports;
  for (uint64_t number = range->first; number <= range->last; ++number) {
    ports.push_back(std::to_string(number) + "/" + protocol);
  }
  return ports;
}

}  // namespace

std::vector<std::string> ParsePorts(std::string_view text, const Dialect& dialect) {
  const bool checked = dialect.family != Family::kBuildah && dialect.family != Family::kKaniko;
  if (!checked) return {std::string(text)};
  try {
    return Parse(text, dialect);
  } catch (const Error& error) {
    const bool own_rules = dialect.family == Family::kBuildKit;
    if (own_rules && Has(dialect, Feature::kExposeRules)) throw;
    // go-connections begins with a capital, and writes "ip".
    std::string message = error.message();
    if (message.starts_with("invalid IP")) message.replace(0, 10, "Invalid ip");
    message[0] = Upper(message.substr(0, 1))[0];
    throw Error(message);
  }
}

}  // namespace watertight::generator
