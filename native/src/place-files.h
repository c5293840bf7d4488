#pragma once

#include <node_api.h>

/** placeFiles(from, names, to, newNames): src/base/native.ts says what it does. */
napi_value PlaceFiles(napi_env env, napi_callback_info info);
