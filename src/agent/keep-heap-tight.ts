import v8 from 'node:v8';

/**
 * Has the collector prefer memory over time, until the end of the process. A run's live data stay small whatever the tree's
 * size, but left alone V8 lets garbage grow to several times of them before it looks (measured with 20,000 new files: 560 MB
 * with 35 MB live, against 290). Small runs hardly collect at all, and lose no time.
 */
export function keepHeapTight(): void {
  // Looked at by V8 at each collection, so it may be set while the program runs.
  v8.setFlagsFromString('--optimize-for-size');
}
