// Input and output of awk.

#include <algorithm>
#include <cctype>

#include "generator/build/commands/awk_machine.h"
#include "generator/build/commands/awk_syntax.h"

namespace watertight::generator::commands::awk {
namespace {

void Strip(std::string& text, std::string_view end) {
  if (text.ends_with(end)) text.resize(text.size() - end.size());
}

}  // namespace

// Records.

bool Machine::TakeParagraph(Input& input, std::string& record) {
  input.at = std::min(input.text.find_first_not_of('\n', input.at), input.text.size());
  if (input.at == input.text.size()) return false;
  const std::size_t end = std::min(input.text.find("\n\n", input.at), input.text.size());
  record = input.text.substr(input.at, end - input.at);
  input.at = std::min(input.text.find_first_not_of('\n', end), input.text.size());
  if (end == input.text.size()) Strip(record, "\n");
  return true;
}

bool Machine::TakeRecord(Input& input, std::string& record) {
  if (input.at >= input.text.size()) return false;
  const std::string separator = TextOf("RS");
  if (separator.empty()) return TakeParagraph(input, record);
  std::size_t end = input.text.size();
  std::size_t next = end;
  if (separator.size() == 1) {
    end = std::min(input.text.find(separator, input.at), end);
    next = std::min(end + 1, input.text.size());
  } else if (const auto match = RegexOf(separator).Search(input.text, input.at);
             match && match->end() > match->begin()) {
    end = match->begin();
    next = match->end();
  }
  record = input.text.substr(input.at, end - input.at);
  input.at = next;
  return true;
}

bool Machine::Assigns(const std::string& operand) {
  const std::size_t equals = operand.find('=');
  if (equals == operand.npos || equals == 0) return false;
  if (std::isdigit(static_cast<unsigned char>(operand[0])) != 0) return false;
  return std::all_of(operand.begin(), operand.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

// Opens the next operand; assigns what stands between.
bool Machine::NextFile() {
  Array& operands = Global("ARGV").AsArray();
  while (next_operand_ < static_cast<std::size_t>(Get("ARGC").Number())) {
    const auto operand = operands.elements.find(std::to_string(next_operand_++));
    if (operand == operands.elements.end()) continue;
    const std::string name = operand->second.value.Text();
    if (name.empty()) continue;
    if (Assigns(name)) {
      const std::size_t equals = name.find('=');
      Set(name.substr(0, equals), Value::FromInput(Unescaped(name.substr(equals + 1))));
      continue;
    }
    read_any_ = true;
    Set("FILENAME", Value(name));
    Set("FNR", Value(0.0));
    if (name == "-") {
      current_ = Input{.text = process_.ReadAllText(0)};
      return true;
    }
    std::errc error{};
    const auto content = process_.ReadFile(name, error);
    if (!content) {
      const std::string text = process_.Text(error);
      throw RuntimeError{busybox() ? name + ": " + text
                                   : "cannot open " + name + " (" + text + ")"};
    }
    current_ = Input{.text = content->ToString()};
    return true;
  }
  if (read_any_) return false;
  read_any_ = true;
  current_ = Input{.text = process_.ReadAllText(0)};
  return true;
}

void Machine::CountRecord() {
  Set("NR", Value(Get("NR").Number() + 1));
  Set("FNR", Value(Get("FNR").Number() + 1));
}

int Machine::NextRecord(std::string& record) {
  while (!ended_) {
    if (current_ && TakeRecord(*current_, record)) {
      CountRecord();
      return 1;
    }
    current_.reset();
    if (!NextFile()) ended_ = true;
  }
  return 0;
}

int Machine::NextFromFile(const std::string& name, std::string& record) {
  auto file = files_.find(name);
  if (file == files_.end()) {
    std::errc error{};
    std::string text;
    if (name == "-" || name == "/dev/stdin") {
      text = process_.ReadAllText(0);
    } else if (const auto content = process_.ReadFile(name, error)) {
      text = content->ToString();
    } else {
      return -1;
    }
    file = files_.emplace(name, Input{.text = std::move(text)}).first;
  }
  return TakeRecord(file->second, record) ? 1 : 0;
}

std::string Machine::OutputOf(const std::string& command, int& status) {
  Process child = process_;
  const auto pipe = std::make_shared<Pipe>();
  child.descriptors[1] = WritingEnd(pipe);
  child.program = "/bin/sh";
  child.arguments = {"sh", "-c", command};
  const Execution execution = Execute(child);
  status = execution.error == std::errc() ? execution.status : 127;
  return pipe->bytes.ToString();
}

int Machine::NextFromCommand(const std::string& command, std::string& record) {
  auto known = commands_.find(command);
  if (known == commands_.end()) {
    int status = 0;
    std::string text = OutputOf(command, status);
    command_statuses_[command] = status;
    known = commands_.emplace(command, Input{.text = std::move(text)}).first;
  }
  if (!TakeRecord(known->second, record)) return 0;
  Set("NR", Value(Get("NR").Number() + 1));
  return 1;
}

// Output.

void Machine::Print(const std::string& text, const std::string& kind, const std::string& target) {
  if (kind.empty()) {
    process_.Write(1, text);
    return;
  }
  auto output = outputs_.find(target);
  if (output == outputs_.end()) {
    Output opened{.kind = kind};
    if (kind != "|") {
      if (target == "/dev/stdout" || target == "-") {
        opened.descriptor = 1;
      } else if (target == "/dev/stderr") {
        opened.descriptor = 2;
      } else {
        const Opened file = process_.Open(
            target,
            {.write = true, .create = true, .truncate = kind == ">", .append = kind == ">>"});
        if (!file) {
          const std::string why = process_.Text(file.error);
          throw RuntimeError{busybox() ? "can't open '" + target + "': " + why
                                       : "cannot open \"" + target + "\" (" + why + ")"};
        }
        opened.descriptor = file.descriptor;
      }
    }
    output = outputs_.emplace(target, std::move(opened)).first;
    output_order_.push_back(target);
  }
  if (output->second.kind == "|") {
    output->second.text += text;
  } else {
    process_.Write(output->second.descriptor, text);
  }
}

int Machine::Close(const std::string& name) {
  int status = -1;
  if (files_.erase(name) > 0) status = 0;
  if (commands_.erase(name) > 0) status = command_statuses_[name];
  const auto output = outputs_.find(name);
  if (output == outputs_.end()) return status;
  const Output closed = std::move(output->second);
  outputs_.erase(output);
  std::erase(output_order_, name);
  if (closed.kind != "|") {
    if (closed.descriptor > 2) process_.Close(closed.descriptor);
    return 0;
  }
  const auto pipe = std::make_shared<Pipe>();
  pipe->bytes = Rope(closed.text);
  Process child = process_;
  child.descriptors[0] = ReadingEnd(pipe);
  child.program = "/bin/sh";
  child.arguments = {"sh", "-c", name};
  const Execution execution = Execute(child);
  return execution.error == std::errc() ? execution.status : 127;
}

void Machine::CloseAll() {
  while (!output_order_.empty()) Close(output_order_.front());
}

int Machine::System(const std::string& command) {
  Process child = process_;
  child.program = "/bin/sh";
  child.arguments = {"sh", "-c", command};
  const Execution execution = Execute(child);
  return execution.error == std::errc() ? execution.status : 127;
}

}  // namespace watertight::generator::commands::awk
