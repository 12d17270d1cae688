// Where a report goes: standard output and files, in their formats.

#pragma once

#include <string>
#include <vector>

#include "cli/reports/report.h"

namespace CLI {
class App;
}

namespace watertight::cli {

// As given: --format json, --output sarif=out/app.sarif.
struct OutputFlags {
  std::string format;  // empty: text, unless another output goes to standard output
  std::vector<std::string> files;
  std::string html;  // where the page goes; empty: there is none
};

void AddOutputs(CLI::App* command, OutputFlags* flags);

class Outputs {
 public:
  // Throws: Error, kUsage.
  explicit Outputs(const OutputFlags& flags);

  // The files and standard output; and on standard error, in a line, what could not be done.
  // undone: of that, what the report does not know of. page: empty when there is none. Returns the
  // exit code.
  int Write(const CheckReport& report, const std::vector<std::string>& undone,
            const std::string& page, Output& out) const;

 private:
  using Make = std::string (*)(const CheckReport& report);
  struct File {
    Make make = nullptr;
    std::string path;
  };

  // *undone gets a line for each file that cannot be written.
  void WriteFiles(const CheckReport& report, const std::string& page,
                  std::vector<std::string>* undone) const;
  // To standard output.
  void WriteReport(const CheckReport& report, Output& out) const;

  Make make_ = nullptr;  // null: text
  std::string html_;
  std::vector<File> files_;
};

}  // namespace watertight::cli
