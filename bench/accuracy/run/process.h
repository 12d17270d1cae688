// Runs a scanner: cut off, bounded, measured.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace watertight::bench {

struct ProcessRequest {
  std::vector<std::string> command;                // the program, by path or from PATH
  std::map<std::string, std::string> environment;  // all of it: nothing is inherited
  std::string folder;                              // where it runs
  std::string output;                              // files for standard output and error
  std::string error;
  bool network = false;
  double seconds = 0;  // then it is killed, with all that it started; 0: no limit
};

struct ProcessOutcome {
  bool started = false;
  std::string problem;  // why it was not started
  bool timed_out = false;
  bool network_off = false;       // it had no network
  int exit_code = -1;             // 128 + signal for one that a signal ended
  double seconds = 0;             // wall time
  std::uint64_t peak_memory = 0;  // bytes, of the largest process of it and what it waited for
};

// Standard input is empty. May be called from several threads.
ProcessOutcome RunMeasured(const ProcessRequest& request);

// Whether a process can be started without a network here.
bool CanCutNetwork();

}  // namespace watertight::bench
