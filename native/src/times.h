#pragma once

#include <array>
#include <cstdint>
#include <ctime>

/** The latest time that is taken, and before 1970 the earliest. */
constexpr int64_t kLatestUs = int64_t{1} << 53;

/** Access and modification, both at so many microseconds since 1970. */
inline std::array<struct timespec, 2> ToTimes(int64_t us) {
  int64_t seconds = us / 1'000'000;
  int64_t rest = us % 1'000'000;
  if (rest < 0) seconds -= 1, rest += 1'000'000;
  const struct timespec time = {static_cast<time_t>(seconds), static_cast<long>(rest * 1000)};
  return {time, time};
}
