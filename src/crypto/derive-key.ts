import type { Primitives } from './primitives.ts';

/** Bytes of every symmetric key and of every secret that keys are derived from. */
export const keyBytes = 32;

/** BLAKE2b-256(key = secret, label ‖ parts): the one way to make a key from a 32-byte secret. */
export function deriveKey(primitives: Primitives, secret: Uint8Array, label: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return primitives.blake2b(keyBytes, [label, ...parts], secret);
}
