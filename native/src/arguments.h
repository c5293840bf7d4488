// Reading what JavaScript hands in. Nothing is believed: each function answers false after it has thrown a TypeError, and the
// caller returns nullptr then.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

constexpr size_t kArgumentsMax = 8;

struct Call {
  napi_env env;
  napi_value values[kArgumentsMax];
};

/** Bytes of a Uint8Array. They stay where they are until the call returns. */
struct Bytes {
  uint8_t* data;
  size_t length;
};

/** Takes exactly `count` arguments. */
bool ReadCall(napi_env env, napi_callback_info info, size_t count, Call* call);

/** A Uint8Array (or Buffer) of any length, empty ones included. */
bool ReadBytes(const Call& call, size_t at, Bytes* bytes);

/** A whole number from `min` to `max`, both within 2^53 of zero. */
bool ReadInteger(const Call& call, size_t at, int64_t min, int64_t max, int64_t* value);

/** A Float64Array of at most `most` such numbers. */
bool ReadIntegers(const Call& call, size_t at, size_t most, int64_t min, int64_t max, std::vector<int64_t>* values);

/** Throws a TypeError with this message and answers false. */
bool Refuse(napi_env env, const char* message);
