#include "framework/image/mapped_bytes.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include "watertight/error.h"

namespace watertight {
namespace {

std::atomic<bool> g_allowed{false};
struct sigaction g_before = {};

std::uint64_t PageSize() {
  static const auto size = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return size;
}

constexpr std::size_t kMebi = std::size_t{1} << 20;

// So many bytes are fetched at once, and twice as many are kept behind: by all threads together
// some 48 MiB. What is mapped counts as memory of the process, and to let it go interrupts all its
// threads.
std::size_t FetchedAtOnce() {
  constexpr std::size_t kOfAll = 16 * kMebi;
  static const std::size_t count =
      std::clamp(kOfAll / std::max(1U, std::thread::hardware_concurrency()), kMebi / 8, 8 * kMebi) /
      PageSize() * PageSize();
  return count;
}

}  // namespace

// Pages of a file in memory. What turns out not to be there becomes zeros.
class MappedBytes::Region {
 public:
  Region(char* begin, std::size_t size) : begin_(begin), size_(size), outer_(innermost_) {
    innermost_ = this;
  }
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;
  ~Region() {
    innermost_ = outer_;
    munmap(begin_, size_);
  }

  char* begin() const { return begin_; }
  std::size_t size() const { return size_; }
  bool failed() const { return failed_ != 0; }

  // In a handler of signals: only what is safe there.
  static void OnBusError(int signal, siginfo_t* info, void* /*context*/) {
    const int error = errno;
    auto* const at = static_cast<char*>(info->si_addr);
    for (Region* region = innermost_; region != nullptr && info->si_code > 0;
         region = region->outer_) {
      if (at < region->begin_ || at >= region->begin_ + region->size_) continue;
      if (!region->FillFrom(at)) break;
      errno = error;
      return;
    }
    // A fault comes again, and goes to the one before; what was sent is sent again.
    sigaction(signal, &g_before, nullptr);
    if (info->si_code <= 0) raise(signal);
    errno = error;
  }

 private:
  bool FillFrom(const char* at) {
    const auto page = static_cast<std::size_t>(at - begin_) / PageSize() * PageSize();
    void* const filled = mmap(begin_ + page, size_ - page, PROT_READ,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    failed_ = 1;
    return filled != MAP_FAILED;
  }

  // Of this thread, the last one made; a fault comes in the thread that looked.
  static thread_local Region* innermost_;

  char* begin_;
  std::size_t size_;
  Region* outer_;
  volatile std::sig_atomic_t failed_ = 0;
};

thread_local MappedBytes::Region* MappedBytes::Region::innermost_ = nullptr;

void MappedBytes::Allow() {
  PageSize();
  struct sigaction action = {};
  action.sa_sigaction = Region::OnBusError;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  if (!g_allowed.load() && sigaction(SIGBUS, &action, &g_before) == 0) g_allowed = true;
}

std::unique_ptr<MappedBytes> MappedBytes::Map(int descriptor, std::uint64_t offset,
                                              std::uint64_t size, std::string name) {
  if (!g_allowed.load() || size == 0) return nullptr;
  const std::uint64_t before = offset % PageSize();
  const auto mapped = static_cast<std::size_t>(before + size);
  void* const begin =
      mmap(nullptr, mapped, PROT_READ, MAP_SHARED, descriptor, static_cast<off_t>(offset - before));
  if (begin == MAP_FAILED) return nullptr;
  auto* const bytes = static_cast<char*>(begin);
  return std::unique_ptr<MappedBytes>(
      new MappedBytes(descriptor, offset, std::make_unique<Region>(bytes, mapped),
                      {bytes + before, static_cast<std::size_t>(size)}, std::move(name)));
}

MappedBytes::MappedBytes(int descriptor, std::uint64_t file_offset, std::unique_ptr<Region> region,
                         std::string_view text, std::string name)
    : descriptor_(descriptor),
      file_offset_(file_offset),
      region_(std::move(region)),
      text_(text),
      name_(std::move(name)) {}

MappedBytes::~MappedBytes() = default;

std::string_view MappedBytes::Next(std::size_t count) {
  const std::string_view next = text_.substr(given_, count);
  given_ += next.size();
  const char* const end = next.data() + next.size();
  while (fetched_ < region_->size() && region_->begin() + fetched_ < end) Fetch();
  return next;
}

// In one call what would be a fault for each few pages. Those far behind go; a look at them brings
// them back.
void MappedBytes::Fetch() {
  char* const next = region_->begin() + fetched_;
  const std::size_t most = FetchedAtOnce();
  const std::size_t count = std::min(most, region_->size() - fetched_);
  // The disk reads ahead, also of what is fetched next.
  madvise(next, std::min(2 * most, region_->size() - fetched_), MADV_WILLNEED);
#ifdef MADV_POPULATE_READ
  madvise(next, count, MADV_POPULATE_READ);
#endif
  if (fetched_ >= 2 * most) madvise(next - 2 * most, most, MADV_DONTNEED);
  fetched_ += count;
}

// A file that is cut within its last page gives zeros, and no signal.
void MappedBytes::Check() const {
  struct stat status = {};
  const bool whole = fstat(descriptor_, &status) == 0 &&
                     static_cast<std::uint64_t>(status.st_size) >= file_offset_ + given_;
  if (!whole) throw Error(ErrorCode::kIo, name_ + " became shorter while it was read");
  if (region_->failed()) throw Error(ErrorCode::kIo, name_ + ": cannot be read: " + strerror(EIO));
}

}  // namespace watertight
