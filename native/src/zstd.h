#pragma once

#include <node_api.h>

/** Adds `zstd` (src/base/native.ts says what is in it) where the program has a libzstd to call; false where JavaScript failed. */
bool AddZstd(napi_env env, napi_value exports);
