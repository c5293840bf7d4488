import v8 from 'node:v8';
import vm from 'node:vm';
import { native } from '../../base/native.ts';

/** Less than that is left where it is: looking for it holds up everything else for a tenth of a second. */
const worthBytes = 16 * 1024 * 1024;

/** V8's own call. `last-resort` also gives emptied pages back, and the young objects' room. */
type Collect = (options: { readonly type: 'major' | 'minor'; readonly execution: 'sync'; readonly flavor?: 'last-resort' }) => void;

let collect: Collect | undefined;
/** What the process had in memory when it was last made small. */
let leftBytes = 0;

/**
 * Gives back to the system what a process at rest has no use for. V8 collects when something is allocated, so what a long pass left
 * behind would stay for as long as nothing happens (measured with 100,000 files: 134 MB, of which 88 are left). Does nothing where
 * the process has hardly grown since the last time. To be called where nobody waits.
 */
export function shrinkHeap(): void {
  if (process.memoryUsage.rss() < leftBytes + worthBytes) return;
  collect ??= findCollector();
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  native?.giveBackMemory?.();
  leftBytes = process.memoryUsage.rss();
}

/**
 * Lets go of what came and went just now, in a millisecond or two. To be called after each pack that came in: a connection brings it in
 * buffers of 64 KiB, which are copied and forgotten, and V8, to which such a buffer is a small object, takes its time with them (50 MB
 * more, measured with 256 MiB from a server).
 */
export function collectYoung(): void {
  collect ??= findCollector();
  collect({ type: 'minor', execution: 'sync' });
}

/** There is no module for it: V8 puts it into contexts that are made after the flag was set. */
function findCollector(): Collect {
  v8.setFlagsFromString('--expose-gc');
  const found: unknown = vm.runInNewContext('gc');
  return typeof found === 'function' ? (options) => void Reflect.apply(found, undefined, [options]) : () => undefined;
}
