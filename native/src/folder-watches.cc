#include "folder-watches.h"

#include <sys/inotify.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "add-function.h"
#include "arguments.h"
#include "names.h"
#include "system-error.h"

namespace {

constexpr uint32_t kWanted = IN_ATTRIB | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |
                             IN_CLOSE_WRITE | IN_ONLYDIR | IN_DONT_FOLLOW;
/** What leaves all names as they are. */
constexpr uint32_t kContentOnly = IN_ATTRIB | IN_MODIFY | IN_ISDIR;
/** At a time, so that other work gets its turn. */
constexpr size_t kBufferBytes = 64 * 1024;

/** Also kept by the JavaScript that tells of each event: src/disk/watch/native-watches.ts. */
enum class News { kContent = 0, kNames = 1, kUnwatched = 2, kLost = 3, kWritten = 4, kArrived = 5, kRemoved = 6 };

constexpr napi_type_tag kTag = {0x6f0c1f6d2b7f4c11, 0x9d3a5be4c07e8a52};

/**
 * One descriptor with its watches. Deleted when both its object of JavaScript and its handle of the loop are gone, whichever goes
 * first: the object by being collected, the handle by `Close`, which the object's end and that of the thread call as well.
 */
class Watches {
 public:
  static napi_value Open(napi_env env, napi_value on_news);
  static Watches* Of(const Call& call, size_t at);

  int descriptor() const { return descriptor_; }
  void Close();
  /** No news from here on: what would tell of them is held no more, and may hold the object itself. */
  void Forget(napi_env env);

 private:
  explicit Watches(napi_env env) : env_(env) {}
  Watches(const Watches&) = delete;
  Watches& operator=(const Watches&) = delete;

  int Begin(uv_loop_t* loop);
  void Read();
  void Tell(const char* bytes, size_t length);
  void DeleteIfDone();

  static void OnReadable(uv_poll_t* poll, int status, int events);
  static void OnClosed(uv_handle_t* handle);
  static void OnThreadEnd(napi_async_cleanup_hook_handle hook, void* data);
  static void OnCollected(napi_env env, void* data, void* hint);

  const napi_env env_;
  uv_poll_t poll_ = {};
  int descriptor_ = -1;
  bool has_handle_ = false;
  bool has_object_ = false;
  napi_ref on_news_ = nullptr;
  napi_async_context context_ = nullptr;
  napi_async_cleanup_hook_handle hook_ = nullptr;
};

int Watches::Begin(uv_loop_t* loop) {
  descriptor_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor_ < 0) return errno;
  int error = uv_poll_init(loop, &poll_, descriptor_);
  if (error == 0) {
    poll_.data = this;
    has_handle_ = true;
    error = uv_poll_start(&poll_, UV_READABLE, OnReadable);
    // Nobody stays for news alone.
    uv_unref(reinterpret_cast<uv_handle_t*>(&poll_));
    if (error == 0 && napi_add_async_cleanup_hook(env_, OnThreadEnd, this, &hook_) != napi_ok) error = UV_ENOMEM;
  }
  if (error == 0) return 0;
  Close();
  return -error;
}

napi_value Watches::Open(napi_env env, napi_value on_news) {
  napi_valuetype type = napi_undefined;
  if (napi_typeof(env, on_news, &type) != napi_ok || type != napi_function) {
    Refuse(env, "not a function");
    return nullptr;
  }
  uv_loop_t* loop = nullptr;
  napi_value object = nullptr;
  napi_value name = nullptr;
  auto* const watches = new (std::nothrow) Watches(env);
  if (watches == nullptr || napi_get_uv_event_loop(env, &loop) != napi_ok || napi_create_object(env, &object) != napi_ok ||
      napi_create_string_latin1(env, "cachette", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_wrap(env, object, watches, OnCollected, nullptr, nullptr) != napi_ok) {
    delete watches;
    return ThrowSystemError(env, ENOMEM, "watch");
  }
  // From here on the object's end is the end of it.
  watches->has_object_ = true;
  if (napi_type_tag_object(env, object, &kTag) != napi_ok || napi_create_reference(env, on_news, 1, &watches->on_news_) != napi_ok ||
      napi_async_init(env, object, name, &watches->context_) != napi_ok)
    return ThrowSystemError(env, ENOMEM, "watch");
  const int error = watches->Begin(loop);
  return error == 0 ? object : ThrowSystemError(env, error, "watch");
}

Watches* Watches::Of(const Call& call, size_t at) {
  napi_valuetype type = napi_undefined;
  bool is_ours = false;
  void* data = nullptr;
  if (napi_typeof(call.env, call.values[at], &type) != napi_ok || type != napi_object ||
      napi_check_object_type_tag(call.env, call.values[at], &kTag, &is_ours) != napi_ok || !is_ours ||
      napi_unwrap(call.env, call.values[at], &data) != napi_ok) {
    Refuse(call.env, "no watches");
    return nullptr;
  }
  return static_cast<Watches*>(data);
}

void Watches::Close() {
  if (descriptor_ < 0) return;
  if (has_handle_) {
    uv_poll_stop(&poll_);
    uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
  }
  // The loop looks at it no more once it was told to close the handle.
  close(descriptor_);
  descriptor_ = -1;
}

void Watches::OnClosed(uv_handle_t* handle) {
  auto* const watches = static_cast<Watches*>(handle->data);
  watches->has_handle_ = false;
  if (watches->hook_ != nullptr) napi_remove_async_cleanup_hook(watches->hook_);
  watches->hook_ = nullptr;
  watches->DeleteIfDone();
}

void Watches::OnThreadEnd(napi_async_cleanup_hook_handle /*hook*/, void* data) {
  // The hook is removed once the handle is closed, and the thread waits for that.
  static_cast<Watches*>(data)->Close();
}

void Watches::Forget(napi_env env) {
  if (on_news_ != nullptr) napi_delete_reference(env, on_news_);
  on_news_ = nullptr;
}

void Watches::OnCollected(napi_env env, void* data, void* /*hint*/) {
  auto* const watches = static_cast<Watches*>(data);
  watches->Close();
  watches->Forget(env);
  if (watches->context_ != nullptr) napi_async_destroy(env, watches->context_);
  watches->has_object_ = false;
  watches->DeleteIfDone();
}

void Watches::DeleteIfDone() {
  if (!has_handle_ && !has_object_) delete this;
}

void Watches::OnReadable(uv_poll_t* poll, int /*status*/, int /*events*/) { static_cast<Watches*>(poll->data)->Read(); }

void Watches::Read() {
  alignas(inotify_event) std::array<char, kBufferBytes> buffer;
  const ssize_t length = read(descriptor_, buffer.data(), buffer.size());
  if (length <= 0 || on_news_ == nullptr) return;
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env_, &scope) != napi_ok) return;
  Tell(buffer.data(), static_cast<size_t>(length));
  napi_close_handle_scope(env_, scope);
}

News NewsOf(uint32_t mask) {
  if ((mask & IN_Q_OVERFLOW) != 0) return News::kLost;
  if ((mask & IN_IGNORED) != 0) return News::kUnwatched;
  if (mask == IN_CLOSE_WRITE) return News::kWritten;
  if (mask == IN_MOVED_TO) return News::kArrived;
  if ((mask & ~(IN_ISDIR | IN_DELETE | IN_DELETE_SELF)) == 0) return News::kRemoved;
  return (mask & ~kContentOnly) == 0 ? News::kContent : News::kNames;
}

/** An array of two numbers for each event; nullptr where there is no room. */
napi_value MakeNumbers(napi_env env, const std::vector<double>& numbers) {
  void* data = nullptr;
  napi_value buffer = nullptr;
  napi_value made = nullptr;
  const size_t bytes = numbers.size() * sizeof(double);
  if (napi_create_arraybuffer(env, bytes, &data, &buffer) != napi_ok) return nullptr;
  std::memcpy(data, numbers.data(), bytes);
  return napi_create_typedarray(env, napi_float64_array, numbers.size(), buffer, 0, &made) == napi_ok ? made : nullptr;
}

void Watches::Tell(const char* bytes, size_t length) {
  std::string names;
  std::vector<double> numbers;
  for (size_t at = 0; at + sizeof(inotify_event) <= length;) {
    inotify_event event;
    std::memcpy(&event, bytes + at, sizeof(event));
    if (!numbers.empty()) names.push_back('\0');
    // Filled up with NUL.
    if (event.len > 0) names.append(bytes + at + sizeof(event), strnlen(bytes + at + sizeof(event), event.len));
    numbers.push_back(event.wd);
    numbers.push_back(static_cast<double>(NewsOf(event.mask)));
    at += sizeof(event) + event.len;
  }
  napi_value receiver = nullptr;
  napi_value on_news = nullptr;
  napi_value arguments[2] = {MakeText(env_, names), MakeNumbers(env_, numbers)};
  if (arguments[0] == nullptr || arguments[1] == nullptr || napi_get_global(env_, &receiver) != napi_ok ||
      napi_get_reference_value(env_, on_news_, &on_news) != napi_ok || on_news == nullptr)
    return;
  if (napi_make_callback(env_, context_, receiver, on_news, 2, arguments, nullptr) != napi_pending_exception) return;
  napi_value error = nullptr;
  if (napi_get_and_clear_last_exception(env_, &error) == napi_ok) napi_fatal_exception(env_, error);
}

napi_value OpenWatches(napi_env env, napi_callback_info info) {
  Call call;
  return ReadCall(env, info, 1, &call) ? Watches::Open(env, call.values[0]) : nullptr;
}

napi_value WatchFolder(napi_env env, napi_callback_info info) {
  Call call;
  std::string path;
  if (!ReadCall(env, info, 2, &call)) return nullptr;
  Watches* const watches = Watches::Of(call, 0);
  if (watches == nullptr || !ReadName(call, 1, NameKind::kText, &path)) return nullptr;
  const int number = inotify_add_watch(watches->descriptor(), path.c_str(), kWanted);
  if (number < 0) return ThrowSystemError(env, errno, "watch");
  napi_value made = nullptr;
  return napi_create_double(env, number, &made) == napi_ok ? made : nullptr;
}

napi_value UnwatchFolder(napi_env env, napi_callback_info info) {
  Call call;
  int64_t number = 0;
  if (!ReadCall(env, info, 2, &call)) return nullptr;
  Watches* const watches = Watches::Of(call, 0);
  if (watches == nullptr || !ReadInteger(call, 1, 0, INT_MAX, &number)) return nullptr;
  // One that the system has ended is unknown to it: as wanted.
  inotify_rm_watch(watches->descriptor(), static_cast<int>(number));
  return nullptr;
}

napi_value CloseWatches(napi_env env, napi_callback_info info) {
  Call call;
  if (!ReadCall(env, info, 1, &call)) return nullptr;
  Watches* const watches = Watches::Of(call, 0);
  if (watches == nullptr) return nullptr;
  watches->Close();
  watches->Forget(env);
  return nullptr;
}

}  // namespace

bool AddFolderWatches(napi_env env, napi_value exports) {
  // What of libuv is called is the same in all of its first version.
  if (uv_version() >> 16 != 1) return true;
  napi_value watches = nullptr;
  return napi_create_object(env, &watches) == napi_ok && AddFunction(env, watches, "open", OpenWatches) &&
         AddFunction(env, watches, "watch", WatchFolder) && AddFunction(env, watches, "unwatch", UnwatchFolder) &&
         AddFunction(env, watches, "close", CloseWatches) && napi_set_named_property(env, exports, "watches", watches) == napi_ok;
}
