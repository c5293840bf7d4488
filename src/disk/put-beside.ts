import { nameToBytes } from '../model/name.ts';
import type { Entry, FileCalls } from './file-calls.ts';
import { placeNew } from './place-new.ts';

/** More names than users write within microseconds. */
const namesMax = 99;
/** A longer stem is cut: the mark and an extension need room in 255 bytes. */
const stemMaxBytes = 200;

/**
 * Puts what a user wrote, and what has lost its place in the very moment of a replacement, beside that place: `name
 * (kept).ext`. It is an ordinary new file then, which the next look finds.
 */
export function putBeside(calls: FileCalls, source: Entry, { folder, name }: Entry): void {
  const [, stem = name, extension = ''] = /^(.+?)(\.[^. ]{1,16})?$/s.exec(name) ?? [];
  let short = stem;
  while (nameToBytes(short).length > stemMaxBytes) short = [...short].slice(0, -1).join('');
  for (let number = 1; number <= namesMax; number += 1) {
    const mark = number === 1 ? ' (kept)' : ` (kept ${number})`;
    if (placeNew(calls, source, { folder, name: `${short}${mark}${extension}` }) === 'placed') return;
  }
}
