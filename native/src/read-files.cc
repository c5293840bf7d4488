// Many small files of one folder at once, beside the event loop: what src/disk/read-file.ts does call by call, for files that are
// as large as they are said to be.
#include "read-files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "async-task.h"
#include "item-table.h"
#include "names.h"
#include "system-calls.h"
#include "system-error.h"

namespace {

constexpr size_t kFilesMax = 1024;
constexpr int64_t kBytesMax = 64 * 1024 * 1024;
/** Open at the same time, so that the system reads on in some while others are taken in. */
constexpr size_t kOpenMax = 32;

/** Outcomes beside errors of the system. */
constexpr double kRead = 0;
constexpr double kChanged = -1;

bool IsSame(const struct statx& a, const struct statx& b) {
  return a.stx_ino == b.stx_ino && DeviceOf(a) == DeviceOf(b) && a.stx_size == b.stx_size && BirthOf(a) == BirthOf(b) &&
         ToNanoseconds(a.stx_mtime) == ToNanoseconds(b.stx_mtime) && ToNanoseconds(a.stx_ctime) == ToNanoseconds(b.stx_ctime);
}

class FileReading : public AsyncTask {
 public:
  FileReading(Descriptor folder, std::vector<std::string> names, std::vector<size_t> sizes)
      : folder_(std::move(folder)), names_(std::move(names)), sizes_(std::move(sizes)) {}

  /** Memory for the contents. It is held until the end. */
  bool Reserve(napi_env env, size_t length) {
    void* data = nullptr;
    napi_value buffer = nullptr;
    if (napi_create_arraybuffer(env, length, &data, &buffer) != napi_ok || napi_create_reference(env, buffer, 1, &buffer_) != napi_ok)
      return false;
    bytes_ = static_cast<uint8_t*>(data);
    length_ = length;
    return true;
  }

 protected:
  void Run() override {
    uint8_t* into = bytes_;
    for (size_t from = 0; from < names_.size(); from += kOpenMax) {
      const size_t to = std::min(names_.size(), from + kOpenMax);
      std::vector<Descriptor> files;
      for (size_t at = from; at < to; at += 1) {
        files.emplace_back(OpenAt(folder_.number(), names_[at].c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0));
        if (files.back().number() >= 0) posix_fadvise(files.back().number(), 0, 0, POSIX_FADV_WILLNEED);
      }
      for (size_t at = from; at < to; at += 1) {
        Read(at, files[at - from].number(), into);
        into += sizes_[at];
      }
    }
  }

  napi_value Conclude(napi_env env) override {
    napi_value buffer = nullptr;
    napi_value bytes = nullptr;
    if (napi_get_reference_value(env, buffer_, &buffer) != napi_ok || napi_delete_reference(env, buffer_) != napi_ok) return nullptr;
    napi_value made = table_.Make(env);
    if (made == nullptr || napi_create_typedarray(env, napi_uint8_array, length_, buffer, 0, &bytes) != napi_ok ||
        napi_set_named_property(env, made, "bytes", bytes) != napi_ok)
      return nullptr;
    return made;
  }

 private:
  void Read(size_t at, int file, uint8_t* into) {
    struct statx before;
    struct statx after;
    int error = file < 0 ? -file : StatAt(file, "", &before);
    // Nothing is read of what is no file: it may never end, or do something.
    if (error == 0 && (KindOf(before) != 0 || before.stx_size != sizes_[at])) return AddChanged();
    if (error == 0) error = Fill(file, into, sizes_[at]);
    if (error == kEnded) return AddChanged();
    if (error == 0) error = StatAt(file, "", &after);
    if (error != 0) return table_.AddUnknown("", error);
    if (!IsSame(before, after)) return AddChanged();
    table_.Add("", after, kRead, "");
  }

  void AddChanged() { table_.AddUnknown("", kChanged); }

  static constexpr int kEnded = -1;

  /** 0, `kEnded` where the file ends before, or the error. */
  static int Fill(int file, uint8_t* into, size_t length) {
    for (size_t done = 0; done < length;) {
      const ssize_t count = pread(file, into + done, length - done, static_cast<off_t>(done));
      if (count == 0) return kEnded;
      if (count < 0 && errno != EINTR) return errno;
      if (count > 0) done += static_cast<size_t>(count);
    }
    return 0;
  }

  const Descriptor folder_;
  const std::vector<std::string> names_;
  const std::vector<size_t> sizes_;
  napi_ref buffer_ = nullptr;
  uint8_t* bytes_ = nullptr;
  size_t length_ = 0;
  ItemTable table_;
};

/** As many sizes as there are names, of no more than may be read at once together. */
bool ReadSizes(const Call& call, size_t at, size_t count, std::vector<size_t>* sizes, size_t* total) {
  std::vector<int64_t> numbers;
  if (!ReadIntegers(call, at, kFilesMax, 0, kBytesMax, &numbers)) return false;
  if (numbers.size() != count) return Refuse(call.env, "not one size for each name");
  int64_t sum = 0;
  for (const int64_t size : numbers) {
    sum += size;
    sizes->push_back(static_cast<size_t>(size));
  }
  *total = static_cast<size_t>(sum);
  return sum <= kBytesMax || Refuse(call.env, "more than may be read at once");
}

}  // namespace

napi_value ReadFiles(napi_env env, napi_callback_info info) {
  Call call;
  int64_t folder = 0;
  std::vector<std::string> names;
  std::vector<size_t> sizes;
  size_t total = 0;
  if (!ReadCall(env, info, 3, &call) || !ReadInteger(call, 0, 0, INT_MAX, &folder) || !ReadNameList(call, 1, kFilesMax, &names) ||
      !ReadSizes(call, 2, names.size(), &sizes, &total))
    return nullptr;
  Descriptor own(OpenAt(static_cast<int>(folder), ".", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
  if (own.number() < 0) return ThrowSystemError(env, -own.number(), "open");
  auto* reading = new FileReading(std::move(own), std::move(names), std::move(sizes));
  if (!reading->Reserve(env, total)) {
    delete reading;
    return ThrowSystemError(env, ENOMEM, "reserve");
  }
  return AsyncTask::Start(env, reading);
}
