#include "framework/image/daemon_address.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/image/json.h"
#include "framework/image/path.h"
#include "framework/image/sha256.h"
#include "watertight/error.h"

namespace watertight {
namespace {

constexpr char kSystemSocket[] = "/var/run/docker.sock";

std::string Environment(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// Where Docker's client keeps its configuration.
std::string DockerFolder() {
  const std::string folder = Environment("DOCKER_CONFIG");
  return folder.empty() ? Environment("HOME") + "/.docker" : folder;
}

Json ReadDocument(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<Note> notes;
  return ParseJson(bytes, Printable(path), &notes);
}

// The port behind a host, which may be an IPv6 address in brackets.
bool HasPort(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  return authority.find(':', bracket == std::string_view::npos ? 0 : bracket) !=
         std::string_view::npos;
}

// "tcp://build.example.com" means port 2375, with TLS 2376.
std::string TcpUrl(std::string rest, bool tls) {
  while (rest.ends_with('/')) rest.pop_back();
  const std::size_t slash = rest.find('/');
  const std::string authority = rest.substr(0, slash);
  const std::string path = slash == std::string::npos ? "" : rest.substr(slash);
  const std::string port = HasPort(authority) ? "" : tls ? ":2376" : ":2375";
  return (tls ? "https://" : "http://") + authority + port + path;
}

// ssh://HOST as the words of ssh(1).
std::string SshWords(std::string rest) {
  rest = rest.substr(0, rest.find('/'));
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string::npos) return rest;
  return "-p " + rest.substr(colon + 1) + " " + rest.substr(0, colon);
}

// certificates: of a server with TLS; empty: without it.
DaemonAddress FromHost(const std::string& host, const std::string& certificates) {
  const std::size_t mark = host.find("://");
  const std::string scheme = host.substr(0, mark == std::string::npos ? 0 : mark);
  const std::string rest = mark == std::string::npos ? host : host.substr(mark + 3);
  DaemonAddress address;
  address.name = Printable(host);
  if (scheme == "unix" && !rest.empty()) {
    address.server = {"http://localhost", rest, ""};
    return address;
  }
  if ((scheme == "tcp" || scheme == "http" || scheme == "https") && !rest.empty()) {
    const bool tls = scheme == "https" || (scheme == "tcp" && !certificates.empty());
    address.server = {scheme == "tcp" ? TcpUrl(rest, tls) : host, "", certificates};
    while (address.server.url.ends_with('/')) address.server.url.pop_back();
    return address;
  }
  if (scheme == "ssh") {
    throw Error(ErrorCode::kUnsupported,
                "the Docker daemon is at " + address.name +
                    ", and ssh is not spoken; forward its socket: ssh -nNT -L "
                    "/tmp/docker.sock:/var/run/docker.sock " +
                    Printable(SshWords(rest)) + ", and set DOCKER_HOST=unix:///tmp/docker.sock");
  }
  throw Error(ErrorCode::kUsage, "the Docker daemon's address " + address.name +
                                     " is not understood; DOCKER_HOST is unix://PATH or "
                                     "tcp://HOST:PORT");
}

DaemonAddress FromContext(const std::string& context) {
  const std::string id = Sha256Digest(context).substr(7);
  const std::string path = DockerFolder() + "/contexts/meta/" + id + "/meta.json";
  if (!Exists(path)) {
    throw Error(ErrorCode::kUsage, "the Docker context " + Printable(context) + " has no " +
                                       Printable(path) +
                                       "; docker context ls lists those that "
                                       "there are");
  }
  const Json document = ReadDocument(path);
  const auto endpoints = JsonObject(document, Printable(path)).Object("Endpoints");
  const auto docker = endpoints ? endpoints->Object("docker") : std::nullopt;
  const std::string host = docker ? docker->String("Host") : "";
  const std::string certificates = DockerFolder() + "/contexts/tls/" + id + "/docker";
  return FromHost(host, Exists(certificates) ? certificates : "");
}

// Empty when none was chosen.
std::string ChosenContext() {
  std::string context = Environment("DOCKER_CONTEXT");
  const std::string path = DockerFolder() + "/config.json";
  if (context.empty() && Exists(path)) {
    context = JsonObject(ReadDocument(path), Printable(path)).String("currentContext");
  }
  return context == "default" ? "" : context;
}

std::string UsualSocket() {
  const std::string own = Environment("XDG_RUNTIME_DIR") + "/docker.sock";
  return !Exists(kSystemSocket) && own.front() == '/' && own != "/docker.sock" && Exists(own)
             ? own
             : kSystemSocket;
}

}  // namespace

DaemonAddress FindDaemon() {
  const std::string host = Environment("DOCKER_HOST");
  if (!host.empty()) {
    const std::string given = Environment("DOCKER_CERT_PATH");
    const bool tls = !Environment("DOCKER_TLS_VERIFY").empty();
    return FromHost(host, !tls ? "" : given.empty() ? DockerFolder() : given);
  }
  const std::string context = ChosenContext();
  if (!context.empty()) return FromContext(context);
  return FromHost("unix://" + UsualSocket(), "");
}

}  // namespace watertight
