#pragma once

#include <node_api.h>

/** giveBackFrom(bytes): src/base/native.ts says what it does. */
napi_value GiveBackFrom(napi_env env, napi_callback_info info);
