import { concatBytes } from '../../base/bytes.ts';
import { Cutter } from './cutter.ts';
import type { CutRule } from './cut-rule.ts';

/** Turns the blocks of one file after another into chunks. Holds at most one chunk (4 MiB) and the block it was given. */
export class ChunkStream {
  readonly #cutter: Cutter;
  #pieces: Uint8Array[] = [];

  constructor(rule: CutRule) {
    this.#cutter = new Cutter(rule);
  }

  /**
   * The chunks that end in this block. A chunk may be a view of the block, and what is held back is one too: hand in a
   * fresh block each time, or use up the chunks and call `keep` before the block is overwritten.
   */
  push(block: Uint8Array): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    let at = 0;
    while (at < block.length) {
      const cut = this.#cutter.next(block, at);
      this.#pieces.push(block.subarray(at, cut < 0 ? block.length : cut));
      if (cut < 0) break;
      chunks.push(this.#take());
      at = cut;
    }
    return chunks;
  }

  /** Copies what is held back, so that the last block may be overwritten. */
  keep(): void {
    if (this.#pieces.length > 0) this.#pieces = [concatBytes(this.#pieces)];
  }

  /** The last chunk; undefined where the file is empty or ended with a cut. The next block begins another file. */
  end(): Uint8Array | undefined {
    const last = this.#pieces.length > 0 ? this.#take() : undefined;
    this.#cutter.reset();
    return last;
  }

  #take(): Uint8Array {
    const [first, ...others] = this.#pieces;
    this.#pieces = [];
    return first !== undefined && others.length === 0 ? first : concatBytes(first === undefined ? [] : [first, ...others]);
  }
}
