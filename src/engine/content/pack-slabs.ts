import { limits } from '../../model/limits.ts';

/**
 * More than a pack needs; nothing of it takes room before it is written to. glibc hands memory above 32 MiB back to the
 * system when it is let go of. Freeing a smaller piece would teach it to keep pieces of that size in its heap, which
 * then only grows: 50 MB more after a first upload of 200 MB (M_MMAP_THRESHOLD in mallopt(3), 'dynamic').
 */
const slabBytes = Math.max(limits.packMaxBytes, 33 * 1024 * 1024);

/** Memory for the chunks of one pack. */
export interface PackSlab {
  /** A copy of these bytes that stays until the slab is given back. */
  keep(bytes: Uint8Array): Uint8Array;
  /** For the next pack: nobody may look at what it kept any more. */
  giveBack(): void;
}

/**
 * The same few large pieces of memory for one pack after the other. Chunks come from the threads in many buffers; kept as
 * they are, they would stay until the collector looks, which it does late for memory outside its heap, and leave it in
 * pieces that nothing fits into. Copying costs a hundredth of what sealing does.
 */
export class PackSlabs {
  #free: Uint8Array[] = [];

  take(): PackSlab {
    const memory = this.#free.pop() ?? new Uint8Array(slabBytes);
    let used = 0;
    return {
      keep: (bytes) => {
        memory.set(bytes, used);
        used += bytes.byteLength;
        return memory.subarray(used - bytes.byteLength, used);
      },
      giveBack: () => {
        this.#free.push(memory);
      },
    };
  }

  /** Lets go of what is free. */
  clear(): void {
    this.#free = [];
  }
}
