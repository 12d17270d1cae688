// The table of the modelled commands.

#include <algorithm>
#include <iterator>

#include "generator/build/commands/commands.h"
#include "generator/build/shell/command.h"

namespace watertight::generator {
namespace {

constexpr Program kPrograms[] = {
    {"[", commands::Bracket},
    {"addgroup", commands::Addgroup},
    {"adduser", commands::Adduser},
    {"arch", commands::Arch},
    {"awk", commands::Awk},
    {"base64", commands::Base64},
    {"basename", commands::Basename},
    {"bunzip2", commands::Bunzip2},
    {"bzcat", commands::Bzcat},
    {"bzip2", commands::Bzip2},
    {"cat", commands::Cat},
    {"chgrp", commands::Chgrp},
    {"chmod", commands::Chmod},
    {"chown", commands::Chown},
    {"cmp", commands::Cmp},
    {"cp", commands::Cp},
    {"cut", commands::Cut},
    {"date", commands::Date},
    {"dd", commands::Dd},
    {"delgroup", commands::Delgroup},
    {"deluser", commands::Deluser},
    {"diff", commands::Diff},
    {"dirname", commands::Dirname},
    {"echo", commands::Echo},
    {"egrep", commands::Egrep},
    {"env", commands::Env},
    {"expand", commands::Expand},
    {"expr", commands::Expr},
    {"false", commands::False},
    {"fgrep", commands::Fgrep},
    {"find", commands::Find},
    {"fold", commands::Fold},
    {"grep", commands::Grep},
    {"groupadd", commands::Groupadd},
    {"groupdel", commands::Groupdel},
    {"groupmod", commands::Groupmod},
    {"groups", commands::Groups},
    {"gunzip", commands::Gunzip},
    {"gzip", commands::Gzip},
    {"head", commands::Head},
    {"hostname", commands::Hostname},
    {"id", commands::Id},
    {"install", commands::Install},
    {"ldconfig", commands::Nothing},
    {"link", commands::Link},
    {"ln", commands::Ln},
    {"ls", commands::Ls},
    {"mawk", commands::Awk},
    {"md5sum", commands::Md5sum},
    {"mkdir", commands::Mkdir},
    {"mkfifo", commands::Mkfifo},
    {"mknod", commands::Mknod},
    {"mktemp", commands::Mktemp},
    {"mv", commands::Mv},
    {"nice", commands::Nice},
    {"nl", commands::Nl},
    {"nproc", commands::Nproc},
    {"paste", commands::Paste},
    {"printenv", commands::Printenv},
    {"printf", commands::Printf},
    {"pwd", commands::Pwd},
    {"readlink", commands::Readlink},
    {"realpath", commands::Realpath},
    {"rev", commands::Rev},
    {"rm", commands::Rm},
    {"rmdir", commands::Rmdir},
    {"sed", commands::Sed},
    {"seq", commands::Seq},
    {"sha1sum", commands::Sha1sum},
    {"sha224sum", commands::Sha224sum},
    {"sha256sum", commands::Sha256sum},
    {"sha384sum", commands::Sha384sum},
    {"sha512sum", commands::Sha512sum},
    {"sleep", commands::Sleep},
    {"sort", commands::Sort},
    {"stat", commands::Stat},
    {"sync", commands::Sync},
    {"tac", commands::Tac},
    {"tail", commands::Tail},
    {"tar", commands::Tar},
    {"tee", commands::Tee},
    {"test", commands::Test},
    {"timeout", commands::Timeout},
    {"touch", commands::Touch},
    {"tr", commands::Tr},
    {"true", commands::True},
    {"truncate", commands::Truncate},
    {"uname", commands::Uname},
    {"uniq", commands::Uniq},
    {"unlink", commands::Unlink},
    {"unxz", commands::Unxz},
    {"update-ca-certificates", commands::Nothing},
    {"useradd", commands::Useradd},
    {"userdel", commands::Userdel},
    {"usermod", commands::Usermod},
    {"wc", commands::Wc},
    {"which", commands::Which},
    {"whoami", commands::Whoami},
    {"xargs", commands::Xargs},
    {"xz", commands::Xz},
    {"xzcat", commands::Xzcat},
    {"yes", commands::Yes},
    {"zcat", commands::Zcat},
};
static_assert(std::ranges::is_sorted(kPrograms, {}, &Program::name));

}  // namespace

std::span<const Program> Programs() { return kPrograms; }

const Program* FindProgram(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kPrograms, name, {}, &Program::name);
  return found != std::end(kPrograms) && found->name == name ? found : nullptr;
}

}  // namespace watertight::generator
