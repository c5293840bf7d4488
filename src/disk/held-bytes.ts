const blockBytes = 1024 * 1024;

/**
 * Copies of small pieces of memory, one after the other in a few large ones. Whoever gives them may hold a small part of something
 * large, which would stay as long as that part is held; and memory of its own for each piece takes longer to get than to fill.
 */
export class HeldBytes {
  #block = new Uint8Array();
  #used = 0;

  /** A copy of these bytes; its memory goes when all that share it are let go of. */
  keep(bytes: Uint8Array): Uint8Array {
    if (this.#used + bytes.byteLength > this.#block.byteLength) {
      this.#block = new Uint8Array(Math.max(blockBytes, bytes.byteLength));
      this.#used = 0;
    }
    const copy = this.#block.subarray(this.#used, this.#used + bytes.byteLength);
    copy.set(bytes);
    this.#used += bytes.byteLength;
    return copy;
  }

  /** Lets go of what is not full yet. */
  clear(): void {
    this.#block = new Uint8Array();
    this.#used = 0;
  }
}
