// The commands, one function each; programs.cc names them.

#pragma once

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

int Addgroup(Process& process);
int Adduser(Process& process);
int Arch(Process& process);
int Base64(Process& process);
int Basename(Process& process);
int Bracket(Process& process);
int Cat(Process& process);
int Chgrp(Process& process);
int Chmod(Process& process);
int Chown(Process& process);
int Cmp(Process& process);
int Cp(Process& process);
int Cut(Process& process);
int Date(Process& process);
int Dd(Process& process);
int Diff(Process& process);
int Dirname(Process& process);
int Echo(Process& process);
int Egrep(Process& process);
int Env(Process& process);
int Expand(Process& process);
int Expr(Process& process);
int False(Process& process);
int Fgrep(Process& process);
int Find(Process& process);
int Fold(Process& process);
int Grep(Process& process);
int Groupadd(Process& process);
int Groups(Process& process);
int Head(Process& process);
int Hostname(Process& process);
int Id(Process& process);
int Install(Process& process);
int Link(Process& process);
int Ln(Process& process);
int Ls(Process& process);
int Md5sum(Process& process);
int Mkdir(Process& process);
int Mktemp(Process& process);
int Mv(Process& process);
int Nice(Process& process);
int Nl(Process& process);
int Nothing(Process& process);
int Nproc(Process& process);
int Paste(Process& process);
int Printenv(Process& process);
int Printf(Process& process);
int Pwd(Process& process);
int Readlink(Process& process);
int Realpath(Process& process);
int Rev(Process& process);
int Rm(Process& process);
int Rmdir(Process& process);
int Sed(Process& process);
int Seq(Process& process);
int Sha1sum(Process& process);
int Sha224sum(Process& process);
int Sha256sum(Process& process);
int Sha384sum(Process& process);
int Sha512sum(Process& process);
int Sleep(Process& process);
int Sort(Process& process);
int Stat(Process& process);
int Sync(Process& process);
int Tac(Process& process);
int Tail(Process& process);
int Tee(Process& process);
int Test(Process& process);
int Timeout(Process& process);
int Touch(Process& process);
int Tr(Process& process);
int True(Process& process);
int Truncate(Process& process);
int Uname(Process& process);
int Uniq(Process& process);
int Unlink(Process& process);
int Useradd(Process& process);
int Wc(Process& process);
int Which(Process& process);
int Whoami(Process& process);
int Xargs(Process& process);
int Yes(Process& process);

}  // namespace watertight::generator::commands
