// The system calls on file descriptors.

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "generator/build/shell/process.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using Kind = Description::Kind;

constexpr std::size_t kChunk = 4096;
constexpr int kErrors = 2;  // the descriptor of messages
constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kBeginning = 1 << 20;  // of a device that never ends
constexpr std::uint64_t kMostRead = 64 << 20;  // of such a device at once

struct Device {
  std::uint32_t major;
  std::uint32_t minor;
  Kind kind;
};

constexpr Device kDevices[] = {
    {1, 3, Kind::kNull},   {1, 5, Kind::kZero},   {1, 7, Kind::kFull},
    {1, 8, Kind::kRandom}, {1, 9, Kind::kRandom},
};

// The descriptor that a name in /dev or /proc stands for.
std::optional<int> NamedDescriptor(std::string_view path) {
  if (path == "/dev/stdin") return 0;
  if (path == "/dev/stdout") return 1;
  if (path == "/dev/stderr") return 2;
  for (const std::string_view directory : {"/dev/fd/", "/proc/self/fd/", "/proc/1/fd/"}) {
    if (!path.starts_with(directory)) continue;
    const std::string_view digits = path.substr(directory.size());
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc() && end == digits.data() + digits.size()) return number;
  }
  return {};
}

// The same "random" bytes in every build: splitmix64 of the place.
std::string RandomBytes(std::uint64_t offset, std::uint64_t count) {
  std::string bytes;
  for (std::uint64_t block = offset / 8; bytes.size() < count + offset % 8; ++block) {
    std::uint64_t mixed = (block + 1) * 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBU;
    mixed ^= mixed >> 31;
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(mixed >> shift & 0xFF);
  }
  return bytes.substr(offset % 8, count);
}

void Overwrite(Rope& content, std::uint64_t offset, const Rope& bytes) {
  if (offset > content.size()) content.AppendZeros(offset - content.size());
  if (offset == content.size()) return content.Append(bytes);
  Rope whole = content.Part(0, offset);
  whole.Append(bytes);
  const std::uint64_t end = offset + bytes.size();
  if (end < content.size()) whole.Append(content.Part(end, content.size() - end));
  content = std::move(whole);
}

}  // namespace

std::shared_ptr<Description> ReadingEnd(std::shared_ptr<Pipe> pipe) {
  auto end = std::make_shared<Description>();
  end->kind = Kind::kPipe;
  end->readable = true;
  end->pipe = std::move(pipe);
  return end;
}

std::shared_ptr<Description> WritingEnd(std::shared_ptr<Pipe> pipe) {
  auto end = std::make_shared<Description>();
  end->kind = Kind::kPipe;
  end->writable = true;
  end->pipe = std::move(pipe);
  return end;
}

int Process::Install(std::shared_ptr<Description> description) {
  int number = 0;
  while (descriptors.contains(number)) ++number;
  descriptors[number] = std::move(description);
  return number;
}

Opened Process::Open(std::string_view path, const OpenFlags& flags) {
  if (const auto number = NamedDescriptor(path)) {
    const auto found = descriptors.find(*number);
    if (found == descriptors.end()) return {.error = std::errc::no_such_file_or_directory};
    return {.error = {}, .descriptor = Install(found->second)};
  }
  const bool must_be_new = flags.create && flags.exclusive;
  Found at = Walk(path, must_be_new ? Follow::kNo : Follow::kYes);
  if (!at) return {.error = at.error};
  if (at.inode != nullptr && must_be_new) return {.error = std::errc::file_exists};
  if (at.inode == nullptr) {
    if (!flags.create) return {.error = std::errc::no_such_file_or_directory};
    if (path.ends_with('/')) return {.error = std::errc::is_a_directory};
    Inode node;
    node.attributes.mode = flags.mode;
    const std::errc made = MakeAt("/" + at.path, std::move(node));
    if (made != std::errc()) return {.error = made};
    at = Walk("/" + at.path, Follow::kNo);
  } else {
    const std::errc allowed = MayOpen(*at.inode, flags);
    if (allowed != std::errc()) return {.error = allowed};
  }
  return OpenInode(at, flags);
}

std::errc Process::MayOpen(const Inode& inode, const OpenFlags& flags) const {
  if (inode.is_directory() && (flags.write || flags.create)) return std::errc::is_a_directory;
  if (flags.read && !May(inode, Permission::kRead)) return std::errc::permission_denied;
  if (flags.write && !May(inode, Permission::kWrite)) return std::errc::permission_denied;
  return {};
}

Opened Process::OpenInode(const Found& at, const OpenFlags& flags) {
  auto description = std::make_shared<Description>();
  description->readable = flags.read;
  description->writable = flags.write;
  description->append = flags.append;
  description->path = at.path;
  description->inode = at.number;
  description->kind = Kind::kFile;
  if (at.inode->type == FileType::kFifo) NotModelled("opening the fifo /" + at.path);
  if (at.inode->type == FileType::kBlockDevice)
    return {.error = std::errc::no_such_device_or_address};
  if (at.inode->type == FileType::kCharDevice) {
    const Device* device = std::ranges::find_if(kDevices, [&](const Device& row) {
      return row.major == at.inode->device_major && row.minor == at.inode->device_minor;
    });
    if (device == std::end(kDevices)) return {.error = std::errc::no_such_device_or_address};
    description->kind = device->kind;
  } else if (flags.write) {
    // An overlay copies a file up when it is opened for writing.
    const std::string path = "/" + at.path;
    const std::errc modified = machine_->tree.Modify(path, Follow::kNo, [&](Inode& inode) {
      if (!flags.truncate) return;
      inode.content = Rope();
      inode.attributes.mtime = clock();
    });
    if (modified != std::errc()) return {.error = modified};
    description->inode = tree().Resolve(path, Follow::kNo).number;
  }
  return {.error = {}, .descriptor = Install(std::move(description))};
}

// All of what never ends is a beginning of it, and who reads that much does not end either.
std::uint64_t Process::CountOfEndless(std::uint64_t count) {
  if (count == kAll) endless = true;
  if (count != kAll && count > kMostRead) throw Error("RUN reads more than is modelled");
  return count == kAll ? kBeginning : count;
}

Rope Process::Take(int descriptor, std::uint64_t count) {
  const auto found = descriptors.find(descriptor);
  if (found == descriptors.end() || !found->second->readable) return {};
  Description& description = *found->second;
  const std::uint64_t offset = description.offset;
  switch (description.kind) {
    case Kind::kNull:
      return {};
    case Kind::kZero:
    case Kind::kFull: {
      Rope zeros;
      zeros.AppendZeros(CountOfEndless(count));
      return zeros;
    }
    case Kind::kRandom: {
      Rope random(RandomBytes(offset, CountOfEndless(count)));
      description.offset += random.size();
      return random;
    }
    case Kind::kPipe:
    case Kind::kFile:
      break;
  }
  const bool piped = description.kind == Kind::kPipe;
  std::uint64_t& begin = piped ? description.pipe->offset : description.offset;
  const Rope& all = piped ? description.pipe->bytes : tree().Get(description.inode).content;
  if (piped && description.pipe->endless && count > all.size() - begin) endless = true;
  if (begin >= all.size()) return {};
  const std::uint64_t length = std::min(count, all.size() - begin);
  const std::uint64_t from = std::exchange(begin, begin + length);
  return all.Part(from, length);
}

Rope Process::ReadAll(int descriptor) { return Take(descriptor, kAll); }

std::string Process::Read(int descriptor, std::size_t count) {
  return Take(descriptor, count).ToString();
}

std::optional<std::string> Process::ReadLine(int descriptor, char end) {
  const auto found = descriptors.find(descriptor);
  if (found == descriptors.end()) return {};
  Description& description = *found->second;
  const bool piped = description.kind == Kind::kPipe;
  std::uint64_t& offset = piped ? description.pipe->offset : description.offset;
  std::string line;
  while (true) {
    const std::string chunk = Read(descriptor, kChunk);
    if (chunk.empty()) break;
    const size_t at = chunk.find(end);
    if (at == chunk.npos) {
      line += chunk;
      if (line.size() > kMostRead)
        throw Error("RUN does not end: a line of what it reads does not");
      continue;
    }
    line.append(chunk, 0, at + 1);
    // Gives back what follows the line.
    if (piped || description.kind == Kind::kFile) offset -= chunk.size() - at - 1;
    return line;
  }
  if (line.empty()) return {};
  return line;
}

std::errc Process::Write(int descriptor, std::string_view bytes) {
  machine_->output -= static_cast<std::int64_t>(bytes.size());
  if (machine_->output < 0) throw Error("RUN does not end: it writes more than is modelled");
  return Write(descriptor, Rope(std::string(bytes)));
}

std::errc Process::Write(int descriptor, const Rope& bytes) {
  const auto found = descriptors.find(descriptor);
  if (found == descriptors.end() || !found->second->writable) {
    return std::errc::bad_file_descriptor;
  }
  Description& description = *found->second;
  if (description.kind == Kind::kFull) return std::errc::no_space_on_device;
  if (bytes.empty()) return {};
  if (description.kind == Kind::kPipe) {
    description.pipe->bytes.Append(bytes);
    if (endless && descriptor != kErrors) description.pipe->endless = true;
  } else if (endless && descriptor != kErrors) {
    throw Error("RUN does not end: it writes what never ends");
  }
  if (description.kind != Kind::kFile) return {};
  machine_->tree.ModifyOpen(description.inode, [&](Inode& inode) {
    if (description.append) description.offset = inode.content.size();
    Overwrite(inode.content, description.offset, bytes);
    description.offset += bytes.size();
    inode.attributes.mtime = clock();
    inode.attributes.xattrs.erase("security.capability");
    // Only a privileged writer leaves these bits.
    if (!credentials.is_root()) inode.attributes.mode &= ~06000U;
  });
  return {};
}

bool Process::IsPipe(int descriptor) const {
  const auto found = descriptors.find(descriptor);
  return found != descriptors.end() && found->second->kind == Kind::kPipe;
}

const Inode* Process::InodeOf(int descriptor) const {
  const auto found = descriptors.find(descriptor);
  if (found == descriptors.end() || found->second->kind != Kind::kFile) return nullptr;
  return &tree().Get(found->second->inode);
}

std::optional<Rope> Process::ReadFile(std::string_view path, std::errc& error) {
  const Opened file = Open(path, {.read = true});
  error = file.error;
  if (!file) return {};
  const Inode* inode = InodeOf(file.descriptor);
  if (inode != nullptr && inode->is_directory()) error = std::errc::is_a_directory;
  Rope content = ReadAll(file.descriptor);
  Close(file.descriptor);
  if (error != std::errc()) return {};
  return content;
}

std::errc Process::WriteFile(std::string_view path, const Rope& bytes, bool append) {
  const Opened file =
      Open(path, {.write = true, .create = true, .truncate = !append, .append = append});
  if (!file) return file.error;
  const std::errc written = Write(file.descriptor, bytes);
  Close(file.descriptor);
  return written;
}

}  // namespace watertight::generator
