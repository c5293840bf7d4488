// What became of files that were written, in a form that JavaScript takes in one piece.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <vector>

/** Outcomes (0, or an error's number) and stats (src/disk/calls/native-calls.ts) of so many files. */
class FinishedFiles {
 public:
  explicit FinishedFiles(size_t count);

  /** What went wrong with this one; nothing more is done with it then. */
  void Fail(size_t at, int error) { outcomes_[at] = error; }
  bool has_failed(size_t at) const { return outcomes_[at] != 0; }
  /** Its bytes on their way to the disk, unless it has failed. */
  void StartFlush(size_t at, int file);
  /** Durable, unless it has failed. */
  void Flush(size_t at, int file);
  /** Notes what it is like, unless it has failed. */
  void Look(size_t at, int file);
  /** Notes what stands at this name; false where that can't be said. */
  bool LookIn(size_t at, int folder, const char* name);
  /** { outcomes, stats }; nullptr after an error. */
  napi_value Make(napi_env env) const;

 private:
  std::vector<double> outcomes_;
  std::vector<uint8_t> stats_;
};
