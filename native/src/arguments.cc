#include "arguments.h"

#include <cmath>

bool Refuse(napi_env env, const char* message) {
  napi_throw_type_error(env, nullptr, message);
  return false;
}

bool ReadCall(napi_env env, napi_callback_info info, size_t count, Call* call) {
  size_t given = kArgumentsMax;
  call->env = env;
  if (napi_get_cb_info(env, info, &given, call->values, nullptr, nullptr) != napi_ok) return Refuse(env, "no arguments to read");
  if (given != count) return Refuse(env, "another number of arguments than the function takes");
  return true;
}

bool ReadBytes(const Call& call, size_t at, Bytes* bytes) {
  bool is_typed_array = false;
  if (napi_is_typedarray(call.env, call.values[at], &is_typed_array) != napi_ok || !is_typed_array)
    return Refuse(call.env, "not a Uint8Array");
  napi_typedarray_type type;
  void* data = nullptr;
  size_t length = 0;
  if (napi_get_typedarray_info(call.env, call.values[at], &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array)
    return Refuse(call.env, "not a Uint8Array");
  // Of an empty or detached one: no address at all.
  bytes->data = static_cast<uint8_t*>(data);
  bytes->length = data == nullptr ? 0 : length;
  return true;
}

namespace {

bool ToInteger(napi_env env, double number, int64_t min, int64_t max, int64_t* value) {
  // Written so that NaN is refused too.
  if (!(number >= static_cast<double>(min) && number <= static_cast<double>(max)) || std::floor(number) != number)
    return Refuse(env, "not a whole number in its range");
  *value = static_cast<int64_t>(number);
  return true;
}

}  // namespace

bool ReadInteger(const Call& call, size_t at, int64_t min, int64_t max, int64_t* value) {
  double number = 0;
  if (napi_get_value_double(call.env, call.values[at], &number) != napi_ok) return Refuse(call.env, "not a number");
  return ToInteger(call.env, number, min, max, value);
}

bool ReadIntegers(const Call& call, size_t at, size_t most, int64_t min, int64_t max, std::vector<int64_t>* values) {
  bool is_typed_array = false;
  napi_typedarray_type type = napi_uint8_array;
  size_t length = 0;
  void* data = nullptr;
  if (napi_is_typedarray(call.env, call.values[at], &is_typed_array) != napi_ok || !is_typed_array ||
      napi_get_typedarray_info(call.env, call.values[at], &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_float64_array || length > most || (data == nullptr && length > 0))
    return Refuse(call.env, "not a Float64Array, or too long a one");
  values->resize(length);
  for (size_t k = 0; k < length; k += 1) {
    if (!ToInteger(call.env, static_cast<const double*>(data)[k], min, max, &(*values)[k])) return false;
  }
  return true;
}
