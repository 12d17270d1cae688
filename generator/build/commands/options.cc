#include "generator/build/commands/options.h"

#include <algorithm>

#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {

Options::Options(const Process& process, std::string_view letters,
                 std::initializer_list<LongOption> names)
    : Options(NameOf(process), process.Operands(), letters, names) {}

Options::Options(std::string_view command, const std::vector<std::string>& words,
                 std::string_view letters, std::initializer_list<LongOption> names)
    : command_(command), letters_(letters) {
  if (letters_.starts_with('+')) {
    stops_at_operand_ = true;
    letters_.remove_prefix(1);
  }
  Parse(words, names);
}

Options::Kind Options::KindOf(char letter) const {
  const std::size_t at = letter == ':' ? letters_.npos : letters_.find(letter);
  if (at == letters_.npos) return Kind::kUnknown;
  const std::string_view after = letters_.substr(at + 1);
  if (after.starts_with("::")) return Kind::kOptionalValue;
  return after.starts_with(":") ? Kind::kValue : Kind::kFlag;
}

void Options::Refuse(const std::string& option) const { NotModelled(command_ + " " + option); }

namespace {

// The option of that name, or the only one that begins so.
const LongOption* Named(std::initializer_list<LongOption> names, std::string_view name) {
  const LongOption* found = nullptr;
  for (const LongOption& option : names) {
    if (option.name == name) return &option;
    if (!option.name.starts_with(name)) continue;
    if (found != nullptr && found->letter != option.letter) return nullptr;
    found = &option;
  }
  return found;
}

}  // namespace

void Options::Parse(const std::vector<std::string>& words,
                    std::initializer_list<LongOption> names) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      operands_.insert(operands_.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                       words.end());
      return;
    }
    if (word.size() < 2 || word[0] != '-') {
      if (stops_at_operand_) {
        operands_.insert(operands_.end(), words.begin() + static_cast<std::ptrdiff_t>(i),
                         words.end());
        return;
      }
      operands_.push_back(word);
      continue;
    }
    const auto next_word = [&](const std::string& option) {
      if (i + 1 == words.size()) Refuse(option + " without its value");
      return words[++i];
    };
    if (word.starts_with("--")) {
      const std::size_t equals = word.find('=');
      const std::string name = word.substr(2, equals == word.npos ? equals : equals - 2);
      const LongOption* option = Named(names, name);
      if (option == nullptr) Refuse("--" + name);
      const Kind kind = KindOf(option->letter);
      std::string value = equals == word.npos ? "" : word.substr(equals + 1);
      if (kind == Kind::kFlag && equals != word.npos) Refuse(word);
      if (kind == Kind::kValue && equals == word.npos) value = next_word(word);
      given_.push_back({option->letter, value});
      continue;
    }
    for (std::size_t at = 1; at < word.size(); ++at) {
      const Kind kind = KindOf(word[at]);
      if (kind == Kind::kUnknown) Refuse(std::string("-") + word[at]);
      if (kind == Kind::kFlag) {
        given_.push_back({word[at], ""});
        continue;
      }
      std::string value = word.substr(at + 1);
      if (value.empty() && kind == Kind::kValue) value = next_word(word);
      given_.push_back({word[at], value});
      break;
    }
  }
}

int Options::Count(char letter) const {
  return static_cast<int>(std::count_if(
      given_.begin(), given_.end(), [&](const Given& given) { return given.letter == letter; }));
}

bool Options::HasAny(std::string_view letters) const { return LastOf(letters) != 0; }

std::optional<std::string> Options::Value(char letter) const {
  for (auto given = given_.rbegin(); given != given_.rend(); ++given) {
    if (given->letter == letter) return given->value;
  }
  return std::nullopt;
}

char Options::LastOf(std::string_view letters) const {
  for (auto given = given_.rbegin(); given != given_.rend(); ++given) {
    if (letters.find(given->letter) != letters.npos) return given->letter;
  }
  return 0;
}

}  // namespace watertight::generator::commands
