#pragma once

#include <node_api.h>

/** finishFiles(files, times): src/base/native.ts says what it does. */
napi_value MakeFiles(napi_env env, napi_callback_info info);
