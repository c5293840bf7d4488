#include "system-error.h"

#include <cerrno>
#include <string>

namespace {

std::string CodeOf(int error) {
  switch (error) {
#define CACHETTE_CODE(code) \
  case code:                \
    return #code;
    CACHETTE_CODE(E2BIG)
    CACHETTE_CODE(EACCES)
    CACHETTE_CODE(EAGAIN)
    CACHETTE_CODE(EBADF)
    CACHETTE_CODE(EBADMSG)
    CACHETTE_CODE(EBUSY)
    CACHETTE_CODE(EDQUOT)
    CACHETTE_CODE(EEXIST)
    CACHETTE_CODE(EFAULT)
    CACHETTE_CODE(EFBIG)
    CACHETTE_CODE(EHOSTDOWN)
    CACHETTE_CODE(EILSEQ)
    CACHETTE_CODE(EINTR)
    CACHETTE_CODE(EINVAL)
    CACHETTE_CODE(EIO)
    CACHETTE_CODE(EISDIR)
    CACHETTE_CODE(ELOOP)
    CACHETTE_CODE(EMFILE)
    CACHETTE_CODE(EMLINK)
    CACHETTE_CODE(ENAMETOOLONG)
    CACHETTE_CODE(ENFILE)
    CACHETTE_CODE(ENODEV)
    CACHETTE_CODE(ENOENT)
    CACHETTE_CODE(ENOMEM)
    CACHETTE_CODE(ENOSPC)
    CACHETTE_CODE(ENOSYS)
    CACHETTE_CODE(ENOTCONN)
    CACHETTE_CODE(ENOTDIR)
    CACHETTE_CODE(ENOTEMPTY)
    CACHETTE_CODE(ENOTSUP)
    CACHETTE_CODE(ENXIO)
    CACHETTE_CODE(EOVERFLOW)
    CACHETTE_CODE(EPERM)
    CACHETTE_CODE(EREMOTEIO)
    CACHETTE_CODE(EROFS)
    CACHETTE_CODE(ESTALE)
    CACHETTE_CODE(ETIMEDOUT)
    CACHETTE_CODE(ETXTBSY)
    CACHETTE_CODE(EUCLEAN)
    CACHETTE_CODE(EXDEV)
#undef CACHETTE_CODE
    default:
      return "E" + std::to_string(error);
  }
}

}  // namespace

napi_value MakeSystemError(napi_env env, int error, const char* call) {
  const std::string code = CodeOf(error);
  const std::string message = code + ": " + call;
  napi_value code_value = nullptr;
  napi_value message_value = nullptr;
  napi_value made = nullptr;
  if (napi_create_string_latin1(env, code.data(), code.size(), &code_value) != napi_ok ||
      napi_create_string_latin1(env, message.data(), message.size(), &message_value) != napi_ok ||
      napi_create_error(env, code_value, message_value, &made) != napi_ok)
    return nullptr;
  return made;
}

napi_value ThrowSystemError(napi_env env, int error, const char* call) {
  napi_value made = MakeSystemError(env, error, call);
  if (made != nullptr) napi_throw(env, made);
  return nullptr;
}
