#pragma once

#include <node_api.h>

/** readFiles(folder, names, sizes): src/base/native.ts says what it does. */
napi_value ReadFiles(napi_env env, napi_callback_info info);
