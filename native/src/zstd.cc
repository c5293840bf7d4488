// zstd for small chunks: by the libzstd that Node has in itself, with a context that is made once in each thread. node:zlib makes
// one for each call, which for a file of a few kilobytes costs several times what the work does.
#include "zstd.h"

#include <dlfcn.h>

#include <new>

#include "add-function.h"
#include "arguments.h"

namespace {

/** What of libzstd is called: all of it in its interface since 1.0, and never changed. */
struct Library {
  void* (*create_compressor)();
  size_t (*free_compressor)(void* context);
  size_t (*compress)(void* context, void* into, size_t room, const void* from, size_t length, int level);
  void* (*create_expander)();
  size_t (*free_expander)(void* context);
  size_t (*expand)(void* context, void* into, size_t room, const void* from, size_t length);
  unsigned (*is_error)(size_t result);
};

/** Of one thread, from its first use to its end. */
struct Contexts {
  Library library;
  void* compressor = nullptr;
  void* expander = nullptr;
};

template <typename Function>
bool Find(const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
  return *function != nullptr;
}

bool FindLibrary(Library* library) {
  return Find("ZSTD_createCCtx", &library->create_compressor) && Find("ZSTD_freeCCtx", &library->free_compressor) &&
         Find("ZSTD_compressCCtx", &library->compress) && Find("ZSTD_createDCtx", &library->create_expander) &&
         Find("ZSTD_freeDCtx", &library->free_expander) && Find("ZSTD_decompressDCtx", &library->expand) &&
         Find("ZSTD_isError", &library->is_error);
}

void Release(napi_env /*env*/, void* data, void* /*hint*/) {
  auto* const contexts = static_cast<Contexts*>(data);
  if (contexts->compressor != nullptr) contexts->library.free_compressor(contexts->compressor);
  if (contexts->expander != nullptr) contexts->library.free_expander(contexts->expander);
  delete contexts;
}

/** The contexts of this thread; nullptr after it has thrown. */
Contexts* ContextsOf(napi_env env) {
  void* data = nullptr;
  if (napi_get_instance_data(env, &data) != napi_ok || data == nullptr) {
    napi_throw_error(env, nullptr, "no zstd in this thread");
    return nullptr;
  }
  return static_cast<Contexts*>(data);
}

bool Ready(napi_env env, void** context, void* (*create)()) {
  if (*context == nullptr) *context = create();
  if (*context != nullptr) return true;
  napi_throw_error(env, nullptr, "not enough memory for zstd");
  return false;
}

napi_value ToNumber(napi_env env, double number) {
  napi_value result = nullptr;
  napi_create_double(env, number, &result);
  return result;
}

constexpr int64_t kLevelMax = 19;

napi_value Compress(napi_env env, napi_callback_info info) {
  Call call;
  Bytes plain;
  Bytes into;
  int64_t level = 0;
  if (!ReadCall(env, info, 3, &call) || !ReadBytes(call, 0, &plain) || !ReadBytes(call, 1, &into) ||
      !ReadInteger(call, 2, 1, kLevelMax, &level))
    return nullptr;
  Contexts* const contexts = ContextsOf(env);
  if (contexts == nullptr || !Ready(env, &contexts->compressor, contexts->library.create_compressor)) return nullptr;
  const Library& library = contexts->library;
  const size_t length =
      library.compress(contexts->compressor, into.data, into.length, plain.data, plain.length, static_cast<int>(level));
  return ToNumber(env, library.is_error(length) != 0 ? -1 : static_cast<double>(length));
}

napi_value Expand(napi_env env, napi_callback_info info) {
  Call call;
  Bytes packed;
  Bytes into;
  if (!ReadCall(env, info, 2, &call) || !ReadBytes(call, 0, &packed) || !ReadBytes(call, 1, &into)) return nullptr;
  Contexts* const contexts = ContextsOf(env);
  if (contexts == nullptr || !Ready(env, &contexts->expander, contexts->library.create_expander)) return nullptr;
  const Library& library = contexts->library;
  const size_t length = library.expand(contexts->expander, into.data, into.length, packed.data, packed.length);
  return ToNumber(env, library.is_error(length) != 0 ? -1 : static_cast<double>(length));
}

}  // namespace

bool AddZstd(napi_env env, napi_value exports) {
  Library library;
  if (!FindLibrary(&library)) return true;
  auto* const contexts = new (std::nothrow) Contexts{library};
  if (contexts == nullptr) return true;
  if (napi_set_instance_data(env, contexts, Release, nullptr) != napi_ok) {
    delete contexts;
    return false;
  }
  napi_value zstd = nullptr;
  return napi_create_object(env, &zstd) == napi_ok && AddFunction(env, zstd, "compress", Compress) &&
         AddFunction(env, zstd, "expand", Expand) && napi_set_named_property(env, exports, "zstd", zstd) == napi_ok;
}
