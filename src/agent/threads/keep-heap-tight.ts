import v8 from 'node:v8';
import { giveYoungRoom } from './give-young-room.ts';

/** How far the heap grows before the collector looks, in percent of what lived after the last time. */
const growths = { tight: 60, loose: 400 } as const;
let growth: keyof typeof growths | undefined;

/**
 * Has the collector look when the heap is two thirds more than what lived in it, until the end of the process. A run's live data stay
 * small whatever the tree's size, but left alone V8 lets garbage grow to several times of them before it looks (measured with 20,000
 * new files: 430 MB with 35 MB live, against 250; `--optimize-for-size` makes the collector's work twice as much for nothing more).
 * Small runs hardly collect at all, and lose no time.
 */
export function keepHeapTight(): void {
  growHeap('tight');
  // With so little to look through, waiting for helping threads takes longer than the work; and the workers have use for the other cores.
  v8.setFlagsFromString('--no-parallel-scavenge');
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  giveYoungRoom();
}

/**
 * 'loose' while packs of large chunks come in: what is in memory then are buffers, which count for the heap's growth, and are let go of at
 * once without the collector. It would be called by each second pack, for nothing (40 times for 1 GiB, a fifth of all processor time).
 */
export function growHeap(wanted: keyof typeof growths): void {
  // Looked at by V8 at each collection, so it may be set while the program runs.
  if (growth !== wanted) v8.setFlagsFromString(`--heap-growing-percent=${growths[wanted]}`);
  growth = wanted;
}
