// Work beside the event loop: prepared where JavaScript runs, done in a thread of the pool, told in a promise.
#pragma once

#include <node_api.h>

/** One piece of work. It is made by `new`, and deletes itself once the promise is settled. */
class AsyncTask {
 public:
  AsyncTask() = default;
  virtual ~AsyncTask() = default;
  AsyncTask(const AsyncTask&) = delete;
  AsyncTask& operator=(const AsyncTask&) = delete;

  /** Begins; the promise, or nullptr after an error (the task is gone then, too). */
  static napi_value Start(napi_env env, AsyncTask* task);

 protected:
  /** In another thread: nothing of JavaScript may be touched. */
  virtual void Run() = 0;
  /** What the promise resolves to; nullptr where there is no room for it. Not called after `Fail`. */
  virtual napi_value Conclude(napi_env env) = 0;

  /** The promise rejects with this error of the system. */
  void Fail(int error, const char* call) {
    error_ = error;
    call_ = call;
  }
  bool has_failed() const { return error_ != 0; }

 private:
  static void Execute(napi_env env, void* data);
  static void Complete(napi_env env, napi_status status, void* data);
  void Settle(napi_env env);

  napi_async_work work_ = nullptr;
  napi_deferred deferred_ = nullptr;
  int error_ = 0;
  const char* call_ = "";
};
