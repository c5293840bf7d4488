import { native, type Native } from '../../base/native.ts';
import { cutRange, cutWindowBytes } from './cut-rule.ts';
import type { CutRule } from './cut-rule.ts';

/**
 * Finds where a stream of bytes is cut into chunks. Fed block by block; how the stream is split into blocks makes no
 * difference. Where a cut falls depends on the 64 bytes before it and on the distance to the cut before alone, so an
 * insertion moves the cuts next to it and no others.
 */
export class Cutter {
  readonly #rule: CutRule;
  readonly #nextCut: Native['nextCut'] | undefined;
  /** Bytes of the current chunk so far. */
  #length = 0;
  /** The rolling value: 64 bits as two signed halves. */
  #low = 0;
  #high = 0;
  /** The same for native code (native/src/chunker.cc, `State`). */
  readonly #state = new Int32Array(4);
  readonly #stateBytes = new Uint8Array(this.#state.buffer);

  /** `calls`: native code to search with; 'none' searches here. Both cut in the same places. */
  constructor(rule: CutRule, calls: Pick<Native, 'nextCut'> | 'none' = native ?? 'none') {
    this.#rule = rule;
    this.#nextCut = calls === 'none' ? undefined : calls.nextCut;
  }

  /** Bytes since the last cut. */
  get pendingBytes(): number {
    return this.#length;
  }

  /** Forgets everything: the next byte begins a new stream. */
  reset(): void {
    this.#length = 0;
    this.#low = 0;
    this.#high = 0;
  }

  /**
   * Takes `block` from `from` on up to the next cut, and gives the position just after the chunk's last byte; -1 where
   * the chunk goes on behind the block, which is then all taken. After a cut, call again from the position given.
   */
  next(block: Uint8Array, from: number): number {
    let at = from;
    // Below the smallest chunk nothing can cut, so only the bytes of the first window matter.
    const skip = Math.min(cutRange.min - cutWindowBytes - this.#length, block.length - at);
    if (skip > 0) at = this.#advance(at, skip);
    if (this.#nextCut !== undefined && at < block.length) return this.#nextNatively(this.#nextCut, block, at);
    while (at < block.length) {
      if (this.#length < cutRange.min - 1) {
        at = this.#advance(at, this.#roll(block, at, Math.min(block.length, at + cutRange.min - 1 - this.#length)) - at);
        continue;
      }
      const end = Math.min(block.length, at + cutRange.max - this.#length);
      at = this.#advance(at, this.#search(block, at, end) - at);
      const isCandidate = this.#high >>> 24 === 0;
      if (this.#length === cutRange.max || (isCandidate && this.#rule.cuts(this.#low, this.#high))) {
        this.reset();
        return at;
      }
    }
    return -1;
  }

  #nextNatively(nextCut: Native['nextCut'], block: Uint8Array, at: number): number {
    this.#state.set([this.#low, this.#high, this.#length]);
    const cut = nextCut(this.#rule.bytes, this.#stateBytes, block, at);
    const [low = 0, high = 0, length = 0] = this.#state;
    this.#low = low;
    this.#high = high;
    this.#length = length;
    return cut;
  }

  #advance(at: number, count: number): number {
    this.#length += count;
    return at + count;
  }

  /** Takes the bytes up to `end` into the rolling value, without asking for cuts. */
  #roll(block: Uint8Array, from: number, end: number): number {
    const gearLow = this.#rule.low;
    const gearHigh = this.#rule.high;
    let low = this.#low;
    let high = this.#high;
    for (let at = from; at < end; at += 1) {
      const byte = block[at] ?? 0;
      const shifted = low << 1;
      const gear = gearLow[byte] ?? 0;
      const sum = (shifted + gear) | 0;
      // The carry out of a 32-bit addition, from the operands' and the sum's top bits.
      const carry = ((shifted & gear) | ((shifted | gear) & ~sum)) >>> 31;
      high = ((high << 1) + (low >>> 31) + (gearHigh[byte] ?? 0) + carry) | 0;
      low = sum;
    }
    this.#low = low;
    this.#high = high;
    return end;
  }

  /** Like `#roll`, up to just behind the first byte that makes a candidate, or to `end`. The hot loop of all chunking. */
  #search(block: Uint8Array, from: number, end: number): number {
    const gearLow = this.#rule.low;
    const gearHigh = this.#rule.high;
    let low = this.#low;
    let high = this.#high;
    let at = from;
    while (at < end) {
      const byte = block[at] ?? 0;
      at += 1;
      const shifted = low << 1;
      const gear = gearLow[byte] ?? 0;
      const sum = (shifted + gear) | 0;
      const carry = ((shifted & gear) | ((shifted | gear) & ~sum)) >>> 31;
      high = ((high << 1) + (low >>> 31) + (gearHigh[byte] ?? 0) + carry) | 0;
      low = sum;
      if (high >>> 24 === 0) break;
    }
    this.#low = low;
    this.#high = high;
    return at;
  }
}
