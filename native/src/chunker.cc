// Where content is cut (src/vault/FORMAT.md, section 7.1): a 64-bit gear, of whose candidates a keyed SipHash chooses. The same
// as src/vault/chunk/cutter.ts, in 64-bit arithmetic.
#include "chunker.h"

#include <algorithm>
#include <cstring>

#include "arguments.h"

namespace {

/** Bytes that decide about a cut: the rolling value has forgotten what came before. */
constexpr uint64_t kWindowBytes = 64;

/** As `CutRule` writes it: in the byte order of this machine, which is that of whoever wrote it. */
struct Rule {
  uint64_t gear[256];
  uint64_t sip_key[2];
  uint32_t cut_below;
  uint32_t min_bytes;
  uint32_t max_bytes;
  uint32_t unused;
};

/** What is known of the chunk so far. */
struct State {
  uint64_t rolling;
  uint32_t length;
  uint32_t unused;
};

inline uint64_t RotateLeft(uint64_t word, int bits) { return (word << bits) | (word >> (64 - bits)); }

/** SipHash-2-4 of the eight bytes of `word`; its low 32 bits. */
uint32_t SipLow32(const uint64_t key[2], uint64_t word) {
  uint64_t a = key[0] ^ 0x736f6d6570736575;
  uint64_t b = key[1] ^ 0x646f72616e646f6d;
  uint64_t c = key[0] ^ 0x6c7967656e657261;
  uint64_t d = key[1] ^ 0x7465646279746573;
  const auto rounds = [&](int count) {
    for (int round = 0; round < count; round += 1) {
      a += b, b = RotateLeft(b, 13) ^ a, a = RotateLeft(a, 32);
      c += d, d = RotateLeft(d, 16) ^ c;
      a += d, d = RotateLeft(d, 21) ^ a;
      c += b, b = RotateLeft(b, 17) ^ c, c = RotateLeft(c, 32);
    }
  };
  const auto take = [&](uint64_t each) {
    d ^= each;
    rounds(2);
    a ^= each;
  };
  take(word);
  take(uint64_t{8} << 56);
  c ^= 0xff;
  rounds(4);
  return static_cast<uint32_t>(a ^ b ^ c ^ d);
}

/** Whether the rolling value's top eight bits are zero: then the PRF is asked. */
inline bool IsCandidate(uint64_t rolling) { return rolling < uint64_t{1} << 56; }

/** Takes bytes into the rolling value up to just behind the first that makes a candidate, or to `end`. */
const uint8_t* Search(const Rule& rule, const uint8_t* at, const uint8_t* end, uint64_t* rolling) {
  uint64_t value = *rolling;
  const auto take = [&] { return IsCandidate(value = (value << 1) + rule.gear[*at++]); };
  // Written out: what a loop does besides costs as much as the work.
  while (end - at >= 8) {
    if (take() || take() || take() || take() || take() || take() || take() || take()) {
      *rolling = value;
      return at;
    }
  }
  while (at < end && !take()) continue;
  *rolling = value;
  return at;
}

/** The position behind the last byte of the chunk, or -1 where it goes on behind the block. */
int64_t FindCut(const Rule& rule, State* state, const Bytes& block, size_t from) {
  const uint8_t* at = block.data + from;
  const uint8_t* const end = block.data + block.length;
  const auto left = [&] { return static_cast<uint64_t>(end - at); };
  const auto advance = [&](uint64_t count) {
    at += count;
    state->length += static_cast<uint32_t>(count);
  };
  // Below the smallest chunk nothing can cut, so only the bytes of the first window matter.
  const uint64_t blind = rule.min_bytes - kWindowBytes;
  if (state->length < blind) advance(std::min(blind - state->length, left()));
  if (state->length < rule.min_bytes - 1) {
    const uint64_t count = std::min<uint64_t>(rule.min_bytes - 1 - state->length, left());
    for (uint64_t k = 0; k < count; k += 1) state->rolling = (state->rolling << 1) + rule.gear[at[k]];
    advance(count);
  }
  while (at < end) {
    const uint64_t room = std::min<uint64_t>(rule.max_bytes - state->length, left());
    advance(static_cast<uint64_t>(Search(rule, at, at + room, &state->rolling) - at));
    if (state->length == rule.max_bytes || (IsCandidate(state->rolling) && SipLow32(rule.sip_key, state->rolling) < rule.cut_below)) {
      *state = State{};
      return at - block.data;
    }
  }
  return -1;
}

/** `Type` as it stands in bytes of JavaScript, which may stand anywhere in memory. */
template <typename Type>
bool ReadStruct(const Call& call, size_t at, Type* value, Bytes* bytes) {
  if (!ReadBytes(call, at, bytes)) return false;
  if (bytes->length != sizeof(Type)) return Refuse(call.env, "not of the right length");
  std::memcpy(value, bytes->data, sizeof(Type));
  return true;
}

}  // namespace

napi_value NextCut(napi_env env, napi_callback_info info) {
  Call call;
  Rule rule;
  State state;
  Bytes rule_bytes;
  Bytes state_bytes;
  Bytes block;
  int64_t from = 0;
  if (!ReadCall(env, info, 4, &call) || !ReadStruct(call, 0, &rule, &rule_bytes) || !ReadStruct(call, 1, &state, &state_bytes) ||
      !ReadBytes(call, 2, &block) || !ReadInteger(call, 3, 0, static_cast<int64_t>(block.length), &from))
    return nullptr;
  if (rule.min_bytes < kWindowBytes || rule.max_bytes <= rule.min_bytes || state.length >= rule.max_bytes) {
    Refuse(env, "not a rule and a state of it");
    return nullptr;
  }
  const int64_t cut = block.length == 0 ? -1 : FindCut(rule, &state, block, static_cast<size_t>(from));
  std::memcpy(state_bytes.data, &state, sizeof state);
  napi_value result = nullptr;
  napi_create_double(env, static_cast<double>(cut), &result);
  return result;
}
