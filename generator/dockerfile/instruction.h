// The instructions of a Dockerfile, one plain struct each, as written: no variable is expanded.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "generator/dockerfile/heredoc.h"
#include "generator/dockerfile/position.h"
#include "generator/dockerfile/words.h"

namespace watertight::generator {

// The argument of CMD, ENTRYPOINT and RUN.
struct CommandLine {
  std::vector<std::string> words;  // the shell form is one word, the exec form any number
  bool shell = true;               // the shell form
  bool operator==(const CommandLine&) const = default;
};

// A here-document as a source of COPY or ADD.
struct InlineFile {
  std::string name;
  std::string content;  // leading tabs gone if it was <<-
  bool expand = true;
  bool operator==(const InlineFile&) const = default;
};

// What COPY and ADD have in common.
struct Transfer {
  std::vector<std::string> sources;
  std::vector<InlineFile> inline_files;
  std::string destination;
  std::string chown;
  std::string chmod;
  bool link = false;
  std::vector<std::string> exclude;
  bool operator==(const Transfer&) const = default;
};

struct Add : Transfer {
  std::string checksum;
  std::optional<bool> keep_git_dir;
  std::optional<bool> unpack;
};

struct Copy : Transfer {
  std::string from;
  bool parents = false;
};

struct ArgName {
  std::string name;
  std::optional<std::string> value;
  bool operator==(const ArgName&) const = default;
};

struct Arg {
  std::vector<ArgName> names;
};

struct Cmd : CommandLine {};
struct Entrypoint : CommandLine {};

struct Env {
  std::vector<NameValue> variables;
};

struct Expose {
  std::vector<std::string> ports;  // sorted, as every builder does
};

struct Healthcheck {
  std::vector<std::string> test;  // NONE, or CMD or CMD-SHELL and the command
  std::chrono::nanoseconds interval{0};
  std::chrono::nanoseconds timeout{0};
  std::chrono::nanoseconds start_period{0};
  std::chrono::nanoseconds start_interval{0};
  int retries = 0;
};

struct Label {
  std::vector<NameValue> labels;
};

struct Maintainer {
  std::string name;
};

struct Onbuild {
  std::string trigger;  // the instruction to run later, here-documents included
};

// What an instruction is to buildah's parser when its words make no sense: it is refused only when
// its turn comes, after all before it.
struct Refused {
  std::string reason;
};

struct Run : CommandLine {
  std::vector<std::string> mounts;  // the texts of --mount: their variables are not known yet
  std::string network = "default";
  std::string security = "sandbox";
  std::vector<std::string> devices;
  // The whole command is one here-document: its body is the script.
  bool script = false;
};

struct Shell {
  std::vector<std::string> words;
};

struct StopSignal {
  std::string signal;
};

struct User {
  std::string name;
};

struct Volume {
  std::vector<std::string> paths;
};

struct Workdir {
  std::string path;
};

using Command =
    std::variant<Add, Arg, Cmd, Copy, Entrypoint, Env, Expose, Healthcheck, Label, Maintainer,
                 Onbuild, Refused, Run, Shell, StopSignal, User, Volume, Workdir>;

// Where a command comes from.
struct Source {
  std::string keyword;  // as written
  std::string text;     // the logical line, trimmed (buildah: on the left): the command's code
  std::vector<std::string> flags;  // the names of the flags that were given
  std::vector<Heredoc> heredocs;
  std::vector<std::string> comments;  // above it, without the #
  Range range;
};

struct Instruction {
  Source source;
  Command command;
};

struct Stage {
  Source source;         // of FROM
  std::string base;      // an image, a stage, scratch; may hold variables
  std::string name;      // empty for none; lower case, but for buildah, which heeds it
  std::string platform;  // may hold variables
  std::vector<Instruction> instructions;
};

}  // namespace watertight::generator
