// Errors of the system as Node has them: an Error with a `code`. They name the call and nothing of what it was about: names and
// paths stay out of logs.
#pragma once

#include <node_api.h>

/** The Error for what `call` answered. nullptr where none can be made any more. */
napi_value MakeSystemError(napi_env env, int error, const char* call);

/** Throws it; nullptr, to be returned. */
napi_value ThrowSystemError(napi_env env, int error, const char* call);
