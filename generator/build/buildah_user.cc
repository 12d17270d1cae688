#include "generator/build/buildah_user.h"

#include <algorithm>
#include <optional>

#include "generator/build/shell/accounts.h"
#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

std::optional<std::int64_t> IdOf(const std::string& text) {
  const auto number = ParseUint(text, 10, 32);
  if (!number) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::int64_t GroupOf(const FileTree& tree, const std::string& text) {
  if (const auto number = IdOf(text)) return *number;
  const auto group = shell::FindGroup(tree, text);
  if (group) return group->gid;
  throw Error("determining run gid: group: unknown group error looking up group " + Quote(text));
}

// A group whose list of members holds the name anywhere counts, be it within another name.
bool Lists(const shell::Group& group, const std::string& name) {
  return std::ranges::any_of(
      group.members, [&](const std::string& member) { return member.find(name) != member.npos; });
}

}  // namespace

RunUser ResolveBuildahUser(const FileTree& tree, const std::string& user) {
  const size_t colon = user.find(':');
  const std::string written = user.substr(0, colon);
  const std::string name = written.empty() ? "0" : written;
  const std::string group = colon == user.npos ? "" : user.substr(colon + 1);
  const auto number = IdOf(name);
  const auto account = number ? shell::FindUser(tree, *number) : shell::FindUser(tree, name);
  if (!number && !account) {
    throw Error("determining run uid: user: unknown user error looking up user " + Quote(name));
  }
  RunUser resolved;
  resolved.credentials.uid = number ? *number : account->uid;
  resolved.credentials.gid = account ? account->gid : 0;
  if (!group.empty()) resolved.credentials.gid = GroupOf(tree, group);
  if (account) resolved.home = account->home;
  if (colon != user.npos || !account) return resolved;
  for (const shell::Group& row : shell::Groups(tree)) {
    if (Lists(row, account->name)) resolved.credentials.groups.push_back(row.gid);
  }
  return resolved;
}

}  // namespace watertight::generator
