// What JavaScript sees of the native code. Context-aware (no state but the stack's), so that worker threads load it as well.
// src/base/native.ts is the other end, and says what each function does.
#include <node_api.h>

#include "chunker.h"

namespace {

/** Counted up whenever a function is added or changes its meaning: src/base/native.ts takes no other. */
constexpr int32_t kInterface = 1;

bool AddFunction(napi_env env, napi_value exports, const char* name, napi_callback function) {
  napi_value value = nullptr;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value) == napi_ok &&
         napi_set_named_property(env, exports, name, value) == napi_ok;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value version = nullptr;
  if (napi_create_int32(env, kInterface, &version) != napi_ok) return nullptr;
  if (napi_set_named_property(env, exports, "interface", version) != napi_ok) return nullptr;
  if (!AddFunction(env, exports, "nextCut", NextCut)) return nullptr;
  return exports;
}
