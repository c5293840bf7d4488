import { timingSafeEqual } from 'node:crypto';
import { Failure } from '../base/failure.ts';
import type { Random } from '../base/random.ts';
import { keyBytes } from './derive-key.ts';
import { labels } from './labels.ts';
import { objectHeader, objectHeaderBytes, readObjectHeader } from './object-header.ts';
import { lengthFieldBytes, pad, unpad } from './padding.ts';
import type { Primitives } from './primitives.ts';
import type { SealKeys } from './seal-keys.ts';
import { findSealedType, sealedTypes } from './sealed-types.ts';
import type { SealedType } from './sealed-types.ts';
import { u32 } from './u32.ts';

const nonceBytes = 24;
const commitmentBytes = 32;
const macBytes = 16;
const noiseBytes = 32;
const digestBytes = 32;
const vaultIdBytes = 32;

/** What is sealed, in one piece or in parts that are joined. */
export type Plaintext = Uint8Array | readonly Uint8Array[];

/** What an object is and where it stands. All of it is bound: opening for any other purpose fails. */
export interface Purpose {
  readonly type: SealedType;
  /** 64 hexadecimal digits. */
  readonly vaultId: string;
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
  return (form === 'whole' ? objectHeaderBytes : 0) + nonceBytes + commitmentBytes + macBytes + paddedBytes;
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

interface SealedBare {
  readonly keys: SealKeys;
  readonly purpose: Purpose;
  readonly object: Uint8Array;
  /** Its name, for messages. */
  readonly subject: string | undefined;
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
  seal(keys: SealKeys, purpose: Purpose, plaintext: Plaintext, options: SealOptions = {}): Uint8Array {
    return this.#seal(keys, purpose, joinable(plaintext), { ...options, form: 'whole' });
  }

  /**
   * The plaintext. Throws E_FORMAT where this is no sealed object, E_DOWNGRADE where it has another version, E_TAMPER
   * where it was not sealed with these keys for this purpose, or changed since. `subject` is its name, for the message.
   */
  open(keys: SealKeys, purpose: Purpose, object: Uint8Array, subject?: string): Uint8Array {
    if (object.byteLength < sealedSize(lengthFieldBytes, 'whole')) throw notSealed(purpose, subject);
    const { typeByte, epoch } = readObjectHeader(object, subject);
    if (typeByte !== sealedTypes[purpose.type] || epoch !== purpose.epoch) throw tampered(purpose, subject);
    return this.openBare(keys, purpose, object.subarray(objectHeaderBytes), subject);
  }

  /** Like `seal`, without a header: for what stands inside a pack. */
  sealBare(keys: SealKeys, purpose: Purpose, plaintext: Plaintext, options: SealOptions = {}): Uint8Array {
    return this.#seal(keys, purpose, joinable(plaintext), { ...options, form: 'bare' });
  }

  /**
   * Opens what `sealBare` made. Throws E_FORMAT where it is too short to be that, E_TAMPER where it was not sealed with
   * these keys for this purpose, or changed since. `subject` is its name, for the message.
   */
  openBare(keys: SealKeys, purpose: Purpose, object: Uint8Array, subject?: string): Uint8Array {
    return this.#open({ keys, purpose, object, subject }, (box, nonce, key) => this.#primitives.secretboxOpen(box, nonce, key));
  }

  /** As `openBare`; the plaintext is then where the object was, which is an object no more. */
  openBareInPlace(keys: SealKeys, purpose: Purpose, object: Uint8Array, subject?: string): Uint8Array {
    return this.#open({ keys, purpose, object, subject }, (box, nonce, key) => this.#primitives.secretboxOpenInPlace(box, nonce, key));
  }

  #open({ keys, purpose, object, subject }: SealedBare, openBox: Primitives['secretboxOpen']): Uint8Array {
    if (object.byteLength < sealedSize(lengthFieldBytes, 'bare')) throw notSealed(purpose, subject);
    const nonce = object.subarray(0, nonceBytes);
    const { boxKey, commitment } = this.#split(keys, purpose, nonce);
    // The commitment first: a secretbox alone can be made to open under several keys (Len, Grubbs, Ristenpart 2021).
    if (!timingSafeEqual(commitment, object.subarray(nonceBytes, nonceBytes + commitmentBytes))) throw tampered(purpose, subject);
    const padded = openBox(object.subarray(nonceBytes + commitmentBytes), nonce, boxKey);
    const plaintext = padded === undefined ? undefined : unpad(padded);
    if (plaintext === undefined) throw tampered(purpose, subject);
    return plaintext;
  }

  #seal(keys: SealKeys, purpose: Purpose, parts: readonly Uint8Array[], options: SealOptions & { readonly form: SealForm }): Uint8Array {
    const plainBytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const { form, paddedBytes = lengthFieldBytes + plainBytes } = options;
    if (paddedBytes < lengthFieldBytes + plainBytes) throw new RangeError('padded size below the size of the plaintext');
    const object = room(sealedSize(paddedBytes, form), options.into);
    if (form === 'whole') object.set(objectHeader(sealedTypes[purpose.type], purpose.epoch));

    const bare = form === 'whole' ? object.subarray(objectHeaderBytes) : object;
    const box = bare.subarray(nonceBytes + commitmentBytes);
    pad(box.subarray(macBytes), parts, plainBytes);
    const nonce = this.#nonce(keys, options.digest ?? this.#primitives.blake2b(digestBytes, parts));
    const { boxKey, commitment } = this.#split(keys, purpose, nonce);
    this.#primitives.secretboxSealInPlace(box, nonce, boxKey);
    bare.set(nonce);
    bare.set(commitment, nonceBytes);
    return object;
  }

  /**
   * Random, and hedged: where the generator repeats itself (a virtual machine put back to a snapshot), two plaintexts
   * still get two nonces. Keyed, so that a nonce tells nothing of the plaintext.
   */
  #nonce(keys: SealKeys, digest: Uint8Array): Uint8Array {
    if (digest.byteLength !== digestBytes) throw new RangeError(`a digest has ${digestBytes} bytes`);
    return this.#primitives.blake2b(nonceBytes, [this.#random.bytes(noiseBytes), digest], keys.nonceKey);
  }

  /** The key of this one box, and the commitment to it and to all that the purpose says. */
  #split(
    keys: SealKeys,
    { type, vaultId, epoch, context }: Purpose,
    nonce: Uint8Array,
  ): { readonly boxKey: Uint8Array; readonly commitment: Uint8Array } {
    const vault = Buffer.from(vaultId, 'hex');
    if (vault.byteLength !== vaultIdBytes) throw new RangeError('not a vault id');
    const contextBytes = vault.byteLength + 4 + context.byteLength;
    const parts = [labels.seal, Uint8Array.of(sealedTypes[type]), u32(contextBytes), vault, u32(epoch), context, nonce];
    const both = this.#primitives.blake2b(keyBytes + commitmentBytes, parts, keys.typeKey(type));
    return { boxKey: both.subarray(0, keyBytes), commitment: both.subarray(keyBytes) };
  }
}

function joinable(plaintext: Plaintext): readonly Uint8Array[] {
  return plaintext instanceof Uint8Array ? [plaintext] : plaintext;
}

function room(size: number, into: Uint8Array | undefined): Uint8Array {
  if (into === undefined) return new Uint8Array(size);
  if (into.byteLength < size) throw new RangeError(`sealing needs ${size} bytes, not ${into.byteLength}`);
  return into.subarray(0, size);
}

function notSealed(purpose: Purpose, subject: string | undefined): Failure {
  return new Failure('E_FORMAT', `too short for a sealed ${purpose.type}`, subject === undefined ? {} : { subject });
}

/** One message for every cause: which of them it was is nobody's business. */
function tampered(purpose: Purpose, subject: string | undefined): Failure {
  return new Failure(
    'E_TAMPER',
    `does not open as what it should be in this vault (${purpose.type})`,
    subject === undefined ? {} : { subject },
  );
}
