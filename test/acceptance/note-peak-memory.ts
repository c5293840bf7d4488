/** Loaded into a process beside the program (`node --import`): at its end it notes how much memory it had at most. */
import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const folder = process.env['NOTE_PEAK_MEMORY_IN'];
// A thread is none of its own: the system counts the process.
if (isMainThread && folder !== undefined)
  process.once('exit', () => {
    fs.writeFileSync(`${folder}/${process.pid}`, String(peakBytes()));
  });

/** Linux hands a process what the one that started it had, in `getrusage`; the high-water mark begins anew. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}
