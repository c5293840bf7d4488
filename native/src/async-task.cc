#include "async-task.h"

#include <cerrno>
#include <memory>

#include "arguments.h"
#include "system-error.h"

napi_value AsyncTask::Start(napi_env env, AsyncTask* task) {
  std::unique_ptr<AsyncTask> owner(task);
  napi_value name = nullptr;
  napi_value promise = nullptr;
  if (napi_create_string_latin1(env, "cachette", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_promise(env, &task->deferred_, &promise) != napi_ok) {
    Refuse(env, "no promise could be made");
    return nullptr;
  }
  if (napi_create_async_work(env, nullptr, name, Execute, Complete, task, &task->work_) != napi_ok ||
      napi_queue_async_work(env, task->work_) != napi_ok) {
    if (task->work_ != nullptr) napi_delete_async_work(env, task->work_);
    napi_reject_deferred(env, task->deferred_, MakeSystemError(env, EAGAIN, "queue"));
    return promise;
  }
  owner.release();
  return promise;
}

void AsyncTask::Execute(napi_env, void* data) { static_cast<AsyncTask*>(data)->Run(); }

void AsyncTask::Complete(napi_env env, napi_status status, void* data) {
  const std::unique_ptr<AsyncTask> task(static_cast<AsyncTask*>(data));
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env, &scope) == napi_ok) {
    // Cancelled only when the thread of JavaScript ends: nobody waits any more.
    if (status != napi_cancelled) task->Settle(env);
    napi_close_handle_scope(env, scope);
  }
  napi_delete_async_work(env, task->work_);
}

void AsyncTask::Settle(napi_env env) {
  napi_value result = error_ == 0 ? Conclude(env) : nullptr;
  if (result != nullptr) {
    napi_resolve_deferred(env, deferred_, result);
    return;
  }
  napi_value reason = nullptr;
  bool is_pending = false;
  if (napi_is_exception_pending(env, &is_pending) == napi_ok && is_pending) {
    napi_get_and_clear_last_exception(env, &reason);
  } else {
    reason = MakeSystemError(env, error_ == 0 ? ENOMEM : error_, error_ == 0 ? "answer" : call_);
  }
  if (reason != nullptr) napi_reject_deferred(env, deferred_, reason);
}
