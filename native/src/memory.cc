// glibc keeps what was let go of for later, in one heap for each thread: tens of megabytes where buffers come and go.
#include "memory.h"

#include <features.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "arguments.h"

napi_value GiveBackMemory(napi_env env, napi_callback_info info) {
  Call call;
  if (!ReadCall(env, info, 0, &call)) return nullptr;
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  return nullptr;
}
