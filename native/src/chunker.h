#pragma once

#include <node_api.h>

/** nextCut(rule, state, block, from): src/base/native.ts says what it does. */
napi_value NextCut(napi_env env, napi_callback_info info);
