#pragma once

#include <node_api.h>

/** giveBackMemory(): src/base/native.ts says what it does. */
napi_value GiveBackMemory(napi_env env, napi_callback_info info);
