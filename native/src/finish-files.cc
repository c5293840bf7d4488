// Many written files made durable at once, beside the event loop.
#include "finish-files.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <climits>
#include <utility>
#include <vector>

#include "arguments.h"
#include "async-task.h"
#include "finished-files.h"
#include "times.h"

namespace {

constexpr size_t kFilesMax = 1024;

struct WrittenFile {
  int descriptor;
  int64_t time_us;
};

class FileFinishing : public AsyncTask {
 public:
  explicit FileFinishing(std::vector<WrittenFile> files) : files_(std::move(files)), finished_(files_.size()) {}

 protected:
  void Run() override {
    for (size_t at = 0; at < files_.size(); at += 1) {
      const std::array<struct timespec, 2> times = ToTimes(files_[at].time_us);
      if (futimens(files_[at].descriptor, times.data()) != 0) finished_.Fail(at, errno);
      finished_.StartFlush(at, files_[at].descriptor);
    }
    for (size_t at = 0; at < files_.size(); at += 1) {
      finished_.Flush(at, files_[at].descriptor);
      finished_.Look(at, files_[at].descriptor);
    }
  }

  napi_value Conclude(napi_env env) override { return finished_.Make(env); }

 private:
  const std::vector<WrittenFile> files_;
  FinishedFiles finished_;
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
