#include "generator/build/commands/sed_lines.h"

namespace watertight::generator::commands {

void SedLines::Open(const std::vector<SedInput>& inputs) {
  inputs_ = &inputs;
  input_ = 0;
  offset_ = 0;
}

void SedLines::SkipEmpty() {
  while (input_ < inputs_->size() && offset_ >= (*inputs_)[input_].text.size()) {
    ++input_;
    offset_ = 0;
  }
}

bool SedLines::AtLast() {
  SkipEmpty();
  return input_ == inputs_->size();
}

bool SedLines::Next(std::string& line) {
  if (AtLast()) return false;
  const SedInput& input = (*inputs_)[input_];
  const std::size_t at = input.text.find(end_, offset_);
  const bool found = at != std::string::npos;
  line = input.text.substr(offset_, found ? at - offset_ : std::string::npos);
  offset_ = found ? at + 1 : input.text.size();
  name_ = input.name;
  ++number_;
  ends_ = found || !AtLast();
  return true;
}

}  // namespace watertight::generator::commands
