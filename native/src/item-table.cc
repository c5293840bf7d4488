#include "item-table.h"

#include <sys/stat.h>

#include <cmath>
#include <cstring>

#include "names.h"
#include "system-calls.h"

namespace {

constexpr int kFile = 0;
constexpr int kFolder = 1;

double ToMicroseconds(const struct statx_timestamp& time) {
  return static_cast<double>(time.tv_sec) * 1'000'000 + std::floor(static_cast<double>(time.tv_nsec) / 1000);
}

}  // namespace

void ItemTable::AddText(std::string_view text) {
  if (!texts_.empty() || !numbers_.empty()) texts_.push_back('\0');
  texts_.append(text);
}

void ItemTable::Add(std::string_view name, const struct statx& stat, double outcome, std::string_view target) {
  const int kind = KindOf(stat);
  const int64_t birth = BirthOf(stat);
  const std::string inode = std::to_string(stat.stx_ino);
  AddText(name);
  texts_.push_back('\0');
  if (birth != 0 && stat.stx_ino != 0) texts_.append(inode).append(":").append(std::to_string(birth));
  texts_.push_back('\0');
  if (kind != kFolder) {
    texts_.append(inode).append(":").append(std::to_string(stat.stx_size)).append(":");
    texts_.append(std::to_string(ToNanoseconds(stat.stx_mtime))).append(":").append(std::to_string(ToNanoseconds(stat.stx_ctime)));
  }
  texts_.push_back('\0');
  texts_.append(std::to_string(DeviceOf(stat)));
  if (kind == kFolder && MountOf(stat) != 0) texts_.append(":").append(std::to_string(MountOf(stat)));
  texts_.push_back('\0');
  texts_.append(target);
  const bool is_executable = kind == kFile && (stat.stx_mode & 0100) != 0;
  for (const double number : {outcome, static_cast<double>(kind), kind == kFile ? static_cast<double>(stat.stx_size) : 0,
                              ToMicroseconds(stat.stx_mtime), is_executable ? 1.0 : 0.0})
    numbers_.push_back(number);
}

void ItemTable::AddUnknown(std::string_view name, double outcome) {
  AddText(name);
  texts_.append(4, '\0');
  for (const double number : {outcome, 0.0, 0.0, 0.0, 0.0}) numbers_.push_back(number);
}

napi_value ItemTable::Make(napi_env env) const {
  napi_value made = nullptr;
  napi_value texts = MakeText(env, texts_);
  napi_value numbers = MakeNumbers(env, numbers_);
  if (texts == nullptr || numbers == nullptr || napi_create_object(env, &made) != napi_ok ||
      napi_set_named_property(env, made, "texts", texts) != napi_ok ||
      napi_set_named_property(env, made, "numbers", numbers) != napi_ok)
    return nullptr;
  return made;
}

napi_value MakeNumbers(napi_env env, const std::vector<double>& numbers) {
  void* data = nullptr;
  napi_value buffer = nullptr;
  napi_value made = nullptr;
  if (napi_create_arraybuffer(env, numbers.size() * sizeof(double), &data, &buffer) != napi_ok) return nullptr;
  if (!numbers.empty()) std::memcpy(data, numbers.data(), numbers.size() * sizeof(double));
  return napi_create_typedarray(env, napi_float64_array, numbers.size(), buffer, 0, &made) == napi_ok ? made : nullptr;
}
