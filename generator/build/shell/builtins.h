// The commands that are part of the shell.
#pragma once

#include "generator/build/shell/interpreter.h"

namespace watertight::generator::shell {

// builtins_variables.cc
int Export(Interpreter& shell);
int ReadOnly(Interpreter& shell);
int Unset(Interpreter& shell);
int Local(Interpreter& shell);
int Shift(Interpreter& shell);
int Set(Interpreter& shell);
int Getopts(Interpreter& shell);
int Let(Interpreter& shell);
int ShellOptions(Interpreter& shell);  // shopt

// builtins_control.cc
int Colon(Interpreter& shell);
int False(Interpreter& shell);
int Break(Interpreter& shell);
int Continue(Interpreter& shell);
int Return(Interpreter& shell);
int Exit(Interpreter& shell);
int Eval(Interpreter& shell);
int Dot(Interpreter& shell);
int Exec(Interpreter& shell);
int Trap(Interpreter& shell);
int Wait(Interpreter& shell);
int Times(Interpreter& shell);
int Hash(Interpreter& shell);
int NoJobs(Interpreter& shell);  // jobs

// builtins_names.cc
int CommandBuiltin(Interpreter& shell);
int BuiltinBuiltin(Interpreter& shell);
int Type(Interpreter& shell);
int ChangeDirectory(Interpreter& shell);
int PrintDirectory(Interpreter& shell);
int Umask(Interpreter& shell);

// read.cc, echo.cc, printf.cc, test.cc
int Read(Interpreter& shell);
int Echo(Interpreter& shell);
int Printf(Interpreter& shell);
int Test(Interpreter& shell);

int NotModelledBuiltin(Interpreter& shell);

}  // namespace watertight::generator::shell
