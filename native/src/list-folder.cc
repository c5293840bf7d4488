// A whole folder at once, beside the event loop: what src/disk/list-folder.ts does call by call.
#include "list-folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "arguments.h"
#include "async-task.h"
#include "folder-entries.h"
#include "item-table.h"
#include "system-calls.h"
#include "system-error.h"

namespace {

/** How often a folder is listed again because names came meanwhile. */
constexpr int kTriesMax = 4;
/** Of one table, so that turning it into objects takes a millisecond or two and other work gets its turn. */
constexpr size_t kItemsPerTable = 1024;

bool IsAbsence(int error) { return error == ENOENT || error == ENOTDIR || error == ELOOP; }

class FolderListing : public AsyncTask {
 public:
  explicit FolderListing(Descriptor folder) : folder_(std::move(folder)) {}

 protected:
  /**
   * POSIX lets a listing miss an entry that is renamed meanwhile, and a missing entry would be taken for a deletion. So the names
   * are read again at the end, and once more everything where there are new ones.
   */
  void Run() override {
    if (!ReadNames()) return;
    for (int tries = 1; Look(); tries += 1) {
      const size_t known = names_.size();
      if (!ReadNames() || names_.size() == known || tries == kTriesMax) return;
    }
  }

  napi_value Conclude(napi_env env) override {
    napi_value made = nullptr;
    if (napi_create_array_with_length(env, tables_.size(), &made) != napi_ok) return nullptr;
    for (size_t at = 0; at < tables_.size(); at += 1) {
      napi_value table = tables_[at].Make(env);
      if (table == nullptr || napi_set_element(env, made, static_cast<uint32_t>(at), table) != napi_ok) return nullptr;
    }
    return made;
  }

 private:
  bool ReadNames() {
    if (lseek(folder_.number(), 0, SEEK_SET) != 0) {
      Fail(errno, "lseek");
      return false;
    }
    const int error = ForEachEntry(folder_.number(), [&](const char* name) {
      if (known_.count(name) > 0) return;
      // A deque never moves what is in it.
      known_.insert(names_.emplace_back(name));
    });
    if (error != 0) Fail(error, "getdents");
    return error == 0;
  }

  bool Look() {
    tables_.clear();
    for (const std::string& name : names_) {
      struct statx stat;
      int error = StatAt(folder_.number(), name.c_str(), &stat);
      std::array<char, PATH_MAX> target;
      ssize_t length = 0;
      if (error == 0 && KindOf(stat) == 2) {
        length = readlinkat(folder_.number(), name.c_str(), target.data(), target.size());
        // EINVAL: replaced by something else meanwhile.
        if (length < 0) error = errno == EINVAL ? ENOENT : errno;
      }
      if (IsAbsence(error)) continue;
      if (error == ENOMEM) {
        Fail(error, "lstat");
        return false;
      }
      if (tables_.empty() || tables_.back().count() == kItemsPerTable) tables_.emplace_back();
      if (error != 0) {
        tables_.back().AddUnknown(name, error);
      } else {
        tables_.back().Add(name, stat, 0, {target.data(), static_cast<size_t>(length)});
      }
    }
    return true;
  }

  const Descriptor folder_;
  std::deque<std::string> names_;
  std::unordered_set<std::string_view> known_;
  std::vector<ItemTable> tables_;
};

}  // namespace

napi_value ListFolder(napi_env env, napi_callback_info info) {
  Call call;
  int64_t folder = 0;
  if (!ReadCall(env, info, 1, &call) || !ReadInteger(call, 0, 0, INT_MAX, &folder)) return nullptr;
  // Opened at once: the folder may be closed before a thread comes to it.
  Descriptor readable(OpenAt(static_cast<int>(folder), ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
  if (readable.number() < 0) return ThrowSystemError(env, -readable.number(), "open");
  return AsyncTask::Start(env, new FolderListing(std::move(readable)));
}
