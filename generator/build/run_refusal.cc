#include "generator/build/run_refusal.h"

#include <algorithm>
#include <array>

#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

// {command}, {quoted} (the same in quotes), {status} and {why} are filled in.
struct Frames {
  std::string_view builder;
  std::string_view failed;
  std::string_view unstarted;
  std::string_view userless = "{why}";
};

constexpr std::string_view kClassicFailed =
    "The command '{command}' returned a non-zero code: {status}";
constexpr std::string_view kBuildkitFailed =
    "process {quoted} did not complete successfully: exit code: {status}";
constexpr std::string_view kBuildkitUnstarted =
    "process {quoted} did not complete successfully: exit code: 1: runc run failed: unable to "
    "start container process: {why}";
constexpr std::string_view kBuildkitUserless =
    "process {quoted} did not complete successfully: {why}";

constexpr std::array kFrames = {
    Frames{.builder = "classic-20.10",
           .failed = kClassicFailed,
           .unstarted = "failed to create shim task: OCI runtime create failed: runc create "
                        "failed: unable to start container process: {why}: unknown"},
    Frames{.builder = "classic-26",
           .failed = kClassicFailed,
           .unstarted = "failed to create task for container: failed to create shim task: OCI "
                        "runtime create failed: runc create failed: unable to start container "
                        "process: {why}: unknown"},
    Frames{.builder = "classic-28",
           .failed = kClassicFailed,
           .unstarted = "failed to create task for container: failed to create shim task: OCI "
                        "runtime create failed: runc create failed: unable to start container "
                        "process: error during container init: {why}"},
    Frames{.builder = "buildkit-0.8",
           .failed = "executor failed running [{command}]: exit code: {status}",
           .unstarted = "executor failed running [{command}]: exit code: 1: runc run failed: "
                        "unable to start container process: {why}",
           .userless = "executor failed running [{command}]: {why}"},
    Frames{.builder = "buildkit-0.13",
           .failed = kBuildkitFailed,
           .unstarted = kBuildkitUnstarted,
           .userless = kBuildkitUserless},
    Frames{.builder = "buildkit-0.25",
           .failed = kBuildkitFailed,
           .unstarted = "process {quoted} did not complete successfully: exit code: 1: runc run "
                        "failed: unable to start container process: error during container init: "
                        "{why}",
           .userless = kBuildkitUserless},
    Frames{.builder = "buildah-1.28",
           .failed = "exit status {status}",
           .unstarted = "exit status 1: process failed to start with error: {why}"},
    Frames{.builder = "buildah-1.28-layers",
           .failed = "exit status {status}",
           .unstarted = "exit status 1: process failed to start with error: {why}"},
    Frames{.builder = "kaniko",
           .failed = "error building stage: failed to execute command: waiting for process to "
                     "exit: exit status {status}",
           .unstarted = "error building stage: failed to execute command: starting command: {why}",
           .userless = "error building stage: failed to execute command: credentials: get "
                       "uid/gid: {why}"},
};

const Frames& FramesOf(std::string_view builder) {
  const auto* found = std::ranges::find(kFrames, builder, &Frames::builder);
  if (found == kFrames.end()) throw Error("unknown builder " + std::string(builder));
  return *found;
}

struct Reason {
  const std::string& command;
  int status;
  const std::string& why;
};

std::string Filled(std::string_view frame, const Reason& reason) {
  std::string text;
  while (!frame.empty()) {
    const size_t open = std::min(frame.find('{'), frame.size());
    text += frame.substr(0, open);
    if (open == frame.size()) break;
    const size_t close = frame.find('}', open);
    const std::string_view name = frame.substr(open + 1, close - open - 1);
    if (name == "command") text += reason.command;
    if (name == "quoted") text += Quote(reason.command);
    if (name == "status") text += std::to_string(reason.status);
    if (name == "why") text += reason.why;
    frame.remove_prefix(close + 1);
  }
  return text;
}

}  // namespace

std::string FailedRun(std::string_view builder, const std::string& command, int status,
                      const std::string& last) {
  return Filled(FramesOf(builder).failed, {command, status, last}) +
         (last.empty() ? "" : ": " + last);
}

std::string UnstartedRun(std::string_view builder, const std::string& command,
                         const std::string& why) {
  return Filled(FramesOf(builder).unstarted, {command, 1, why});
}

std::string UserlessRun(std::string_view builder, const std::string& command,
                        const std::string& why) {
  return Filled(FramesOf(builder).userless, {command, 1, why});
}

}  // namespace watertight::generator
