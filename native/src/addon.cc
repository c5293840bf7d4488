// What JavaScript sees of the native code. Context-aware (no state but the stack's, what belongs to one thread, and what an object holds), so that worker
// threads load it as well.
// src/base/native.ts is the other end, and says what each function does.
#include <node_api.h>

#include "add-function.h"
#include "chunker.h"
#ifdef __linux__
#include "core-dumps.h"
#include "file-calls.h"
#include "folder-watches.h"
#include "memory.h"
#endif
#ifndef _WIN32
#include "zstd.h"
#endif

namespace {

/** Counted up whenever a function is added or changes its meaning: src/base/native.ts takes no other. */
constexpr int32_t kInterface = 11;

}  // namespace

NAPI_MODULE_INIT() {
  napi_value version = nullptr;
  if (napi_create_int32(env, kInterface, &version) != napi_ok) return nullptr;
  if (napi_set_named_property(env, exports, "interface", version) != napi_ok) return nullptr;
  if (!AddFunction(env, exports, "nextCut", NextCut)) return nullptr;
#ifdef __linux__
  if (!AddFileCalls(env, exports) || !AddFolderWatches(env, exports)) return nullptr;
  if (!AddFunction(env, exports, "giveBackMemory", GiveBackMemory)) return nullptr;
  if (!AddFunction(env, exports, "forbidCoreDumps", ForbidCoreDumps)) return nullptr;
#endif
#ifndef _WIN32
  if (!AddZstd(env, exports)) return nullptr;
#endif
  return exports;
}
