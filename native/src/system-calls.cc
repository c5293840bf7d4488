#include "system-calls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <utility>

int StatAt(int folder, const char* name, struct statx* stat) {
  const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name == '\0' ? AT_EMPTY_PATH : 0);
  return syscall(SYS_statx, folder, name, flags, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, stat) == 0 ? 0 : errno;
}

int RenameAt(int from, const char* from_name, int to, const char* to_name, unsigned flags) {
  // Without flags the older call does: file systems may refuse the newer one.
  const long answer = flags == 0 ? renameat(from, from_name, to, to_name) : syscall(SYS_renameat2, from, from_name, to, to_name, flags);
  return answer == 0 ? 0 : errno;
}

long ReadEntries(int folder, void* buffer, size_t length) {
  const long count = syscall(SYS_getdents64, folder, buffer, length);
  return count < 0 ? -errno : count;
}

int OpenAt(int folder, const char* name, int flags, unsigned mode) {
  for (;;) {
    const int descriptor = openat(folder, name, flags, mode);
    if (descriptor >= 0) return descriptor;
    if (errno != EINTR) return -errno;
  }
}

int KindOf(const struct statx& stat) {
  switch (stat.stx_mode & S_IFMT) {
    case S_IFREG:
      return 0;
    case S_IFDIR:
      return 1;
    case S_IFLNK:
      return 2;
    default:
      return 3;
  }
}

uint64_t DeviceOf(const struct statx& stat) { return makedev(stat.stx_dev_major, stat.stx_dev_minor); }

int64_t ToNanoseconds(const struct statx_timestamp& time) {
  int64_t whole = 0;
  int64_t sum = 0;
  if (__builtin_mul_overflow(int64_t{time.tv_sec}, int64_t{1'000'000'000}, &whole) || __builtin_add_overflow(whole, time.tv_nsec, &sum))
    return time.tv_sec < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
  return sum;
}

int64_t BirthOf(const struct statx& stat) { return (stat.stx_mask & STATX_BTIME) == 0 ? 0 : ToNanoseconds(stat.stx_btime); }

uint64_t MountOf(const struct statx& stat) { return (stat.stx_mask & STATX_MNT_ID) == 0 ? 0 : stat.stx_mnt_id; }

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}
