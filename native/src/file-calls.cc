// The synchronous calls of src/disk/calls/file-calls.ts: each is one call of the system on a name in an open folder. No path is built
// and none resolved, no link is followed.
#include "file-calls.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string>

#include "add-function.h"
#include "arguments.h"
#include "finish-files.h"
#include "folder-entries.h"
#include "list-folder.h"
#include "make-files.h"
#include "names.h"
#include "place-files.h"
#include "read-files.h"
#include "stat-words.h"
#include "system-calls.h"
#include "system-error.h"
#include "times.h"

namespace {

bool ReadDescriptor(const Call& call, size_t at, int* descriptor) {
  int64_t number = 0;
  if (!ReadInteger(call, at, 0, INT_MAX, &number)) return false;
  *descriptor = static_cast<int>(number);
  return true;
}

/** A name in an open folder: two arguments. */
struct Place {
  int folder;
  std::string name;
};

bool ReadPlace(const Call& call, size_t at, Place* place) {
  return ReadDescriptor(call, at, &place->folder) && ReadName(call, at + 1, NameKind::kName, &place->name);
}

napi_value MakeNumber(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

/** Nothing, or throws what a call that answers 0 or -1 failed with. */
napi_value Conclude(napi_env env, int answer, const char* call) {
  return answer == 0 ? nullptr : ThrowSystemError(env, errno, call);
}

napi_value MakeDescriptor(napi_env env, int descriptor) {
  return descriptor < 0 ? ThrowSystemError(env, -descriptor, "open") : MakeNumber(env, descriptor);
}

napi_value OpenTop(napi_env env, napi_callback_info info) {
  Call call;
  std::string path;
  if (!ReadCall(env, info, 1, &call) || !ReadName(call, 0, NameKind::kText, &path)) return nullptr;
  return MakeDescriptor(env, OpenAt(AT_FDCWD, path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
}

napi_value OpenFolder(napi_env env, napi_callback_info info) {
  Call call;
  Place place;
  if (!ReadCall(env, info, 2, &call) || !ReadDescriptor(call, 0, &place.folder) ||
      !ReadName(call, 1, NameKind::kNameOrSelf, &place.name))
    return nullptr;
  return MakeDescriptor(env, OpenAt(place.folder, place.name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
}

napi_value OpenFile(napi_env env, napi_callback_info info) {
  Call call;
  Place place;
  int64_t creates = 0;
  if (!ReadCall(env, info, 3, &call) || !ReadPlace(call, 0, &place) || !ReadInteger(call, 2, 0, 1, &creates)) return nullptr;
  const int flags = (creates == 1 ? O_RDWR | O_CREAT | O_EXCL : O_RDONLY | O_NONBLOCK | O_NOCTTY) | O_NOFOLLOW | O_CLOEXEC;
  return MakeDescriptor(env, OpenAt(place.folder, place.name.c_str(), flags, 0644));
}

napi_value CloseDescriptor(napi_env env, napi_callback_info info) {
  Call call;
  int descriptor = 0;
  if (!ReadCall(env, info, 1, &call) || !ReadDescriptor(call, 0, &descriptor)) return nullptr;
  // Interrupted, it is closed nevertheless on Linux.
  if (close(descriptor) != 0 && errno != EINTR) return ThrowSystemError(env, errno, "close");
  return nullptr;
}

bool ReadStatWords(const Call& call, size_t at, Bytes* bytes) {
  if (!ReadBytes(call, at, bytes)) return false;
  return bytes->length == sizeof(StatWords) || Refuse(call.env, "not of the right length");
}

napi_value StatEntry(napi_env env, napi_callback_info info) {
  Call call;
  Place place;
  Bytes into;
  if (!ReadCall(env, info, 3, &call) || !ReadPlace(call, 0, &place) || !ReadStatWords(call, 2, &into)) return nullptr;
  struct statx stat;
  const int error = StatAt(place.folder, place.name.c_str(), &stat);
  if (error != 0 && error != ENOENT && error != ENOTDIR) return ThrowSystemError(env, error, "lstat");
  if (error == 0) WriteStat(stat, into.data);
  napi_value is_there = nullptr;
  napi_get_boolean(env, error == 0, &is_there);
  return is_there;
}

napi_value StatOpen(napi_env env, napi_callback_info info) {
  Call call;
  int descriptor = 0;
  Bytes into;
  if (!ReadCall(env, info, 2, &call) || !ReadDescriptor(call, 0, &descriptor) || !ReadStatWords(call, 1, &into)) return nullptr;
  struct statx stat;
  const int error = StatAt(descriptor, "", &stat);
  if (error != 0) return ThrowSystemError(env, error, "fstat");
  WriteStat(stat, into.data);
  return nullptr;
}

napi_value ReadNames(napi_env env, napi_callback_info info) {
  Call call;
  int folder = 0;
  if (!ReadCall(env, info, 1, &call) || !ReadDescriptor(call, 0, &folder)) return nullptr;
  const Descriptor readable(OpenAt(folder, ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
  if (readable.number() < 0) return ThrowSystemError(env, -readable.number(), "open");
  std::string names;
  const int error = ForEachEntry(readable.number(), [&](const char* name) { names.append(name).push_back('\0'); });
  if (error != 0) return ThrowSystemError(env, error, "getdents");
  if (!names.empty()) names.pop_back();
  return MakeText(env, names);
}

napi_value ReadLink(napi_env env, napi_callback_info info) {
  Call call;
  Place place;
  if (!ReadCall(env, info, 2, &call) || !ReadPlace(call, 0, &place)) return nullptr;
  std::array<char, PATH_MAX> target;
  const ssize_t length = readlinkat(place.folder, place.name.c_str(), target.data(), target.size());
  if (length < 0) return ThrowSystemError(env, errno, "readlink");
  return MakeText(env, {target.data(), static_cast<size_t>(length)});
}

napi_value MakeFolder(napi_env env, napi_callback_info info) {
  Call call;
  Place place;
  int64_t mode = 0;
  if (!ReadCall(env, info, 3, &call) || !ReadPlace(call, 0, &place) || !ReadInteger(call, 2, 0, 07777, &mode)) return nullptr;
  return Conclude(env, mkdirat(place.folder, place.name.c_str(), static_cast<mode_t>(mode)), "mkdir");
}

napi_value MakeLink(napi_env env, napi_callback_info info) {
  Call call;
  Place place;
  std::string target;
  if (!ReadCall(env, info, 3, &call) || !ReadName(call, 0, NameKind::kText, &target) || !ReadPlace(call, 1, &place)) return nullptr;
  return Conclude(env, symlinkat(target.c_str(), place.folder, place.name.c_str()), "symlink");
}

napi_value Link(napi_env env, napi_callback_info info) {
  Call call;
  Place from;
  Place to;
  if (!ReadCall(env, info, 4, &call) || !ReadPlace(call, 0, &from) || !ReadPlace(call, 2, &to)) return nullptr;
  return Conclude(env, linkat(from.folder, from.name.c_str(), to.folder, to.name.c_str(), 0), "link");
}

napi_value Rename(napi_env env, napi_callback_info info) {
  Call call;
  Place from;
  Place to;
  int64_t how = 0;
  if (!ReadCall(env, info, 5, &call) || !ReadPlace(call, 0, &from) || !ReadPlace(call, 2, &to) || !ReadInteger(call, 4, 0, 2, &how))
    return nullptr;
  const unsigned flags = how == 0 ? 0 : how == 1 ? kRenameNoReplace : kRenameExchange;
  const int error = RenameAt(from.folder, from.name.c_str(), to.folder, to.name.c_str(), flags);
  return error == 0 ? nullptr : ThrowSystemError(env, error, "rename");
}

napi_value Remove(napi_env env, napi_callback_info info) {
  Call call;
  Place place;
  int64_t is_folder = 0;
  if (!ReadCall(env, info, 3, &call) || !ReadPlace(call, 0, &place) || !ReadInteger(call, 2, 0, 1, &is_folder)) return nullptr;
  return Conclude(env, unlinkat(place.folder, place.name.c_str(), is_folder == 1 ? AT_REMOVEDIR : 0), is_folder == 1 ? "rmdir" : "unlink");
}

/** Both times, access and modification, from microseconds since 1970. */
bool ReadTimes(const Call& call, size_t at, std::array<struct timespec, 2>* times) {
  int64_t us = 0;
  if (!ReadInteger(call, at, -kLatestUs, kLatestUs, &us)) return false;
  *times = ToTimes(us);
  return true;
}

napi_value SetLinkTime(napi_env env, napi_callback_info info) {
  Call call;
  Place place;
  std::array<struct timespec, 2> times;
  if (!ReadCall(env, info, 3, &call) || !ReadPlace(call, 0, &place) || !ReadTimes(call, 2, &times)) return nullptr;
  return Conclude(env, utimensat(place.folder, place.name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW), "utime");
}

napi_value SetFileTime(napi_env env, napi_callback_info info) {
  Call call;
  int file = 0;
  std::array<struct timespec, 2> times;
  if (!ReadCall(env, info, 2, &call) || !ReadDescriptor(call, 0, &file) || !ReadTimes(call, 1, &times)) return nullptr;
  return Conclude(env, futimens(file, times.data()), "futime");
}

napi_value SetFileMode(napi_env env, napi_callback_info info) {
  Call call;
  int file = 0;
  int64_t mode = 0;
  if (!ReadCall(env, info, 2, &call) || !ReadDescriptor(call, 0, &file) || !ReadInteger(call, 1, 0, 07777, &mode)) return nullptr;
  return Conclude(env, fchmod(file, static_cast<mode_t>(mode)), "fchmod");
}

/** Whether the file system has set the blocks aside; the file keeps its length. */
napi_value Allocate(napi_env env, napi_callback_info info) {
  Call call;
  int file = 0;
  int64_t bytes = 0;
  if (!ReadCall(env, info, 2, &call) || !ReadDescriptor(call, 0, &file) || !ReadInteger(call, 1, 1, 1LL << 53, &bytes)) return nullptr;
  int answer = 0;
  do answer = fallocate(file, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes));
  while (answer != 0 && errno == EINTR);
  // A file system that can't, or a kernel or filter that does not know it: the writes take their blocks themselves.
  const bool is_unknown = answer != 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EPERM || errno == EINVAL || errno == ENODEV);
  if (answer != 0 && !is_unknown) return ThrowSystemError(env, errno, "fallocate");
  napi_value is_done = nullptr;
  napi_get_boolean(env, answer == 0, &is_done);
  return is_done;
}

}  // namespace

bool AddFileCalls(napi_env env, napi_value exports) {
  struct statx stat;
  // Before Linux 4.11, or behind a filter that does not know it.
  if (StatAt(AT_FDCWD, "/", &stat) != 0) return true;
  napi_value files = nullptr;
  if (napi_create_object(env, &files) != napi_ok || napi_set_named_property(env, exports, "files", files) != napi_ok) return false;
  return AddFunction(env, files, "openTop", OpenTop) && AddFunction(env, files, "openFolder", OpenFolder) &&
         AddFunction(env, files, "openFile", OpenFile) && AddFunction(env, files, "close", CloseDescriptor) &&
         AddFunction(env, files, "statEntry", StatEntry) && AddFunction(env, files, "statOpen", StatOpen) &&
         AddFunction(env, files, "readNames", ReadNames) && AddFunction(env, files, "readLink", ReadLink) &&
         AddFunction(env, files, "makeFolder", MakeFolder) && AddFunction(env, files, "makeLink", MakeLink) &&
         AddFunction(env, files, "link", Link) && AddFunction(env, files, "rename", Rename) &&
         AddFunction(env, files, "remove", Remove) && AddFunction(env, files, "setLinkTime", SetLinkTime) &&
         AddFunction(env, files, "listFolder", ListFolder) && AddFunction(env, files, "readFiles", ReadFiles) &&
         AddFunction(env, files, "finishFiles", FinishFiles) && AddFunction(env, files, "makeFiles", MakeFiles) &&
         AddFunction(env, files, "placeFiles", PlaceFiles) &&
         AddFunction(env, files, "setFileTime", SetFileTime) && AddFunction(env, files, "setFileMode", SetFileMode) &&
         AddFunction(env, files, "allocate", Allocate);
}
