// Calls of Linux that older C libraries have no name for, and what is the same wherever they are made.
#pragma once

#include <linux/stat.h>

#include <cstddef>
#include <cstdint>
#include <string>

/** Flags of renameat2. */
constexpr unsigned kRenameNoReplace = 1;
constexpr unsigned kRenameExchange = 2;

/** As statx(2), never through a link. 0, or the error. `name`: "" for what is open itself. */
int StatAt(int folder, const char* name, struct statx* stat);

int RenameAt(int from, const char* from_name, int to, const char* to_name, unsigned flags);

/** One block of entries as the kernel has them; their length, 0 at the end, or the negated error. */
long ReadEntries(int folder, void* buffer, size_t length);

/** Opens again and again while a signal comes between. A descriptor, or the negated error. */
int OpenAt(int folder, const char* name, int flags, unsigned mode);

/** 0 file, 1 folder, 2 link, 3 other. */
int KindOf(const struct statx& stat);

/** Number of the device, as `st_dev` has it. */
uint64_t DeviceOf(const struct statx& stat);

/** Nanoseconds since 1970; the nearest that fits (1677 to 2262). */
int64_t ToNanoseconds(const struct statx_timestamp& time);

/** 0 where the file system keeps none. */
int64_t BirthOf(const struct statx& stat);

/** Number of the mount it is reached through; 0 where the system does not tell (before Linux 5.8). */
uint64_t MountOf(const struct statx& stat);

/** A descriptor that is closed in the end. */
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&& other) noexcept;
  int number() const { return number_; }

 private:
  int number_;
};
