#include "framework/scan/cache/build_id.h"

#include <elf.h>
#include <link.h>
#include <sys/stat.h>

#include <cstdint>
#include <cstring>
#include <string_view>

#include "framework/image/varint.h"

namespace watertight {
namespace {

struct Search {
  ElfW(Addr) code = 0;  // an address of ours
  std::string id;
};

bool Holds(const dl_phdr_info& object, ElfW(Addr) code) {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object.dlpi_phdr[i];
    const ElfW(Addr) begin = object.dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_LOAD && code >= begin && code - begin < part.p_memsz) return true;
  }
  return false;
}

// A segment of notes: each a header, a name and a text, padded to four bytes.
std::string BuildIdIn(std::string_view notes) {
  const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes.data(), sizeof(header));
    notes.remove_prefix(sizeof(header));
    const std::size_t name = padded(header.n_namesz);
    const std::size_t text = padded(header.n_descsz);
    if (name + text > notes.size()) break;
    const bool gnu = notes.substr(0, header.n_namesz) == std::string_view("GNU\0", 4);
    if (gnu && header.n_type == NT_GNU_BUILD_ID) {
      return std::string(notes.substr(name, header.n_descsz));
    }
    notes.remove_prefix(name + text);
  }
  return "";
}

int Visit(dl_phdr_info* object, std::size_t /*size*/, void* argument) {
  auto* const search = static_cast<Search*>(argument);
  if (!Holds(*object, search->code)) return 0;
  for (int i = 0; i < object->dlpi_phnum && search->id.empty(); ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    if (part.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers
    const auto* const begin = reinterpret_cast<const char*>(object->dlpi_addr + part.p_vaddr);
    search->id = BuildIdIn({begin, part.p_memsz});
  }
  return 1;
}

}  // namespace

std::string BuildId() {
  Search search;
  search.code = reinterpret_cast<ElfW(Addr)>(&BuildId);
  dl_iterate_phdr(Visit, &search);
  if (!search.id.empty()) return search.id;
  struct stat status = {};
  stat("/proc/self/exe", &status);
  PutVarint(status.st_ino, &search.id);
  PutVarint(static_cast<std::uint64_t>(status.st_size), &search.id);
  PutVarint(static_cast<std::uint64_t>(status.st_ctim.tv_sec), &search.id);
  PutVarint(static_cast<std::uint64_t>(status.st_ctim.tv_nsec), &search.id);
  return search.id;
}

}  // namespace watertight
