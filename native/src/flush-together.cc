#include "flush-together.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "system-calls.h"

namespace {

/** fs/xfs/libxfs/xfs_format.h: not among the headers for programs. */
constexpr long kXfsMagic = 0x58465342;

/** What others may have left unwritten: they are waited for too. It is written within about a second. */
constexpr size_t kOthersMaxBytes = size_t{64} * 1024 * 1024;

/** Before Linux 5.8 syncfs says nothing of what could not be written (syncfs(2)). */
bool TellsOfErrors() {
  static const bool tells = [] {
    struct utsname name;
    int major = 0;
    int minor = 0;
    return uname(&name) == 0 && std::sscanf(name.release, "%d.%d", &major, &minor) == 2 && (major > 5 || (major == 5 && minor >= 8));
  }();
  return tells;
}

/** Of others, such as those of a network or of another program, it is not known what they do of it. */
bool IsKnown(int folder) {
  struct statfs of;
  if (fstatfs(folder, &of) != 0) return false;
  const long type = static_cast<long>(of.f_type);
  return type == EXT4_SUPER_MAGIC || type == kXfsMagic || type == BTRFS_SUPER_MAGIC || type == F2FS_SUPER_MAGIC;
}

/** What the whole computer has written and not brought to its disks; everything there is where that is not told. */
size_t UnwrittenBytes() {
  const int opened = OpenAt(AT_FDCWD, "/proc/meminfo", O_RDONLY | O_CLOEXEC, 0);
  const Descriptor file(opened);
  char text[2048];
  const ssize_t length = opened < 0 ? -1 : pread(file.number(), text, sizeof text - 1, 0);
  if (length <= 0) return SIZE_MAX;
  text[length] = '\0';
  const char* line = std::strstr(text, "\nDirty:");
  return line == nullptr ? SIZE_MAX : static_cast<size_t>(std::strtoull(line + std::strlen("\nDirty:"), nullptr, 10)) * 1024;
}

}  // namespace

FlushTogether::FlushTogether(int folder) {
  if (!TellsOfErrors() || !IsKnown(folder)) return;
  // One that is open without rights to it is none that can be asked.
  const int opened = OpenAt(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (opened >= 0) folder_ = Descriptor(opened);
}

bool FlushTogether::Run(size_t bytes) const {
  return folder_.number() >= 0 && UnwrittenBytes() <= bytes + kOthersMaxBytes && syncfs(folder_.number()) == 0;
}
