#include "generator/build/shell/builtins.h"

#include <algorithm>

namespace watertight::generator::shell {
namespace {

constexpr Builtin kBuiltins[] = {
    {".", Dot, true},
    {":", Colon, true},
    {"[", Test},
    {"[[", Test, false, "a"},
    {"alias", NotModelledBuiltin},
    {"bg", NotModelledBuiltin},
    {"break", Break, true},
    {"builtin", BuiltinBuiltin, false, "b"},
    {"cd", ChangeDirectory},
    {"chdir", ChangeDirectory, false, "da"},
    {"command", CommandBuiltin},
    {"continue", Continue, true},
    {"declare", NotModelledBuiltin, false, "b"},
    {"echo", Echo},
    {"eval", Eval, true},
    {"exec", Exec, true},
    {"exit", Exit, true},
    {"export", Export, true},
    {"false", False},
    {"fg", NotModelledBuiltin},
    {"getopts", Getopts},
    {"hash", Hash},
    {"jobs", NoJobs},
    {"kill", NotModelledBuiltin},
    {"let", Let, false, "ab"},
    {"local", Local},
    {"mapfile", NotModelledBuiltin, false, "b"},
    {"popd", NotModelledBuiltin, false, "b"},
    {"printf", Printf},
    {"pushd", NotModelledBuiltin, false, "b"},
    {"pwd", PrintDirectory},
    {"read", Read},
    {"readarray", NotModelledBuiltin, false, "b"},
    {"readonly", ReadOnly, true},
    {"return", Return, true},
    {"set", Set, true},
    {"shift", Shift, true},
    {"shopt", ShellOptions, false, "b"},
    {"source", Dot, true, "ab"},
    {"test", Test},
    {"times", Times, true},
    {"trap", Trap, true},
    {"true", Colon},
    {"type", Type},
    {"typeset", NotModelledBuiltin, false, "b"},
    {"ulimit", NotModelledBuiltin},
    {"umask", Umask},
    {"unalias", NotModelledBuiltin},
    {"unset", Unset, true},
    {"wait", Wait},
};

constexpr char LetterOf(Language language) {
  return language == Language::kDash ? 'd' : language == Language::kAsh ? 'a' : 'b';
}

}  // namespace

const Builtin* FindBuiltin(std::string_view name, Language language) {
  const auto* found = std::ranges::find(kBuiltins, name, &Builtin::name);
  if (found == std::end(kBuiltins)) return nullptr;
  return found->shells.find(LetterOf(language)) != found->shells.npos ? found : nullptr;
}

int NotModelledBuiltin(Interpreter& shell) { NotModelled(shell.process.arguments[0]); }

}  // namespace watertight::generator::shell
