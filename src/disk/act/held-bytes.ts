const blockBytes = 1024 * 1024;
/** The first block: mostly there is little to keep, and a large one would have to be cleared for it. */
const firstBytes = 64 * 1024;

interface Block {
  readonly memory: Uint8Array;
  used: number;
  /** Pieces in it that are not let go of. */
  pieces: number;
}

/** A copy that was kept. */
export interface HeldPiece {
  readonly bytes: Uint8Array;
  /** Nobody may look at it any more; called once. */
  letGo(): void;
}

/**
 * Copies of small pieces of memory, one after the other in the same few large ones. Whoever gives them may hold a small part of
 * something large, which would stay as long as that part does; and the collector is late with memory outside its heap.
 */
export class HeldBytes {
  #current: Block | undefined;
  readonly #free: Block[] = [];

  /** A copy of these bytes (up to a megabyte). */
  keep(bytes: Uint8Array): HeldPiece {
    const block = this.#blockFor(bytes.byteLength);
    const copy = block.memory.subarray(block.used, block.used + bytes.byteLength);
    copy.set(bytes);
    block.used += bytes.byteLength;
    block.pieces += 1;
    return {
      bytes: copy,
      letGo: () => {
        block.pieces -= 1;
        if (block.pieces > 0) return;
        block.used = 0;
        if (block !== this.#current && block.memory.byteLength === blockBytes) this.#free.push(block);
      },
    };
  }

  #blockFor(bytes: number): Block {
    if (this.#current !== undefined && this.#current.used + bytes <= this.#current.memory.byteLength) return this.#current;
    const isFirst = this.#current === undefined && bytes <= firstBytes;
    this.#current = this.#free.pop() ?? { memory: new Uint8Array(isFirst ? firstBytes : blockBytes), used: 0, pieces: 0 };
    return this.#current;
  }
}
