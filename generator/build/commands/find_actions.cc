#include "generator/build/commands/find_actions.h"

#include <memory>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/find_printf.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/run_program.h"

namespace watertight::generator::commands {

using Test = FindExpression::Test;

Test FindPrint(Process& process, char end) {
  return [this_process = &process, end](const FindEntry& entry, FindState&) {
    this_process->Write(1, entry.path + end);
    return true;
  };
}

Test FindPrintFormatted(Process& process, const std::string& format) {
  auto accounts = std::make_shared<Accounts>(process);
  return [this_process = &process, format, accounts](const FindEntry& entry, FindState&) {
    this_process->Write(1, FindPrintf(*this_process, format, entry, *accounts));
    return true;
  };
}

Test FindDelete(Process& process) {
  return [this_process = &process](const FindEntry& entry, FindState& state) {
    if (entry.path == ".") return true;
    const std::errc error = entry.inode->is_directory() ? this_process->RemoveDirectory(entry.path)
                                                        : this_process->Remove(entry.path);
    if (error == std::errc()) return true;
    Complain(*this_process, "cannot delete " + Quoted(entry.path), entry.path, error);
    state.status = 1;
    return false;
  };
}

Test FindRun(Process& process, const std::vector<std::string>& words) {
  return [this_process = &process, words](const FindEntry& entry, FindState&) {
    std::vector<std::string> filled;
    for (const std::string& word : words) filled.push_back(Filled(word, "{}", entry.path));
    return RunCommand(*this_process, filled) == 0;
  };
}

}  // namespace watertight::generator::commands
