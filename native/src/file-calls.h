#pragma once

#include <node_api.h>

/** Adds `files`, the calls of src/disk/calls/file-calls.ts, to `exports`; nothing where the kernel lacks what they need. */
bool AddFileCalls(napi_env env, napi_value exports);
