// How glibc keeps memory that was let go of: left alone it learns from large buffers that come and go to keep pieces of their size,
// in one heap for each thread (M_MMAP_THRESHOLD in mallopt(3), 'dynamic').
#include "memory.h"

#include <features.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "arguments.h"

namespace {

/** What glibc takes at most (HEAP_MAX_SIZE / 2, DEFAULT_MMAP_THRESHOLD_MAX). */
constexpr int64_t kThresholdMax = 32 * 1024 * 1024;
constexpr int64_t kThresholdMin = 4096;

}  // namespace

napi_value GiveBackFrom(napi_env env, napi_callback_info info) {
  Call call;
  int64_t bytes = 0;
  if (!ReadCall(env, info, 1, &call) || !ReadInteger(call, 0, kThresholdMin, kThresholdMax, &bytes)) return nullptr;
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, static_cast<int>(bytes));
#endif
  return nullptr;
}
