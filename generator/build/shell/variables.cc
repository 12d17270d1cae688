// Variables and parameters.

#include <algorithm>
#include <utility>

#include "generator/build/shell/accounts.h"
#include "generator/build/shell/interpreter.h"
#include "generator/build/shell/parser.h"

namespace watertight::generator::shell {
namespace {

// The place of a variable in the table of dash and busybox, by which they list the environment.
std::uint32_t Bucket(const std::string& name) {
  constexpr std::uint32_t kBuckets = 39;
  std::uint32_t hash = static_cast<std::uint32_t>(static_cast<unsigned char>(name[0])) << 4;
  for (const char c : name) hash += static_cast<unsigned char>(c);
  return hash % kBuckets;
}

}  // namespace

const Variable* Interpreter::Find(const std::string& variable) const {
  const auto found = variables.find(variable);
  return found != variables.end() && found->second.value ? &found->second : nullptr;
}

std::string Interpreter::Value(const std::string& variable) const {
  const Variable* found = Find(variable);
  return found != nullptr ? *found->value : "";
}

void Interpreter::Assign(const std::string& variable, const std::string& value) {
  Variable& found = variables[variable];
  if (found.read_only) {
    const bool dash = language == Language::kDash;
    throw ScriptError{variable + (dash                         ? ": is read only"
                                  : language == Language::kAsh ? ": is read only"
                                                               : ": readonly variable")};
  }
  found.value = value;
  if (options.Has('a')) found.exported = true;
  if (variable == "OPTIND") option_offset = 0;
}

void Interpreter::Unset(const std::string& variable) {
  const auto found = variables.find(variable);
  if (found == variables.end()) return;
  if (found->second.read_only) throw ScriptError{variable + ": is read only"};
  variables.erase(found);
}

void Interpreter::MakeLocal(const std::string& variable) {
  if (scopes_.empty()) return;
  const auto found = variables.find(variable);
  const auto old = found == variables.end() ? std::nullopt : std::optional(found->second);
  scopes_.back().emplace(variable, old);
}

Environment Interpreter::ExportedVariables() const {
  std::vector<std::pair<std::string, std::string>> exported;
  for (const auto& [key, variable] : variables) {
    if (variable.exported && variable.value) exported.emplace_back(key, *variable.value);
  }
  if (language != Language::kBash) {
    std::ranges::stable_sort(exported, {}, [](const auto& entry) { return Bucket(entry.first); });
  }
  Environment environment;
  for (auto& [key, value] : exported) environment.Set(key, std::move(value));
  return environment;
}

std::optional<std::string> Interpreter::ParameterValue(const std::string& parameter) {
  if (IsName(parameter)) {
    if (parameter == "LINENO" && language != Language::kDash) return std::to_string(line);
    const Variable* found = Find(parameter);
    return found != nullptr ? found->value : std::nullopt;
  }
  const char c = parameter.empty() ? '\0' : parameter[0];
  switch (c) {
    case '@':
    case '*': {
      std::string joined;
      for (const std::string& value : positional) {
        joined += (joined.empty() ? "" : " ") + value;
      }
      return positional.empty() ? std::nullopt : std::optional(joined);
    }
    case '#':
      return std::to_string(positional.size());
    case '?':
      return std::to_string(status);
    case '$':
      return std::to_string(process_id);
    case '!':
      return last_background == 0 ? std::nullopt : std::optional(std::to_string(last_background));
    case '-': {
      std::string letters;
      for (const char letter : std::string_view("ubaCEVvxcsnmiIfe")) {
        if (options.Has(letter)) letters += letter;
      }
      return letters;
    }
    default:
      break;
  }
  const std::size_t number =
      parameter.size() < 6 ? std::strtoul(parameter.c_str(), nullptr, 10) : 0;
  if (parameter == "0") return name;
  if (number == 0 || number > positional.size()) return {};
  return positional[number - 1];
}

std::string Interpreter::Tilde(const std::string& user) const {
  if (user.empty()) return Value("HOME");
  const auto account = FindUser(process.tree(), user);
  return account ? account->home : "";
}

int Interpreter::RunFunction(const NodePointer& body, std::vector<std::string> words) {
  words.erase(words.begin());
  std::swap(positional, words);
  // busybox lets `break` in a function leave a loop around its call.
  const int outer_loops = std::exchange(loops, language == Language::kAsh ? loops : 0);
  scopes_.emplace_back();
  ++function_depth;
  const auto leave = [&] {
    for (auto& [variable, old] : scopes_.back()) {
      if (old) {
        variables[variable] = std::move(*old);
      } else {
        variables.erase(variable);
      }
    }
    scopes_.pop_back();
    --function_depth;
    loops = outer_loops;
    std::swap(positional, words);
  };
  int result = 0;
  try {
    result = Evaluate(body.get(), tested);
  } catch (...) {
    leave();
    throw;
  }
  leave();
  if (skip == Skip::kReturn) skip = Skip::kNone;
  return result;
}

}  // namespace watertight::generator::shell
