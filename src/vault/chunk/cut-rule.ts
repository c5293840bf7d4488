/** Everything about where content is cut that follows from the key (FORMAT.md, section 7.1). */
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { SipHash } from '../../crypto/siphash.ts';
import { u32 } from '../../crypto/u32.ts';
import { limits } from '../../model/limits.ts';

/** A candidate cuts where the PRF's low 32 bits are below this: one of 3,072, each candidate being one byte of 256. */
const cutBelow = Math.floor(2 ** 32 / 3072);

/** Bytes that decide about a cut: the last 64, since the rolling value is shifted out after that many. */
export const cutWindowBytes = 64;

/** Length of a chunk at which it can first be cut, and at which it is cut whatever comes. */
export const cutRange = { min: limits.chunkMinBytes, max: limits.chunkMaxBytes } as const;

/** The gear table and the keyed decision, for one epoch. Two epochs cut the same file in unrelated places. */
export class CutRule {
  /** Low and high halves of the 64-bit value that each byte adds. */
  readonly low = new Int32Array(256);
  readonly high = new Int32Array(256);
  /** All of it, for native code: the table, the key of the decision, the bounds (native/src/chunker.cc, `Rule`). */
  readonly bytes: Uint8Array;
  readonly #decision: SipHash;

  constructor(primitives: Primitives, cutKey: Uint8Array) {
    const decisionKey = primitives.blake2b(16, [labels.cutDecision], cutKey);
    this.#decision = new SipHash(decisionKey);
    for (let block = 0; block < 32; block += 1) {
      const values = primitives.blake2b(64, [labels.cutGear, u32(block)], cutKey);
      const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
      for (let k = 0; k < 8; k += 1) {
        this.high[block * 8 + k] = view.getInt32(k * 8);
        this.low[block * 8 + k] = view.getInt32(k * 8 + 4);
      }
    }
    this.bytes = this.#write(decisionKey);
  }

  /**
   * Whether a candidate (top 8 bits of the rolling value are zero) cuts. A gear table alone is linear and can be solved
   * for from known files; behind a PRF the store can't tell which candidates cut.
   */
  cuts(low: number, high: number): boolean {
    return this.#decision.low32OfWord(low, high) < cutBelow;
  }

  #write(decisionKey: Uint8Array): Uint8Array {
    const gearWords = 2 * 256;
    const words = new Uint32Array(gearWords + 8);
    for (let byte = 0; byte < 256; byte += 1) words.set([this.low[byte] ?? 0, this.high[byte] ?? 0], 2 * byte);
    const bytes = new Uint8Array(words.buffer);
    bytes.set(decisionKey, gearWords * 4);
    words.set([cutBelow, cutRange.min, cutRange.max], gearWords + 4);
    return bytes;
  }
}
