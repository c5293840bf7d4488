/** The system's note that a file came from outside, as far as the file system keeps any. */
import { callCode, type Entry, type FileCalls, isUnsupported } from './calls/file-calls.ts';

/** undefined: no such note is kept here. */
export function readOriginIfKept(calls: FileCalls, entry: Entry): boolean | undefined {
  try {
    return calls.readOrigin?.(entry);
  } catch (error) {
    if (isUnsupported(error)) return undefined;
    throw error;
  }
}

/**
 * Notes that the file came from outside, or takes the note away. Before the file gets its time, which that may change, and before it
 * gets its place: it never stands there without.
 */
export function setOriginIfKept(calls: FileCalls, entry: Entry, fromOutside: boolean): void {
  try {
    calls.setOrigin?.(entry, fromOutside);
  } catch (error) {
    // A file system without streams takes the path of one for a name that it can't have.
    if (!isUnsupported(error) && callCode(error) !== 'ENOENT') throw error;
  }
}
