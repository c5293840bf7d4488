import { partHeadBytes } from './snapshot-part.ts';

/** No part is cut below this, so that small ones don't pile up. */
const minBytes = 1024 * 1024;
/** Above that, a part goes on for about so many bytes. */
const meanBytes = 3 * 1024 * 1024;

/**
 * Where a part ends. Decided by the key of the record that it ends with, not by counting from the start, so that records
 * that come or go change the parts around them and leave the others as they are. Writers may decide otherwise: readers
 * don't care.
 */
export class PartCutter {
  readonly #maxBytes: number;
  #bytes = partHeadBytes;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the part must end before a record of so many bytes. A new part has begun then. */
  endsBefore(recordBytes: number): boolean {
    const isFull = this.#bytes > partHeadBytes && this.#bytes + recordBytes > this.#maxBytes;
    if (isFull) this.#bytes = partHeadBytes;
    return isFull;
  }

  /** Takes the record in; whether the part ends with it. A new part has begun then. */
  endsAfter(key: string, recordBytes: number): boolean {
    this.#bytes += recordBytes;
    const ends = this.#bytes >= minBytes && hash32(key) < (2 ** 32 * recordBytes) / meanBytes;
    if (ends) this.#bytes = partHeadBytes;
    return ends;
  }
}

/** FNV-1a: keys are random already, all but versions. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
