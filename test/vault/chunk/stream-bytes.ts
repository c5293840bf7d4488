import { createCipheriv } from 'node:crypto';
import { bytesOf } from '../../crypto/fixed-random.ts';

/** `length` incompressible bytes that depend on the seed alone: AES-256-CTR over zeros, key SHA-256(seed ‖ "0"), counter from 0. */
export function streamBytes(seed: string, length: number): Uint8Array {
  const bytes = createCipheriv('aes-256-ctr', bytesOf(seed, 32), new Uint8Array(16)).update(new Uint8Array(length));
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
