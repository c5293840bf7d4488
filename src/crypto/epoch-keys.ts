import { deriveKey } from './derive-key.ts';
import { labels } from './labels.ts';
import type { Primitives } from './primitives.ts';
import type { SealKeys } from './seal-keys.ts';
import type { SealedType } from './sealed-types.ts';
import { u32 } from './u32.ts';

/** All keys of one epoch, from its 32-byte secret. Each is derived when first asked for, and kept. */
export class EpochKeys implements SealKeys {
  readonly epoch: number;
  readonly #primitives: Primitives;
  readonly #secret: Uint8Array;
  readonly #derived = new Map<Uint8Array, Uint8Array>();

  constructor(primitives: Primitives, epoch: number, secret: Uint8Array) {
    this.#primitives = primitives;
    this.epoch = epoch;
    this.#secret = secret;
  }

  /** The key that objects of this kind are sealed with. */
  typeKey(type: SealedType): Uint8Array {
    return this.#derive(labels.epochTypeKey[type]);
  }

  /** Keys the hashes that name chunks and contents. */
  get chunkIdKey(): Uint8Array {
    return this.#derive(labels.epochChunkIdKey);
  }

  /** Decides where content is cut into chunks. */
  get cutKey(): Uint8Array {
    return this.#derive(labels.epochCutKey);
  }

  /** Hedges nonces: they stay distinct where the generator repeats itself. */
  get nonceKey(): Uint8Array {
    return this.#derive(labels.epochNonceKey);
  }

  #derive(label: Uint8Array): Uint8Array {
    let key = this.#derived.get(label);
    if (key === undefined) {
      key = deriveKey(this.#primitives, this.#secret, label, u32(this.epoch));
      this.#derived.set(label, key);
    }
    return key;
  }
}
