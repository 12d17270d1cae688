// What commands say on standard error, in the words of either userland; and names in those words.

#pragma once

#include <string>
#include <string_view>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

// The name the command goes by: as called in coreutils, the applet's in BusyBox.
std::string NameOf(const Process& process);

// "NAME: TEXT" in coreutils' words or BusyBox's; returns 1.
int Complain(Process& process, std::string_view coreutils, std::string_view busybox);
// The same with ": No such file or directory" or the like behind it.
int Complain(Process& process, std::string_view coreutils, std::string_view busybox,
             std::errc error);
// "NAME: PATH: No such file or directory", as both say where nothing more is known.
int ComplainOf(Process& process, std::string_view path, std::errc error);
// Too few or too many operands. BusyBox prints its usage.
int MisusedBy(Process& process, std::string_view coreutils, int status = 1);

// 'name', as a shell would read it.
std::string Quoted(std::string_view name);
// The name itself unless a shell would take it apart.
std::string QuotedIfOdd(std::string_view name);

}  // namespace watertight::generator::commands
