/**
 * The primitives everything is built from, in the strictness we need. Two providers give the same bytes for the same
 * input (sodium-primitives.ts, portable-primitives.ts; test/crypto runs every vector on both). No caller outside
 * src/crypto sees a nonce.
 */
export interface Primitives {
  readonly name: 'sodium' | 'portable';
  /** BLAKE2b of the parts in order, 16 to 64 bytes, keyed (16 to 64 bytes) where a key is given. */
  blake2b(outputBytes: number, parts: readonly Uint8Array[], key?: Uint8Array): Uint8Array;
  /**
   * XSalsa20-Poly1305, libsodium's crypto_secretbox_easy, in place: `box` holds 16 free bytes and the plaintext, and
   * afterwards mac ‖ cipher.
   */
  secretboxSealInPlace(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  /** The plaintext, in a new array; undefined where it does not authenticate. */
  secretboxOpen(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined;
  /** The plaintext, where its cipher stood in `box`; undefined where it does not authenticate, and then nothing has changed. */
  secretboxOpenInPlace(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined;
  /** Fills `output` with XSalsa20 keystream under this key and a nonce of zeros. Only for the state root's expansion. */
  keystream(output: Uint8Array, key: Uint8Array): void;
  /** Ed25519 pair of a 32-byte seed; the secret is seed ‖ public (64 bytes). */
  signingPair(seed: Uint8Array): { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array;
  /** False for small-order or non-canonical public keys, small-order R, S not reduced, and anything libsodium refuses. */
  verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
  /** X25519 pair of a 32-byte secret. */
  boxPair(secretKey: Uint8Array): { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  /** Shared secret; undefined where the public key is of small order or not canonical, so also where it would be zero. */
  agree(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
  /**
   * Argon2id v1.3, one lane, 32 bytes. Salt of 16 bytes, memory in KiB (at least 8). Runs beside the event loop where the
   * provider can. Throws E_FAILED where this machine has not the memory for it.
   */
  argon2id(password: Uint8Array, salt: Uint8Array, cost: { readonly passes: number; readonly memoryKib: number }): Promise<Uint8Array>;
}
