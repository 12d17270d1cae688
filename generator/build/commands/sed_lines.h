// The lines that sed reads, of one file or of several as one text.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace watertight::generator::commands {

struct SedInput {
  std::string name;
  std::string text;
};

class SedLines {
 public:
  explicit SedLines(char end) : end_(end) {}

  // `inputs` outlives the reading.
  void Open(const std::vector<SedInput>& inputs);
  // Returns false behind the last line.
  bool Next(std::string& line);
  bool AtLast();
  // -i and -s count lines in each file.
  void StartOver() { number_ = 0; }

  // Of the line that was read last.
  std::int64_t number() const { return number_; }
  const std::string& name() const { return name_; }  // of its file
  // Only the end of all may lack a newline.
  bool ends() const { return ends_; }

 private:
  void SkipEmpty();

  char end_;
  const std::vector<SedInput>* inputs_ = nullptr;
  std::size_t input_ = 0;
  std::size_t offset_ = 0;
  std::int64_t number_ = 0;
  std::string name_;
  bool ends_ = true;
};

}  // namespace watertight::generator::commands
