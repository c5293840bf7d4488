/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) of eight bytes, for the decision where content is cut: asked once for every 256
 * bytes, so it is written for numbers of 32 bits, without BigInt and without memory.
 */
export class SipHash {
  readonly #k0: number;
  readonly #k1: number;
  readonly #k2: number;
  readonly #k3: number;

  /** The key has 16 bytes. */
  constructor(key: Uint8Array) {
    const words = new DataView(key.buffer, key.byteOffset, key.byteLength);
    this.#k0 = words.getInt32(0, true);
    this.#k1 = words.getInt32(4, true);
    this.#k2 = words.getInt32(8, true);
    this.#k3 = words.getInt32(12, true);
  }

  /**
   * Low 32 bits (0 to 2^32 - 1) of the hash of eight bytes, given as the two halves of a little-endian number. Halves may
   * be signed or not.
   */
  low32OfWord(low: number, high: number): number {
    // Four words of 64 bits, each as its low and its high half.
    let a = this.#k0 ^ 0x70736575;
    let A = this.#k1 ^ 0x736f6d65;
    let b = this.#k2 ^ 0x6e646f6d;
    let B = this.#k3 ^ 0x646f7261;
    let c = this.#k0 ^ 0x6e657261;
    let C = this.#k1 ^ 0x6c796765;
    let d = this.#k2 ^ low ^ 0x79746573;
    let D = this.#k3 ^ high ^ 0x74656462;
    for (let round = 0; round < 8; round += 1) {
      // Two rounds for the word, two for the last word (eight, the length, in its top byte), four to end.
      if (round === 2) {
        a ^= low;
        A ^= high;
        D ^= 0x08000000;
      } else if (round === 4) {
        A ^= 0x08000000;
        c ^= 0xff;
      }
      // a += b; b = b <<< 13 ^ a; a <<<= 32
      const a1 = (a + b) | 0;
      const A1 = (A + B + (a1 >>> 0 < b >>> 0 ? 1 : 0)) | 0;
      const b1 = ((b << 13) | (B >>> 19)) ^ a1;
      const B1 = ((B << 13) | (b >>> 19)) ^ A1;
      // c += d; d = d <<< 16 ^ c
      c = (c + d) | 0;
      C = (C + D + (c >>> 0 < d >>> 0 ? 1 : 0)) | 0;
      const d1 = ((d << 16) | (D >>> 16)) ^ c;
      const D1 = ((D << 16) | (d >>> 16)) ^ C;
      // a += d; d = d <<< 21 ^ a. The halves of a are still to be swapped.
      a = (A1 + d1) | 0;
      A = (a1 + D1 + (a >>> 0 < d1 >>> 0 ? 1 : 0)) | 0;
      d = ((d1 << 21) | (D1 >>> 11)) ^ a;
      D = ((D1 << 21) | (d1 >>> 11)) ^ A;
      // c += b; b = b <<< 17 ^ c; c <<<= 32
      const c1 = (c + b1) | 0;
      const C1 = (C + B1 + (c1 >>> 0 < b1 >>> 0 ? 1 : 0)) | 0;
      b = ((b1 << 17) | (B1 >>> 15)) ^ c1;
      B = ((B1 << 17) | (b1 >>> 15)) ^ C1;
      c = C1;
      C = c1;
    }
    return (a ^ b ^ c ^ d) >>> 0;
  }
}
