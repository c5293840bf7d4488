#include "finished-files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "item-table.h"
#include "stat-words.h"
#include "system-calls.h"

namespace {

int FlushOne(int file) {
  while (fsync(file) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

FinishedFiles::FinishedFiles(size_t count) : outcomes_(count, 0), stats_(count * sizeof(StatWords)) {}

void FinishedFiles::StartFlush(size_t at, int file) {
  // All are on their way to the disk before the first is waited for: what they need of the file system's journal goes with one
  // write of it then. Only a start: whether it is understood does not matter.
  if (!has_failed(at)) sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
}

void FinishedFiles::Flush(size_t at, int file) {
  if (!has_failed(at)) Fail(at, FlushOne(file));
}

void FinishedFiles::Look(size_t at, int file) {
  struct statx stat;
  if (!has_failed(at)) Fail(at, StatAt(file, "", &stat));
  if (!has_failed(at)) WriteStat(stat, stats_.data() + at * sizeof(StatWords));
}

bool FinishedFiles::LookIn(size_t at, int folder, const char* name) {
  struct statx stat;
  if (StatAt(folder, name, &stat) != 0) return false;
  WriteStat(stat, stats_.data() + at * sizeof(StatWords));
  return true;
}

napi_value FinishedFiles::Make(napi_env env) const {
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
