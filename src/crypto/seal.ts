import type { Random } from '../base/random.ts';
import type { VaultId } from '../model/ids.ts';
import { Failure } from '../base/failure.ts';
import { objectHeaderBytes, readObjectHeader } from './object-header.ts';
import type { Primitives } from './primitives.ts';
import type { SealKeys } from './seal-keys.ts';
import { findSealedType } from './sealed-types.ts';
import type { SealedType } from './sealed-types.ts';

/** What an object is and where it stands. All of it is bound: opening for any other purpose fails. */
export interface Purpose {
  readonly type: SealedType;
  readonly vaultId: VaultId;
  /** 0 where the object belongs to no epoch. */
  readonly epoch: number;
  /** What tells this object from others of its type: a name, an id, a place (FORMAT.md, section 2). */
  readonly context: Uint8Array;
}

export interface SealOptions {
  /** Size of the padded plaintext, its 4-byte length field included (`padClass`). No padding where left out. */
  readonly paddedBytes?: number;
  /** A 32-byte keyed hash of the whole plaintext that the caller has already (a chunk's id): saves a second one. */
  readonly digest?: Uint8Array;
  /** Where to write the object, at its start; at least `sealedSize` long. A new array where left out. */
  readonly into?: Uint8Array;
}

/** With its own header, or without one, inside a pack. */
export type SealForm = 'whole' | 'bare';

/** Bytes of an object whose padded plaintext (length field included) has this size. */
export function sealedSize(paddedBytes: number, form: SealForm): number {
  return (form === 'whole' ? objectHeaderBytes : 0) + 24 + 32 + 16 + paddedBytes;
}

/** What a sealed object says about itself; nothing of it is proven before it was opened. */
export interface SealedHeader {
  readonly version: number;
  readonly type: SealedType;
  readonly epoch: number;
}

/** Throws E_FORMAT where it is no sealed object, E_DOWNGRADE where it has another version. */
export function readSealedHeader(object: Uint8Array): SealedHeader {
  const { version, typeByte, epoch } = readObjectHeader(object);
  const type = findSealedType(typeByte);
  if (type === undefined) throw new Failure('E_FORMAT', `no sealed object has type ${typeByte}`);
  return { version, type, epoch };
}

/** Seals and opens the one format of everything that leaves the device (FORMAT.md, section 2). */
export class Seals {
  readonly #primitives: Primitives;
  readonly #random: Random;

  constructor(primitives: Primitives, random: Random) {
    this.#primitives = primitives;
    this.#random = random;
  }

  /** A sealed object with its header. Parts are sealed as if they had been joined. */
  seal(keys: SealKeys, purpose: Purpose, plaintext: Uint8Array | readonly Uint8Array[], options: SealOptions = {}): Uint8Array {
    return this.#todo(keys, purpose, plaintext, options);
  }

  /**
   * The plaintext. Throws E_FORMAT where this is no sealed object of that type and epoch, E_DOWNGRADE where it has another
   * version, E_TAMPER where it was not sealed with these keys for this purpose, or changed since.
   */
  open(keys: SealKeys, purpose: Purpose, object: Uint8Array): Uint8Array {
    return this.#todo(keys, purpose, object);
  }

  /** Like `seal`, without a header: for what stands inside a pack. */
  sealBare(keys: SealKeys, purpose: Purpose, plaintext: Uint8Array | readonly Uint8Array[], options: SealOptions = {}): Uint8Array {
    return this.#todo(keys, purpose, plaintext, options);
  }

  /** Opens what `sealBare` made. Throws E_TAMPER where it was not sealed with these keys for this purpose, or changed. */
  openBare(keys: SealKeys, purpose: Purpose, object: Uint8Array): Uint8Array {
    return this.#todo(keys, purpose, object);
  }

  #todo(..._: unknown[]): Uint8Array {
    throw new Failure('E_FAILED', `${this.#primitives.name}${typeof this.#random}`);
  }
}
