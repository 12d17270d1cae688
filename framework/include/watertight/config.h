// The image's configuration: all fields of the OCI and Docker schemas.
//
//   EXPECT_EQ(image.config().user, "node");
//
// Source: OCI image-spec config.md; Docker image spec v1.2 and the moby fields beside it. A field
// that is absent or null is empty here; json holds the exact bytes.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace watertight {

struct Healthcheck {
  std::vector<std::string> test;  // {"CMD-SHELL", "curl …"}, {"NONE"}, or {} = inherited
  std::int64_t interval = 0;      // nanoseconds, like all durations here
  std::int64_t timeout = 0;
  std::int64_t start_period = 0;
  std::int64_t start_interval = 0;
  std::int64_t retries = 0;

  friend bool operator==(const Healthcheck&, const Healthcheck&) = default;
};

void PrintTo(const Healthcheck& healthcheck, std::ostream* out);

// What a container is started with: the object `config`, or `container_config`.
struct RuntimeConfig {
  std::string user;
  std::vector<std::string> exposed_ports;              // "8080/tcp", sorted
  std::vector<std::string> env;                        // "NAME=value", in order
  std::optional<std::vector<std::string>> entrypoint;  // absent and null are nullopt
  std::optional<std::vector<std::string>> cmd;
  std::vector<std::string> volumes;  // sorted
  std::string working_dir;
  std::map<std::string, std::string> labels;
  std::string stop_signal;
  std::optional<std::int64_t> stop_timeout;  // seconds
  bool args_escaped = false;
  std::optional<Healthcheck> healthcheck;
  std::vector<std::string> on_build;
  std::vector<std::string> shell;
  std::string hostname;
  std::string domainname;
  std::string image;
  std::string mac_address;
  bool network_disabled = false;
  bool attach_stdin = false;
  bool attach_stdout = false;
  bool attach_stderr = false;
  bool tty = false;
  bool open_stdin = false;
  bool stdin_once = false;

  // The value of an environment variable, of the last entry of that name; nullptr when there is
  // none.
  const char* FindEnv(const std::string& name) const;

  friend bool operator==(const RuntimeConfig&, const RuntimeConfig&) = default;
};

// The whole configuration document.
struct Config : RuntimeConfig {
  std::string architecture;
  std::string variant;
  std::string os;
  std::string os_version;
  std::vector<std::string> os_features;
  std::string created;  // RFC 3339, as stored
  std::string author;
  std::string comment;
  std::string container;
  std::string docker_version;
  std::string parent;
  std::optional<RuntimeConfig> container_config;
  std::vector<std::string> diff_ids;
  std::string json;  // the exact bytes of the document
  std::string blob;  // its path in the archive

  // "linux/amd64", "linux/arm64/v8"; empty when the image states neither.
  std::string Platform() const;
};

void PrintTo(const RuntimeConfig& config, std::ostream* out);
void PrintTo(const Config& config, std::ostream* out);

}  // namespace watertight
