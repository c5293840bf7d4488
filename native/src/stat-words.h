#pragma once

#include <linux/stat.h>

#include <cstdint>
#include <cstring>

#include "system-calls.h"

/** A stat as src/disk/calls/native-calls.ts reads it. */
struct StatWords {
  int64_t device, inode, birth_ns, mtime_ns, ctime_ns, mount;
  double kind, size_bytes, mode, name_count;
};

inline void WriteStat(const struct statx& stat, uint8_t* into) {
  const StatWords words = {
      static_cast<int64_t>(DeviceOf(stat)), static_cast<int64_t>(stat.stx_ino),         BirthOf(stat),
      ToNanoseconds(stat.stx_mtime),        ToNanoseconds(stat.stx_ctime),              static_cast<int64_t>(MountOf(stat)),
      static_cast<double>(KindOf(stat)),    static_cast<double>(stat.stx_size),         static_cast<double>(stat.stx_mode & 07777),
      static_cast<double>(stat.stx_nlink),
  };
  std::memcpy(into, &words, sizeof words);
}
