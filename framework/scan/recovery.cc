#include "framework/scan/recovery.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "framework/image/image_access.h"
#include "framework/image/path.h"

namespace watertight {
namespace {

constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-";

// What printf writes: a newline, an escape sequence or a broken character must not reach the
// terminal. A shell takes newlines from the end of what a command writes, so these stand behind it.
std::string EscapedWord(std::string_view word) {
  constexpr std::string_view kFormat = "'\\%-";  // what a quoted format cannot hold as it is
  const std::string_view written = word.substr(0, word.find_last_not_of('\n') + 1);
  std::string quoted = "\"$(printf '";
  for (const char c : written) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && kFormat.find(c) == std::string_view::npos) {
      quoted += c;
      continue;
    }
    char escape[8];
    snprintf(escape, sizeof escape, "\\%03o", byte);
    quoted += escape;
  }
  return quoted + "')" + std::string(word.substr(written.size())) + "\"";
}

std::string Quoted(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) command += (command.empty() ? "" : " ") + ShellQuote(word);
  return command;
}

// "docker save app:ci | ", before a command that reads an archive from standard input.
std::string Writer(const Image& image) {
  const std::string command = Quoted(internal::ImageAccess::State(image).archive.command);
  return command.empty() ? "" : command + " | ";
}

// "skopeo copy … dir:app.dir && cat app.dir/9d1c…", of a blob that was fetched; else empty.
std::string FetchCommand(const Image& image, const std::string& blob) {
  const auto& members = internal::ImageAccess::State(image).archive.members;
  const auto member = members.find(blob);
  std::string command;
  if (member == members.end()) return command;
  for (const std::vector<std::string>& words : member->second.commands) {
    command += (command.empty() ? "" : " && ") + Quoted(words);
  }
  return command;
}

bool IsFetched(const Image& image) {
  return image.transport() == "docker-daemon" || image.transport() == "docker" ||
         image.transport() == "containers-storage";
}

// GNU tar takes HOST:FILE for a file on another machine, unless a slash comes first.
std::string ArchiveOperand(const std::string& path) {
  if (path.empty()) return "-";  // of a command, or bytes in memory: RecoverLead says what to do
  const std::size_t colon = path.find(':');
  const bool remote = colon != std::string::npos && path.find('/') > colon;
  const bool option = path.starts_with("-") && path != "-";
  return ShellQuote(remote || option ? "./" + path : path);
}

// GNU tar undoes C escapes in the names of its command line.
std::string MemberOperand(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    if (c == '\\') escaped += '\\';
    escaped += c;
  }
  return (name.starts_with("-") ? "-- " : "") + ShellQuote(escaped);
}

bool IsDirectoryLayout(const Image& image) {
  return image.transport() == "oci" || image.transport() == "dir";
}

const Blob* FindBlob(const Image& image, const std::string& path) {
  const std::vector<Blob>& blobs = image.blobs();
  const auto found = std::lower_bound(
      blobs.begin(), blobs.end(), path,
      [](const Blob& candidate, const std::string& wanted) { return candidate.path < wanted; });
  return found != blobs.end() && found->path == path ? &*found : nullptr;
}

// The file that holds a blob, of a directory layout.
std::string BlobFile(const Image& image, const std::string& blob) {
  const std::string& folder = image.archive_path();
  return folder + (folder.ends_with("/") ? "" : "/") + blob;
}

// tar recognises a compression by itself, but not in a pipe.
const char* PipeFlag(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
      return "-z ";
    case Compression::kZstd:
      return "--zstd ";
    case Compression::kXz:
      return "-J ";
    case Compression::kBzip2:
      return "-j ";
    case Compression::kNone:
      break;
  }
  return "";
}

std::string WithoutTrailingSlashes(std::string_view name) {
  while (name.size() > 1 && name.ends_with('/')) name.remove_suffix(1);
  return std::string(name);
}

// What tar needs so that its operand names this entry alone.
struct Selection {
  int occurrence = 0;  // from 1, among the entries of the same name
  int count = 0;
  bool covers_others = false;  // the operand, as a directory, would also name what is below it
};

Selection Select(const Layer& layer, const Entry& entry) {
  const std::string name = WithoutTrailingSlashes(entry.stored_name());
  Selection selection;
  for (const Entry& other : layer.entries()) {
    const std::string_view stored = other.stored_name();
    if (!stored.starts_with(name)) continue;
    if (WithoutTrailingSlashes(stored) == name) {
      ++selection.count;
      if (other.header_offset() <= entry.header_offset()) selection.occurrence = selection.count;
    } else if (stored[name.size()] == '/') {
      selection.covers_others = true;
    }
  }
  return selection;
}

// A name that tar would refuse or speak about on standard error.
bool IsAbsoluteOrClimbs(std::string_view name) {
  return name.starts_with("/") || name == ".." || name.starts_with("../") ||
         name.ends_with("/..") || name.find("/../") != std::string_view::npos;
}

enum class Shown { kBytes, kLine };

std::string TarEntryCommand(const Image& image, const Layer& layer, const Entry& entry,
                            Shown shown) {
  const bool prints_bytes = shown == Shown::kBytes;
  const bool directory = IsDirectoryLayout(image);
  std::string flags = prints_bytes ? "-xO" : "-tv";
  if (IsAbsoluteOrClimbs(entry.stored_name())) flags += "P";
  std::string options;
  if (!directory && layer.present()) options = PipeFlag(layer.compression());
  if (options.size() == 3) {  // "-z " joins the other flags
    flags.insert(2, 1, options[1]);
    options.clear();
  }
  const Selection selection = Select(layer, entry);
  if (selection.covers_others) options += "--no-recursion ";
  if (selection.count > 1) options += "--occurrence=" + std::to_string(selection.occurrence) + " ";
  return "tar " + options + flags + "f " +
         (directory ? ArchiveOperand(BlobFile(image, layer.blob())) : "-") + " " +
         MemberOperand(WithoutTrailingSlashes(entry.stored_name()));
}

struct Place {
  int layer;
  const Entry* entry;
};

// The last entry of the path in a layer, not after `before`.
const Entry* LastEntry(const Layer& layer, std::string_view path, const Entry* before) {
  const Entry* found = nullptr;
  for (const Entry& entry : layer.entries()) {
    if (before != nullptr && entry.header_offset() >= before->header_offset()) break;
    const bool holds = entry.type() == EntryType::kFile || entry.type() == EntryType::kHardlink;
    if (holds && entry.path() == path) found = &entry;
  }
  return found;
}

// The entry that holds the bytes of a hard link: before it in its layer, else in a layer below.
Place BytesOf(const Image& image, Place place) {
  constexpr int kMostLinks = 40;
  for (int i = 0; i < kMostLinks && place.entry->type() == EntryType::kHardlink; ++i) {
    const std::string target = CleanName(place.entry->link()).path;
    const Entry* found = nullptr;
    int layer = place.layer;
    for (const Entry* before = place.entry; layer >= 0 && found == nullptr; before = nullptr) {
      found = LastEntry(image.layers()[static_cast<std::size_t>(layer)], target, before);
      if (found == nullptr) --layer;
    }
    if (found == nullptr) break;
    place = {layer, found};
  }
  return place;
}

std::string EntryCommand(const Image& image, const Layer& layer, const Entry& entry, Shown shown) {
  const std::string command = TarEntryCommand(image, layer, entry, shown);
  if (IsDirectoryLayout(image)) return command;
  return RecoverBlobCommand(image, layer.blob()) + " | " + command;
}

// Of what an entry itself holds. tar shows no field but names and links.
std::string EntryFindingCommand(const Image& image, const Finding& finding) {
  const Layer& layer = image.layers()[static_cast<std::size_t>(*finding.layer)];
  const Entry& entry = layer.entries()[*finding.entry];
  switch (finding.carrier) {
    case Carrier::kFile:
      return EntryCommand(image, layer, entry, Shown::kBytes);
    case Carrier::kPath:
    case Carrier::kLink:
      return EntryCommand(image, layer, entry, Shown::kLine);
    default:
      return RecoverBlobCommand(image, layer.blob());
  }
}

// Of whose entries none can be told.
bool IsInDamagedLayer(const Image& image, const Finding& finding) {
  const internal::ImageState& state = internal::ImageAccess::State(image);
  return finding.layer &&
         state.LayerError(state.layer_states[static_cast<std::size_t>(*finding.layer)]) != nullptr;
}

// All bytes of the archive, uncompressed.
std::string ArchiveCommand(const Image& image) {
  const Compression compression = internal::ImageAccess::State(image).archive.compression;
  const std::string file = ArchiveOperand(image.archive_path());
  const std::string program =
      compression == Compression::kNone ? "cat" : std::string(ToString(compression)) + " -dc";
  return Writer(image) + program + " " + file;
}

// Of what stands in the headers of the archive. A directory's names are what it lists.
std::string MemberLineCommand(const Image& image, const std::string& blob) {
  if (std::string fetch = FetchCommand(image, blob); !fetch.empty()) return fetch;
  if (IsDirectoryLayout(image)) return "ls -ld " + ShellQuote(BlobFile(image, blob));
  const Blob* found = FindBlob(image, blob);
  const std::string& member = found == nullptr ? blob : found->member;
  return Writer(image) + "tar -tv" + std::string(IsAbsoluteOrClimbs(member) ? "P" : "") + "f " +
         ArchiveOperand(image.archive_path()) + " " + MemberOperand(member);
}

bool IsOfMember(const Finding& finding) {
  return !finding.layer && (finding.carrier == Carrier::kPath || finding.carrier == Carrier::kLink);
}

// ".history[3].created_by": fields are spelled so that jq takes them.
std::string FieldCommand(const Image& image, const Finding& finding) {
  const std::string filter =
      "jq -r " + ShellQuote(finding.filter.empty() ? "." + finding.field : finding.filter);
  if (IsDirectoryLayout(image)) return filter + " " + ShellQuote(BlobFile(image, finding.blob));
  return RecoverBlobCommand(image, finding.blob) + " | " + filter;
}

}  // namespace

std::string ShellQuote(std::string_view word) {
  if (Printable(word) != word) return EscapedWord(word);
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string RecoverBlobCommand(const Image& image, const std::string& blob) {
  if (std::string fetch = FetchCommand(image, blob); !fetch.empty()) return fetch;
  if (IsDirectoryLayout(image)) return "cat " + ShellQuote(BlobFile(image, blob));
  const Blob* found = FindBlob(image, blob);
  const std::string& member = found == nullptr ? blob : found->member;
  std::string command = Writer(image) + "tar ";
  if (found != nullptr && found->occurrence > 1) {
    command += "--occurrence=" + std::to_string(found->occurrence) + " ";
  }
  return command + "-xO" + (IsAbsoluteOrClimbs(member) ? "P" : "") + "f " +
         ArchiveOperand(image.archive_path()) + " " + MemberOperand(member);
}

std::string RecoverLead(const Image& image, std::size_t commands) {
  const std::string what = commands == 1 ? "it" : "them";
  if (image.archive_path().empty() && !IsFetched(image)) {
    return "To see " + what +
           ", save the bytes that were opened from memory and give them to this command on "
           "standard input:";
  }
  if (image.archive_path() == "-") {
    return "To see " + what + ", give the image to this command on standard input again:";
  }
  return "To see " + what + ":";
}

std::string RecoverCommand(const Image& image, int layer, const Entry& entry) {
  const Place place = BytesOf(image, {layer, &entry});
  const Layer& holder = image.layers()[static_cast<std::size_t>(place.layer)];
  const bool file = place.entry->type() == EntryType::kFile;
  return EntryCommand(image, holder, *place.entry, file ? Shown::kBytes : Shown::kLine);
}

std::string RecoverCommand(const Image& image, const Finding& finding) {
  if (IsInDamagedLayer(image, finding)) return RecoverBlobCommand(image, finding.blob);
  if (finding.layer && finding.entry) return EntryFindingCommand(image, finding);
  if (IsOfMember(finding)) return MemberLineCommand(image, finding.blob);
  if (finding.blob.empty()) return ArchiveCommand(image);
  if (!finding.field.empty()) return FieldCommand(image, finding);
  if (finding.layer && !finding.path.empty()) {
    const Layer& layer = image.layers()[static_cast<std::size_t>(*finding.layer)];
    if (const Entry* entry = LastEntry(layer, finding.path, nullptr)) {
      return RecoverCommand(image, *finding.layer, *entry);
    }
  }
  return RecoverBlobCommand(image, finding.blob);
}

std::vector<std::string> RecoverCommands(const Image& image, const std::vector<Finding>& findings,
                                         std::size_t most) {
  std::vector<std::string> commands;
  for (const Finding& finding : findings) {
    if (commands.size() == most) break;
    std::string command = RecoverCommand(image, finding);
    if (std::find(commands.begin(), commands.end(), command) == commands.end()) {
      commands.push_back(std::move(command));
    }
  }
  return commands;
}

}  // namespace watertight
