// Many written files made durable at once, beside the event loop.
#include "finish-files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <utility>
#include <vector>

#include "arguments.h"
#include "async-task.h"
#include "item-table.h"
#include "stat-words.h"
#include "system-calls.h"
#include "times.h"

namespace {

constexpr size_t kFilesMax = 1024;

struct WrittenFile {
  int descriptor;
  int64_t time_us;
};

class FileFinishing : public AsyncTask {
 public:
  explicit FileFinishing(std::vector<WrittenFile> files)
      : files_(std::move(files)), outcomes_(files_.size(), 0), stats_(files_.size() * sizeof(StatWords)) {}

 protected:
  void Run() override {
    for (size_t at = 0; at < files_.size(); at += 1) {
      const std::array<struct timespec, 2> times = ToTimes(files_[at].time_us);
      if (futimens(files_[at].descriptor, times.data()) != 0) outcomes_[at] = errno;
      // All are on their way to the disk before the first is waited for: what they need of the file system's journal goes with one
      // write of it then. Only a start: whether it is understood does not matter.
      sync_file_range(files_[at].descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    for (size_t at = 0; at < files_.size(); at += 1) {
      if (outcomes_[at] == 0) outcomes_[at] = Flush(files_[at].descriptor);
      struct statx stat;
      if (outcomes_[at] == 0) outcomes_[at] = StatAt(files_[at].descriptor, "", &stat);
      if (outcomes_[at] == 0) WriteStat(stat, stats_.data() + at * sizeof(StatWords));
    }
  }

  napi_value Conclude(napi_env env) override {
    napi_value made = nullptr;
    napi_value outcomes = MakeNumbers(env, outcomes_);
    napi_value buffer = nullptr;
    napi_value stats = nullptr;
    void* data = nullptr;
    if (outcomes == nullptr || napi_create_arraybuffer(env, stats_.size(), &data, &buffer) != napi_ok) return nullptr;
    if (!stats_.empty()) std::memcpy(data, stats_.data(), stats_.size());
    if (napi_create_typedarray(env, napi_uint8_array, stats_.size(), buffer, 0, &stats) != napi_ok ||
        napi_create_object(env, &made) != napi_ok || napi_set_named_property(env, made, "outcomes", outcomes) != napi_ok ||
        napi_set_named_property(env, made, "stats", stats) != napi_ok)
      return nullptr;
    return made;
  }

 private:
  static int Flush(int file) {
    while (fsync(file) != 0) {
      if (errno != EINTR) return errno;
    }
    return 0;
  }

  const std::vector<WrittenFile> files_;
  std::vector<double> outcomes_;
  std::vector<uint8_t> stats_;
};

}  // namespace

napi_value FinishFiles(napi_env env, napi_callback_info info) {
  Call call;
  std::vector<int64_t> descriptors;
  std::vector<int64_t> times;
  if (!ReadCall(env, info, 2, &call) || !ReadIntegers(call, 0, kFilesMax, 0, INT_MAX, &descriptors) ||
      !ReadIntegers(call, 1, kFilesMax, -kLatestUs, kLatestUs, &times))
    return nullptr;
  if (times.size() != descriptors.size()) {
    Refuse(env, "not one time for each file");
    return nullptr;
  }
  std::vector<WrittenFile> files;
  for (size_t at = 0; at < descriptors.size(); at += 1) files.push_back({static_cast<int>(descriptors[at]), times[at]});
  return AsyncTask::Start(env, new FileFinishing(std::move(files)));
}
