import { nameToBytes } from '../../model/name.ts';
import type { Entry, FileCalls } from '../calls/file-calls.ts';
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
  const [stem, extension] = splitName(name);
  const short = cut(stem, stemMaxBytes);
  for (let number = 1; number <= namesMax; number += 1) {
    const mark = number === 1 ? ' (kept)' : ` (kept ${number})`;
    if (placeNew(calls, source, { folder, name: `${short}${mark}${extension}` }) === 'placed') return;
  }
}

/** The name, its stem cut so that all of it has at most so many bytes (more than an extension has). */
export function shortName(name: string, maxBytes: number): string {
  const [stem, extension] = splitName(name);
  return cut(stem, maxBytes - nameToBytes(extension).length) + extension;
}

/** Stem and extension, which may be ''. */
function splitName(name: string): [string, string] {
  const [, stem = name, extension = ''] = /^(.+?)(\.[^. ]{1,16})?$/s.exec(name) ?? [];
  return [stem, extension];
}

function cut(stem: string, maxBytes: number): string {
  let short = stem;
  while (nameToBytes(short).length > maxBytes) short = [...short].slice(0, -1).join('');
  return short;
}
