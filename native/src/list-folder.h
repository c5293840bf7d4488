#pragma once

#include <node_api.h>

/** listFolder(folder): src/base/native.ts says what it does. */
napi_value ListFolder(napi_env env, napi_callback_info info);
