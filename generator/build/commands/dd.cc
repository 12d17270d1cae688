// dd, truncate, cmp, diff -q.

#include <algorithm>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {
namespace {

struct Blocks {
  std::string from;
  std::string to;
  std::uint64_t in_size = 512;
  std::uint64_t out_size = 512;
  std::optional<std::uint64_t> count;
  std::uint64_t skip = 0;
  std::uint64_t seek = 0;
  bool truncates = true;
  bool quiet = false;
};

Blocks ParseBlocks(const Process& process) {
  Blocks blocks;
  for (const std::string& operand : process.Operands()) {
    const std::size_t equals = operand.find('=');
    const std::string name = operand.substr(0, equals);
    const std::string value = equals == operand.npos ? "" : operand.substr(equals + 1);
    const auto size = SizeFrom(value);
    if (name == "if") {
      blocks.from = value;
    } else if (name == "of") {
      blocks.to = value;
    } else if (name == "bs" && size && *size > 0) {
      blocks.in_size = blocks.out_size = *size;
    } else if (name == "ibs" && size && *size > 0) {
      blocks.in_size = *size;
    } else if (name == "obs" && size && *size > 0) {
      blocks.out_size = *size;
    } else if (name == "count" && size) {
      blocks.count = *size;
    } else if (name == "skip" && size) {
      blocks.skip = *size;
    } else if (name == "seek" && size) {
      blocks.seek = *size;
    } else if (name == "status" && value == "none") {
      blocks.quiet = true;
    } else if (name == "status" && value == "noxfer") {
    } else if (name == "conv" &&
               (value == "notrunc" || value == "fsync" || value == "sync,notrunc")) {
      blocks.truncates = value != "notrunc";
    } else {
      NotModelled(NameOf(process) + " " + operand);
    }
  }
  return blocks;
}

std::string Records(std::uint64_t bytes, std::uint64_t size) {
  return std::to_string(bytes / size) + "+" + (bytes % size == 0 ? "0" : "1");
}

}  // namespace

int Dd(Process& process) {
  const Blocks blocks = ParseBlocks(process);
  Rope content;
  const std::uint64_t wanted = blocks.count ? *blocks.count * blocks.in_size : UINT64_MAX;
  if (blocks.from == "/dev/zero") {
    if (!blocks.count) NotModelled(NameOf(process) + " if=/dev/zero without count");
    content.AppendZeros(wanted);
  } else if (blocks.count && (blocks.from == "/dev/urandom" || blocks.from == "/dev/random")) {
    content = Rope(process.Read(process.Open(blocks.from, {.read = true}).descriptor, wanted));
  } else {
    std::errc error{};
    const auto file = blocks.from.empty() ? std::optional(process.ReadAll(0))
                                          : process.ReadFile(blocks.from, error);
    if (!file) {
      return Complain(process, "failed to open " + Quoted(blocks.from),
                      "can't open '" + blocks.from + "'", error);
    }
    const std::uint64_t begin = std::min(blocks.skip * blocks.in_size, file->size());
    content = file->Part(begin, std::min(wanted, file->size() - begin));
    if (content.size() == wanted) process.endless = false;
  }
  if (blocks.to.empty()) {
    process.Write(1, content);
  } else {
    const Opened out = process.Open(blocks.to, {.write = true, .create = true});
    if (!out) {
      return Complain(process, "failed to open " + Quoted(blocks.to),
                      "can't open '" + blocks.to + "'", out.error);
    }
    process.Close(out.descriptor);
    const std::uint64_t offset = blocks.seek * blocks.out_size;
    Rope whole = process.Stat(blocks.to).inode->content;
    if (whole.size() < offset) whole.AppendZeros(offset - whole.size());
    const Rope behind =
        whole.size() > offset + content.size() && !blocks.truncates
            ? whole.Part(offset + content.size(), whole.size() - offset - content.size())
            : Rope();
    whole = whole.Part(0, offset);
    whole.Append(content);
    whole.Append(behind);
    process.WriteFile(blocks.to, whole);
  }
  if (!blocks.quiet) {
    // How long it took differs, so only the records are told.
    process.Write(2, Records(content.size(), blocks.in_size) + " records in\n" +
                         Records(content.size(), blocks.out_size) + " records out\n");
  }
  return 0;
}

int Truncate(Process& process) {
  const Options options(process, "cs:", {{"size", 's'}, {"no-create", 'c'}});
  const auto text = options.Value('s');
  if (!text || options.operands().empty()) return MisusedBy(process, "missing file operand");
  const bool relative = text->starts_with('+') || text->starts_with('-');
  const auto size = SizeFrom(relative ? text->substr(1) : *text);
  if (!size) NotModelled(NameOf(process) + " -s " + *text);
  int status = 0;
  for (const std::string& path : options.operands()) {
    if (!process.Stat(path) && options.Has('c')) continue;
    const Opened file = process.Open(path, {.write = true, .create = !options.Has('c')});
    if (!file) {
      status = Complain(process, "cannot open " + Quoted(path) + " for writing", path + ": open",
                        file.error);
      continue;
    }
    process.Close(file.descriptor);
    const std::uint64_t old = process.Stat(path).inode->content.size();
    std::uint64_t wanted = *size;
    if (text->starts_with('+')) wanted = old + *size;
    if (text->starts_with('-')) wanted = old > *size ? old - *size : 0;
    process.Truncate(path, wanted);
  }
  return status;
}

int Cmp(Process& process) {
  const Options options(process, "s", {{"silent", 's'}, {"quiet", 's'}});
  const std::vector<std::string>& names = options.operands();
  if (names.size() != 2) NotModelled(NameOf(process) + " of other than two files");
  std::vector<std::string> texts;
  for (const std::string& name : names) {
    std::errc error{};
    const auto content =
        name == "-" ? std::optional(process.ReadAll(0)) : process.ReadFile(name, error);
    if (!content) {
      Complain(process, name, "can't open '" + name + "'", error);
      return 2;
    }
    texts.push_back(content->ToString());
  }
  if (texts[0] == texts[1]) return 0;
  if (options.Has('s')) return 1;
  const std::size_t common = std::min(texts[0].size(), texts[1].size());
  std::size_t at = 0;
  while (at < common && texts[0][at] == texts[1][at]) ++at;
  if (at == common && !process.busybox()) {
    NotModelled(NameOf(process) + " of files one of which begins the other");
  }
  if (at == common) {
    return process.Fail("EOF on " + names[texts[0].size() > common ? 1 : 0]);
  }
  const auto lines =
      std::count(texts[0].begin(), texts[0].begin() + static_cast<std::ptrdiff_t>(at), '\n');
  process.Write(1, names[0] + " " + names[1] +
                       " differ: " + (process.busybox() ? "char " : "byte ") +
                       std::to_string(at + 1) + ", line " + std::to_string(lines + 1) + "\n");
  return 1;
}

int Diff(Process& process) {
  const Options options(process, "q", {{"brief", 'q'}});
  const std::vector<std::string>& names = options.operands();
  if (names.size() != 2) NotModelled(NameOf(process) + " of other than two files");
  std::vector<std::string> texts;
  for (const std::string& name : names) {
    std::errc error{};
    const auto content = process.ReadFile(name, error);
    if (!content && error == std::errc::is_a_directory) {
      NotModelled(NameOf(process) + " of directories");
    }
    if (!content) {
      Complain(process, name, "can't stat '" + name + "'", error);
      return 2;
    }
    texts.push_back(content->ToString());
  }
  if (texts[0] == texts[1]) return 0;
  if (!options.Has('q')) NotModelled(NameOf(process) + " of files that differ, without -q");
  process.Write(1, "Files " + names[0] + " and " + names[1] + " differ\n");
  return 1;
}

}  // namespace watertight::generator::commands
