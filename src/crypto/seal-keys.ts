import { deriveKey } from './derive-key.ts';
import { labels } from './labels.ts';
import type { Primitives } from './primitives.ts';
import type { SealedType } from './sealed-types.ts';

/** What sealing needs of a secret: a key for each kind of object, and one to hedge nonces with. */
export interface SealKeys {
  typeKey(type: SealedType): Uint8Array;
  readonly nonceKey: Uint8Array;
}

/**
 * Keys from a 32-byte secret that is no epoch's: from a passphrase, a recovery key, a key agreement, or one that keeps
 * things at rest.
 */
export class SecretKeys implements SealKeys {
  readonly #primitives: Primitives;
  readonly #secret: Uint8Array;

  constructor(primitives: Primitives, secret: Uint8Array) {
    this.#primitives = primitives;
    this.#secret = secret;
  }

  typeKey(type: SealedType): Uint8Array {
    return deriveKey(this.#primitives, this.#secret, labels.secretTypeKey[type]);
  }

  get nonceKey(): Uint8Array {
    return deriveKey(this.#primitives, this.#secret, labels.secretNonceKey);
  }
}
