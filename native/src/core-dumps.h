#pragma once

#include <node_api.h>

/** forbidCoreDumps(): src/base/native.ts says what it does. */
napi_value ForbidCoreDumps(napi_env env, napi_callback_info info);
