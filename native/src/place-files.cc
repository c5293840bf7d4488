// Many items of one folder moved into another one, beside the event loop: each to a name that must be free there.
#include "place-files.h"

#include <fcntl.h>

#include <climits>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "async-task.h"
#include "finished-files.h"
#include "names.h"
#include "system-calls.h"
#include "system-error.h"

namespace {

constexpr size_t kFilesMax = 1024;
/** It was placed, and was gone (or can't be looked at) a moment later. */
constexpr int kUnseen = -1;

class FilePlacing : public AsyncTask {
 public:
  FilePlacing(Descriptor from, std::vector<std::string> names, Descriptor to, std::vector<std::string> new_names)
      : from_(std::move(from)), names_(std::move(names)), to_(std::move(to)), new_names_(std::move(new_names)), finished_(names_.size()) {}

 protected:
  void Run() override {
    for (size_t at = 0; at < names_.size(); at += 1) {
      finished_.Fail(at, RenameAt(from_.number(), names_[at].c_str(), to_.number(), new_names_[at].c_str(), kRenameNoReplace));
      if (!finished_.has_failed(at) && !finished_.LookIn(at, to_.number(), new_names_[at].c_str())) finished_.Fail(at, kUnseen);
    }
  }

  napi_value Conclude(napi_env env) override { return finished_.Make(env); }

 private:
  const Descriptor from_;
  const std::vector<std::string> names_;
  const Descriptor to_;
  const std::vector<std::string> new_names_;
  FinishedFiles finished_;
};

Descriptor OpenAgain(int64_t folder) {
  return Descriptor(OpenAt(static_cast<int>(folder), ".", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
}

}  // namespace

napi_value PlaceFiles(napi_env env, napi_callback_info info) {
  Call call;
  int64_t from = 0;
  int64_t to = 0;
  std::vector<std::string> names;
  std::vector<std::string> new_names;
  if (!ReadCall(env, info, 4, &call) || !ReadInteger(call, 0, 0, INT_MAX, &from) || !ReadNameList(call, 1, kFilesMax, &names) ||
      !ReadInteger(call, 2, 0, INT_MAX, &to) || !ReadNameList(call, 3, kFilesMax, &new_names))
    return nullptr;
  if (names.size() != new_names.size()) {
    Refuse(env, "not one new name for each name");
    return nullptr;
  }
  Descriptor own_from = OpenAgain(from);
  if (own_from.number() < 0) return ThrowSystemError(env, -own_from.number(), "open");
  Descriptor own_to = OpenAgain(to);
  if (own_to.number() < 0) return ThrowSystemError(env, -own_to.number(), "open");
  return AsyncTask::Start(env, new FilePlacing(std::move(own_from), std::move(names), std::move(own_to), std::move(new_names)));
}
