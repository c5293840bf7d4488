#include "names.h"

#include <cerrno>
#include <cstdint>

#include "system-error.h"

namespace {

/** PATH_MAX of Linux, with its NUL. No system takes a longer name, path or link. */
constexpr size_t kTextBytes = 4096;

bool IsHigh(char16_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool IsLow(char16_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

void Append(std::string* bytes, uint32_t point) {
  const auto put = [&](uint32_t byte) { bytes->push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | (point >> 6)), put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | (point >> 12)), put(0x80 | ((point >> 6) & 0x3f)), put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | (point >> 18)), put(0x80 | ((point >> 12) & 0x3f)), put(0x80 | ((point >> 6) & 0x3f)), put(0x80 | (point & 0x3f));
  }
}

std::string ToBytes(const char16_t* text, size_t length) {
  std::string bytes;
  bytes.reserve(length);
  for (size_t at = 0; at < length; at += 1) {
    const char16_t unit = text[at];
    if (IsHigh(unit) && at + 1 < length && IsLow(text[at + 1])) {
      at += 1;
      Append(&bytes, 0x10000 + ((uint32_t{unit} - 0xd800) << 10) + (uint32_t{text[at]} - 0xdc00));
    } else if (unit >= 0xdc80 && unit <= 0xdcff) {
      bytes.push_back(static_cast<char>(unit - 0xdc00));
    } else {
      Append(&bytes, IsHigh(unit) || IsLow(unit) ? 0xfffd : unit);
    }
  }
  return bytes;
}

/** Length of the well-formed UTF-8 sequence that begins there, and what it stands for; 0 where there is none (Unicode, table 3-7). */
size_t ReadSequence(std::string_view bytes, size_t at, uint32_t* point) {
  const auto byte = [&](size_t k) { return static_cast<uint8_t>(bytes[at + k]); };
  const uint8_t lead = byte(0);
  const size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || bytes.size() - at < length) return 0;
  if (length == 1) {
    *point = lead;
    return 1;
  }
  uint32_t value = lead & (0x7f >> length);
  for (size_t k = 1; k < length; k += 1) {
    if ((byte(k) & 0xc0) != 0x80) return 0;
    value = (value << 6) | (byte(k) & 0x3f);
  }
  const bool is_overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool is_surrogate = value >= 0xd800 && value < 0xe000;
  if (is_overlong || is_surrogate || value > 0x10ffff) return 0;
  *point = value;
  return length;
}

bool ReadNameValue(napi_env env, napi_value value, NameKind kind, std::string* name) {
  // A unit is a byte at least; one more than fits shows that it does not fit.
  char16_t text[kTextBytes + 1];
  size_t length = 0;
  if (napi_get_value_string_utf16(env, value, text, kTextBytes + 1, &length) != napi_ok) return Refuse(env, "not a name");
  for (size_t at = 0; at < length; at += 1) {
    if (text[at] == 0 || (kind != NameKind::kText && text[at] == '/')) return Refuse(env, "not a name");
  }
  *name = ToBytes(text, length);
  const bool is_self = *name == ".";
  if (name->empty() || (kind != NameKind::kText && *name == "..") || (kind == NameKind::kName && is_self)) return Refuse(env, "not a name");
  if (name->size() >= kTextBytes) {
    ThrowSystemError(env, ENAMETOOLONG, "name");
    return false;
  }
  return true;
}

}  // namespace

bool ReadName(const Call& call, size_t at, NameKind kind, std::string* name) { return ReadNameValue(call.env, call.values[at], kind, name); }

bool ReadNameList(const Call& call, size_t at, size_t most, std::vector<std::string>* names) {
  bool is_array = false;
  uint32_t count = 0;
  if (napi_is_array(call.env, call.values[at], &is_array) != napi_ok || !is_array ||
      napi_get_array_length(call.env, call.values[at], &count) != napi_ok || count > most)
    return Refuse(call.env, "not a list of names, or too long a one");
  names->resize(count);
  for (uint32_t k = 0; k < count; k += 1) {
    napi_value value = nullptr;
    napi_handle_scope scope = nullptr;
    if (napi_open_handle_scope(call.env, &scope) != napi_ok) return false;
    const bool is_read = napi_get_element(call.env, call.values[at], k, &value) == napi_ok &&
                         ReadNameValue(call.env, value, NameKind::kName, &(*names)[k]);
    napi_close_handle_scope(call.env, scope);
    if (!is_read) return false;
  }
  return true;
}

napi_value MakeText(napi_env env, std::string_view bytes) {
  napi_value text = nullptr;
  bool is_ascii = true;
  for (const char each : bytes) is_ascii = is_ascii && static_cast<uint8_t>(each) < 0x80;
  if (is_ascii) return napi_create_string_latin1(env, bytes.data(), bytes.size(), &text) == napi_ok ? text : nullptr;
  std::u16string units;
  units.reserve(bytes.size());
  for (size_t at = 0; at < bytes.size();) {
    uint32_t point = 0;
    const size_t length = ReadSequence(bytes, at, &point);
    if (length == 0) {
      units.push_back(static_cast<char16_t>(0xdc00 + static_cast<uint8_t>(bytes[at])));
    } else if (point < 0x10000) {
      units.push_back(static_cast<char16_t>(point));
    } else {
      units.push_back(static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ff)));
    }
    at += length == 0 ? 1 : length;
  }
  return napi_create_string_utf16(env, units.data(), units.size(), &text) == napi_ok ? text : nullptr;
}
