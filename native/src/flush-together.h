// One flush for many files.
#pragma once

#include <cstddef>

#include "system-calls.h"

/**
 * A flush of all that is written to a file system from now on, with one call: where that is known to mean the same as a flush of each
 * file, and to cost less than them. That is on the file systems of a computer's own that are listed there, and on a system that tells
 * of writes that failed.
 */
class FlushTogether {
 public:
  /** Before the files are written: what fails from here on is told. `folder`: an open one of that file system. */
  explicit FlushTogether(int folder);

  /**
   * Whether all is durable now; else each file has to be flushed. It is not tried while others have left much unwritten, which would
   * be waited for too. `bytes`: what the caller has written.
   */
  bool Run(size_t bytes) const;

 private:
  Descriptor folder_;
};
