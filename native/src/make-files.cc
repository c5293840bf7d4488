// Many new small files of one folder at once, beside the event loop: made, written, given their times and bits, made durable.
#include "make-files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "async-task.h"
#include "finished-files.h"
#include "flush-together.h"
#include "names.h"
#include "system-calls.h"
#include "system-error.h"
#include "times.h"

namespace {

constexpr size_t kFilesMax = 1024;
constexpr size_t kBytesMax = 64 * 1024 * 1024;
/** Open at the same time. */
constexpr size_t kOpenMax = 256;
/** From so many on, one flush of the file system costs less than one of each file (8.0 s and 2.2 s for 20,000 of 10 KiB on ext4). */
constexpr size_t kTogetherMin = 16;

struct NewFile {
  std::string name;
  std::vector<uint8_t> bytes;
  int64_t time_us;
  bool is_executable;
};

class FileMaking : public AsyncTask {
 public:
  FileMaking(Descriptor folder, std::vector<NewFile> files) : folder_(std::move(folder)), files_(std::move(files)), finished_(files_.size()) {}

 protected:
  void Run() override {
    for (size_t first = 0; first < files_.size(); first += kOpenMax) {
      const size_t end = std::min(files_.size(), first + kOpenMax);
      const FlushTogether flush(folder_.number());
      std::vector<Descriptor> open;
      size_t bytes = 0;
      for (size_t at = first; at < end; at += 1) {
        open.emplace_back(OpenAt(folder_.number(), files_[at].name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
        const int file = open.back().number();
        finished_.Fail(at, file < 0 ? -file : Write(file, files_[at]));
        bytes += files_[at].bytes.size();
      }
      const bool is_durable = end - first >= kTogetherMin && flush.Run(bytes);
      for (size_t at = first; at < end && !is_durable; at += 1) finished_.StartFlush(at, open[at - first].number());
      for (size_t at = first; at < end; at += 1) {
        const int file = open[at - first].number();
        if (!is_durable) finished_.Flush(at, file);
        finished_.Look(at, file);
        // Nothing half-made stays. What was there before is not ours.
        if (finished_.has_failed(at) && file >= 0) unlinkat(folder_.number(), files_[at].name.c_str(), 0);
      }
    }
  }

  napi_value Conclude(napi_env env) override { return finished_.Make(env); }

 private:
  static int Write(int file, const NewFile& wanted) {
    for (size_t done = 0; done < wanted.bytes.size();) {
      const ssize_t count = pwrite(file, wanted.bytes.data() + done, wanted.bytes.size() - done, static_cast<off_t>(done));
      if (count < 0 && errno != EINTR) return errno;
      if (count > 0) done += static_cast<size_t>(count);
    }
    if (wanted.is_executable) {
      const int error = AllowRunning(file);
      if (error != 0) return error;
    }
    const std::array<struct timespec, 2> times = ToTimes(wanted.time_us);
    return futimens(file, times.data()) == 0 ? 0 : errno;
  }

  /** Whoever may read may run, where the file system keeps such bits (src/disk/act/set-mode.ts). */
  static int AllowRunning(int file) {
    struct stat stat;
    if (fstat(file, &stat) != 0) return errno;
    const mode_t mode = stat.st_mode & 07777;
    if (fchmod(file, mode | 0100 | ((mode & 0444) >> 2)) == 0) return 0;
    return errno == EPERM || errno == ENOTSUP || errno == EOPNOTSUPP || errno == ENOSYS ? 0 : errno;
  }

  const Descriptor folder_;
  const std::vector<NewFile> files_;
  FinishedFiles finished_;
};

/** An array of as many Uint8Arrays as there are files, copied: nobody has to leave them as they are until the end. */
bool ReadContents(const Call& call, size_t at, std::vector<NewFile>* files) {
  size_t room = kBytesMax;
  uint32_t count = 0;
  bool is_array = false;
  if (napi_is_array(call.env, call.values[at], &is_array) != napi_ok || !is_array ||
      napi_get_array_length(call.env, call.values[at], &count) != napi_ok || count != files->size())
    return Refuse(call.env, "not one content for each name");
  for (uint32_t k = 0; k < count; k += 1) {
    Call item = {};
    item.env = call.env;
    Bytes content = {};
    napi_handle_scope scope = nullptr;
    if (napi_open_handle_scope(call.env, &scope) != napi_ok) return false;
    const bool is_read = napi_get_element(call.env, call.values[at], k, &item.values[0]) == napi_ok && ReadBytes(item, 0, &content);
    const bool has_room = is_read && content.length <= room;
    if (has_room && content.length > 0) (*files)[k].bytes.assign(content.data, content.data + content.length);
    napi_close_handle_scope(call.env, scope);
    if (!is_read) return false;
    if (!has_room) return Refuse(call.env, "more than may be written at once");
    room -= content.length;
  }
  return true;
}

}  // namespace

napi_value MakeFiles(napi_env env, napi_callback_info info) {
  Call call;
  int64_t folder = 0;
  std::vector<std::string> names;
  std::vector<int64_t> times;
  std::vector<int64_t> executable;
  if (!ReadCall(env, info, 5, &call) || !ReadInteger(call, 0, 0, INT_MAX, &folder) || !ReadNameList(call, 1, kFilesMax, &names) ||
      !ReadIntegers(call, 3, kFilesMax, -kLatestUs, kLatestUs, &times) || !ReadIntegers(call, 4, kFilesMax, 0, 1, &executable))
    return nullptr;
  if (times.size() != names.size() || executable.size() != names.size()) {
    Refuse(env, "not one time and one bit for each name");
    return nullptr;
  }
  std::vector<NewFile> files;
  for (size_t at = 0; at < names.size(); at += 1) files.push_back({std::move(names[at]), {}, times[at], executable[at] == 1});
  if (!ReadContents(call, 2, &files)) return nullptr;
  Descriptor own(OpenAt(static_cast<int>(folder), ".", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
  if (own.number() < 0) return ThrowSystemError(env, -own.number(), "open");
  return AsyncTask::Start(env, new FileMaking(std::move(own), std::move(files)));
}
