/** SipHash-2-4 with one 16-byte key. */
export class SipHash {
  constructor(key: Uint8Array) {
    void key;
  }

  /**
   * Low 32 bits (0 to 2^32 - 1) of the hash of eight bytes, given as the two halves of a little-endian number. Halves
   * may be signed or not.
   */
  low32OfWord(low: number, high: number): number {
    return low + high;
  }

  /** The hash of a message of any length: 8 bytes, little-endian. */
  hash(message: Uint8Array): Uint8Array {
    return message;
  }
}
