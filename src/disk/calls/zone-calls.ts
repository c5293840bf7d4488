import fs from 'node:fs';
import { isAbsence, type Entry, type FileCalls } from './file-calls.ts';
import type { SystemPath } from './node-paths.ts';
import { isOutsideZone, outsideZone, zoneMaxBytes, zoneStream } from './zone-identifier.ts';

/** Windows' notes of where files came from; only there does such a path reach a stream of the file. */
export function zoneCalls(at: (entry: Entry) => SystemPath): Required<Pick<FileCalls, 'readOrigin' | 'setOrigin'>> {
  const streamOf = (entry: Entry): string => `${at(entry).toString()}${zoneStream}`;
  return {
    readOrigin: (entry) => {
      const bytes = readStart(streamOf(entry));
      return bytes !== undefined && isOutsideZone(bytes);
    },
    setOrigin: (entry, fromOutside) => {
      if (fromOutside) fs.writeFileSync(streamOf(entry), outsideZone);
      else removeStream(streamOf(entry));
    },
  };
}

/** Harmless where there is none. */
function removeStream(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

/** undefined: there is no such stream. */
function readStart(path: string): Uint8Array | undefined {
  let stream: number;
  try {
    stream = fs.openSync(path, 'r');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  try {
    const start = new Uint8Array(zoneMaxBytes);
    return start.subarray(0, fs.readSync(stream, start));
  } finally {
    fs.closeSync(stream);
  }
}
