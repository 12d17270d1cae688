#include "generator/build/shell/builtins.h"
#include "generator/build/shell/escapes.h"

namespace watertight::generator::shell {

// dash always looks for escapes, the others only with -e.
int Echo(Interpreter& shell) {
  std::vector<std::string> words = shell.process.Operands();
  const bool dash = shell.language == Language::kDash;
  bool newline = true;
  bool escapes = dash;
  while (!words.empty() && words[0].size() > 1 && words[0][0] == '-') {
    const std::string_view letters = dash ? "n" : "neE";
    if (words[0].find_first_not_of(letters, 1) != std::string::npos) break;
    if (dash && words[0].size() > 2) break;
    for (const char letter : words[0].substr(1)) {
      if (letter == 'n') newline = false;
      if (letter == 'e') escapes = true;
      if (letter == 'E') escapes = false;
    }
    words.erase(words.begin());
    if (dash) break;
  }
  std::string text;
  for (const std::string& word : words) {
    text += (&word == words.data() ? "" : " ") + word;
  }
  if (escapes) {
    const bool bash = shell.language == Language::kBash;
    const EscapeRules rules{.zero_octal = true,
                            .plain_octal = !bash,
                            .hexadecimal = !dash,
                            .unicode = bash,
                            .escape = !dash,
                            .stop = true};
    std::string unescaped;
    if (!Unescape(text, rules, unescaped)) newline = false;
    text = std::move(unescaped);
  }
  const std::errc error = shell.process.Write(1, text + (newline ? "\n" : ""));
  if (error == std::errc()) return 0;
  const std::string reason = shell.process.Text(error);
  return shell.Fail(dash ? "I/O error" : "write error: " + reason);
}

}  // namespace watertight::generator::shell
