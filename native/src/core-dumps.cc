// A program that is ended by a fault or SIGABRT leaves its memory on the disk, with the keys in it: not this one.
#include "core-dumps.h"

#include <errno.h>
#include <sys/resource.h>

#include "arguments.h"
#include "system-error.h"

namespace {

/**
 * One byte, and not none: the kernel keeps no file of less than a page, and starts the system's collector of dumps (a pipe in
 * core_pattern) whatever the limit is, but for this one (fs/coredump.c).
 */
constexpr rlim_t kNoCore = 1;

}  // namespace

napi_value ForbidCoreDumps(napi_env env, napi_callback_info info) {
  Call call;
  if (!ReadCall(env, info, 0, &call)) return nullptr;
  struct rlimit limit;
  if (getrlimit(RLIMIT_CORE, &limit) != 0) return ThrowSystemError(env, errno, "getrlimit");
  // The upper limit stays: what is started from here (a file's program) may ask for dumps of its own.
  limit.rlim_cur = limit.rlim_max < kNoCore ? limit.rlim_max : kNoCore;
  if (setrlimit(RLIMIT_CORE, &limit) != 0) return ThrowSystemError(env, errno, "setrlimit");
  return nullptr;
}
