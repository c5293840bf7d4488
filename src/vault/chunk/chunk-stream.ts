import { concatBytes, joinNeighbours } from '../../base/bytes.ts';
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
   * fresh block each time, or use up the chunks and call `moveTo` before the block is overwritten. A chunk that lies in blocks which
   * stand one behind the other in memory is not copied.
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

  /** Of the chunk that is not ended yet. */
  get heldBytes(): number {
    return this.#cutter.pendingBytes;
  }

  /** Moves what is held back to the start of this memory, in which it may stand already; its bytes. All else may be overwritten then. */
  moveTo(memory: Uint8Array): number {
    let used = 0;
    for (const piece of this.#pieces) {
      memory.set(piece, used);
      used += piece.byteLength;
    }
    this.#pieces = used > 0 ? [memory.subarray(0, used)] : [];
    return used;
  }

  /** The last chunk; undefined where the file is empty or ended with a cut. The next block begins another file. */
  end(): Uint8Array | undefined {
    const last = this.#pieces.length > 0 ? this.#take() : undefined;
    this.#cutter.reset();
    return last;
  }

  #take(): Uint8Array {
    const pieces = joinNeighbours(this.#pieces);
    const [first] = pieces;
    this.#pieces = [];
    return first !== undefined && pieces.length === 1 ? first : concatBytes(pieces);
  }
}
