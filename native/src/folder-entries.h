#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "system-calls.h"

/** As the kernel writes it (getdents64(2)); the name and its NUL follow. */
struct KernelEntry {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
};
constexpr size_t kKernelNameAt = 19;

/** Tells of each name in a folder that is open for reading, but `.` and `..`. 0, or the error. */
template <typename OnName>
int ForEachEntry(int folder, const OnName& on_name) {
  alignas(8) std::array<char, 32 * 1024> block;
  for (;;) {
    const long length = ReadEntries(folder, block.data(), block.size());
    if (length <= 0) return static_cast<int>(-length);
    for (size_t at = 0; at < static_cast<size_t>(length);) {
      KernelEntry entry;
      std::memcpy(&entry, block.data() + at, kKernelNameAt);
      const char* name = block.data() + at + kKernelNameAt;
      if (std::strcmp(name, ".") != 0 && std::strcmp(name, "..") != 0) on_name(name);
      at += entry.length;
    }
  }
}
