// COPY and ADD.
#include <algorithm>

#include "generator/dockerfile/flags.h"
#include "generator/dockerfile/parse_instruction.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

void RequireDestination(const Node& node, const std::string& keyword, const Dialect& dialect) {
  if (node.args.size() >= 2) return;
  if (dialect.family == Family::kBuildah) {
    throw Error(keyword + " requires at least one argument");
  }
  throw Error(keyword +
              " requires at least two arguments, but only one was provided. Destination could "
              "not be determined");
}

std::optional<Heredoc> MarkerIn(const std::string& word, const Dialect& dialect) {
  if (!Has(dialect, Feature::kHeredocs)) return std::nullopt;
  try {
    return ParseHeredoc(word, dialect);
  } catch (const Error&) {
    return std::nullopt;
  }
}

InlineFile InlineFileFor(const Heredoc& marker, const Node& node) {
  InlineFile file{marker.name, "", marker.expand};
  for (const Heredoc& heredoc : node.heredocs) {  // of several with one name the last
    if (heredoc.name == marker.name) file.content = heredoc.content;
  }
  if (marker.strip_tabs) file.content = WithoutLeadingTabs(file.content);
  return file;
}

void ReadTransfer(Transfer& transfer, const Node& node, const std::string& keyword,
                  const Flags& flags, const Dialect& dialect) {
  transfer.chown = flags.Text("chown");
  transfer.chmod = flags.Text("chmod");
  transfer.link = flags.Bool("link");
  transfer.exclude = flags.All("exclude");
  transfer.destination = node.args.back();
  if (MarkerIn(transfer.destination, dialect)) {
    throw Error(keyword + " cannot accept a heredoc as a destination");
  }
  for (size_t i = 0; i + 1 < node.args.size(); ++i) {
    if (const auto marker = MarkerIn(node.args[i], dialect)) {
      transfer.inline_files.push_back(InlineFileFor(*marker, node));
    } else {
      transfer.sources.push_back(node.args[i]);
    }
  }
}

std::optional<bool> BoolIfGiven(const Flags& flags, const std::string& name) {
  if (!flags.Has(name)) return std::nullopt;
  return flags.Bool(name);
}

}  // namespace

Add ParseAdd(const Node& node, const Dialect& dialect) {
  RequireDestination(node, "ADD", dialect);
  const Flags flags = ParseFlags("ADD", node.flags, dialect);
  Add add;
  ReadTransfer(add, node, "ADD", flags, dialect);
  add.checksum = flags.Text("checksum");
  add.keep_git_dir = BoolIfGiven(flags, "keep-git-dir");
  add.unpack = BoolIfGiven(flags, "unpack");
  return add;
}

Copy ParseCopy(const Node& node, const Dialect& dialect) {
  RequireDestination(node, "COPY", dialect);
  const Flags flags = ParseFlags("COPY", node.flags, dialect);
  Copy copy;
  ReadTransfer(copy, node, "COPY", flags, dialect);
  copy.from = flags.Text("from");
  copy.parents = flags.Bool("parents");
  return copy;
}

}  // namespace watertight::generator
