#include "generator/build/commands/tar_members.h"

#include "generator/build/commands/paths.h"
#include "generator/build/shell/pattern.h"
#include "generator/build/tar_reader.h"
#include "generator/error.h"

namespace watertight::generator::commands {
namespace {

constexpr std::uint64_t kBlock = 512;

}  // namespace

int TarMembers::Run(const std::function<void(const UnpackedEntry&)>& take) {
  std::optional<Rope> tar = OpenArchive();
  if (!tar) return status_;
  if (!job_.directory.empty() && job_.action == 'x' && !Enter()) return status_;
  const bool whole = tar->size() >= kBlock;  // at least a header
  TarReader reader(*std::move(tar));
  bool any = false;
  try {
    while (const auto entry = reader.Next()) {
      any = true;
      if (Wants(entry->name) && !IsExcluded(job_, entry->name)) take(*entry);
    }
  } catch (const Error&) {
    if (process_.busybox()) return process_.Fail(whole ? "invalid tar magic" : "short read");
    process_.Fail(any ? "Unexpected EOF in archive" : "This does not look like a tar archive");
    return any ? EndAtOnce(process_) : EndWithFailure(process_);
  }
  return Missing();
}

std::optional<Rope> TarMembers::OpenArchive() {
  Rope bytes;
  if (job_.file == "-") {
    bytes = process_.ReadAll(0);
  } else {
    std::errc error{};
    const auto content = process_.ReadFile(job_.file, error);
    if (!content) return CannotOpen(error);
    bytes = *content;
  }
  const PackedAs packing = PackingOf(bytes);
  if (!job_.packing_given) {
    if (packing == PackedAs::kPlain) return Plain(bytes);
    // Debian's busybox was built without looking at what a file begins with.
    const bool looks = job_.file != "-" && !IsDebianBusybox(process_);
    if (!looks) return MustBeTold(packing, bytes);
  } else if (packing != job_.packing) {
    return NotPacked();
  }
  const Unpacked unpacked = Decompress(bytes);
  if (!unpacked.whole) NotModelled("tar of a damaged archive");
  return unpacked.bytes;
}

std::optional<Rope> TarMembers::Plain(const Rope& bytes) {
  if (bytes.size() >= kBlock) return bytes;
  if (bytes.empty() && gnu()) return bytes;
  if (!gnu()) {
    status_ = process_.Fail("short read");
  } else {
    process_.Fail("This does not look like a tar archive");
    status_ = EndWithFailure(process_);
  }
  return std::nullopt;
}

std::optional<Rope> TarMembers::CannotOpen(std::errc error) {
  const std::string text = process_.Text(error);
  if (!gnu()) {
    status_ = process_.Fail("can't open '" + job_.file + "': " + text);
    return std::nullopt;
  }
  const std::string who = job_.packing_given ? "tar (child)" : process_.arguments[0];
  process_.Write(2, who + ": " + job_.file + ": Cannot open: " + text + "\n" + who +
                        ": Error is not recoverable: exiting now\n");
  if (job_.packing_given) {
    process_.Fail("Child returned status 2");
    EndAtOnce(process_);
  }
  status_ = 2;
  return std::nullopt;
}

std::optional<Rope> TarMembers::MustBeTold(PackedAs packing, const Rope& bytes) {
  if (!gnu()) {
    status_ = process_.Fail(bytes.size() < kBlock ? "short read" : "invalid tar magic");
    return std::nullopt;
  }
  const char* option = packing == PackedAs::kGzip    ? "-z"
                       : packing == PackedAs::kBzip2 ? "-j"
                       : packing == PackedAs::kXz    ? "-J"
                                                     : "--zstd";
  process_.Fail(std::string("Archive is compressed. Use ") + option + " option");
  status_ = EndAtOnce(process_);
  return std::nullopt;
}

std::optional<Rope> TarMembers::NotPacked() {
  if (!gnu()) {
    process_.Fail("invalid magic");
    status_ = process_.Fail("short read");
    return std::nullopt;
  }
  if (job_.packing == PackedAs::kGzip) {
    process_.Write(2, "\ngzip: stdin: not in gzip format\n");
  }
  process_.Fail("Child returned status 1");
  status_ = EndAtOnce(process_);
  return std::nullopt;
}

bool TarMembers::Enter() {
  const std::errc error = process_.ChangeDirectory(job_.directory);
  if (error == std::errc()) return true;
  const std::string text = process_.Text(error);
  if (!gnu()) {
    status_ = process_.Fail("can't change directory to '" + job_.directory + "': " + text);
  } else {
    process_.Fail(job_.directory + ": Cannot open: " + text);
    status_ = EndAtOnce(process_);
  }
  return false;
}

bool TarMembers::Wants(std::string_view name) {
  if (job_.members.empty()) return true;
  name = WithoutSlashes(name);
  bool wanted = false;
  for (const TarMember& member : job_.members) {
    const std::string_view pattern = WithoutSlashes(member.name);
    if (!Matches(pattern, name)) continue;
    if (gnu() || name == pattern) found_.insert(member.name);
    wanted = true;
  }
  return wanted;
}

bool TarMembers::Matches(std::string_view pattern, std::string_view name) const {
  const bool wild = job_.wildcards || !gnu();
  for (std::size_t end = name.size(); end != name.npos && end > 0; end = name.rfind('/', end - 1)) {
    const std::string_view part = name.substr(0, end);
    if (part == pattern || (wild && shell::MatchesPattern(pattern, part))) return true;
  }
  return false;
}

int TarMembers::Missing() {
  for (const TarMember& member : job_.members) {
    if (found_.contains(member.name)) continue;
    if (!gnu()) return process_.Fail(member.name + ": not found in archive");
    if (!job_.wildcards && shell::IsPattern(member.name)) {
      process_.Fail("Pattern matching characters used in file names");
      process_.Fail(
          "Use --wildcards to enable pattern matching, or --no-wildcards to suppress this "
          "warning");
    }
    process_.Fail(member.name + ": Not found in archive");
    failed_ = true;
  }
  return failed_ ? EndWithFailure(process_) : 0;
}

}  // namespace watertight::generator::commands
