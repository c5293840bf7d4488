/**
 * The only reader and writer of CBOR. Every structure has exactly one encoding: arrays, byte strings, text, safe integers,
 * true, false and null, each in its shortest form. Whatever else arrives is E_FORMAT, so that two byte strings never say
 * the same thing and a signature or hash over bytes is one over meaning.
 */
import { decode, encode as encodeCbor, Tokenizer, Type } from 'cborg';
import { compareBytes } from '../base/bytes.ts';
import { Failure } from '../base/failure.ts';

/** What can be written. */
export type CborValue = null | boolean | number | string | Uint8Array | readonly CborValue[];

const nestingMax = 16;

/** The one encoding of this value. Numbers must be safe integers, text free of lone surrogates, nesting at most 16. */
export function encode(value: CborValue): Uint8Array {
  const fault = findValueFault(value, 0);
  if (fault !== undefined) throw new Failure('E_FAILED', `cannot be written as CBOR: ${fault}`);
  return encodeCbor(value);
}

/** The value that these bytes are the one encoding of. Throws E_LIMIT above `maxBytes`, E_FORMAT for anything not canonical. */
export function decodeStrict(bytes: Uint8Array, maxBytes: number): unknown {
  const value = decodeProven(bytes, maxBytes);
  let again: Uint8Array;
  try {
    again = encodeCbor(value);
  } catch (cause) {
    throw notOfThisFormat(cause);
  }
  if (compareBytes(again, bytes) !== 0) throw new Failure('E_FORMAT', 'a structure that is not in its one encoding');
  return value;
}

function notOfThisFormat(cause: unknown): Failure {
  return cause instanceof Failure ? cause : new Failure('E_FORMAT', 'not a structure of this format', { cause });
}

/**
 * As `decodeStrict`, for bytes that it has accepted before, or that `encode` gave: that they are the one encoding is not
 * proven again, which takes as long as decoding itself. Throws as that.
 */
export function decodeProven(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.length > maxBytes) throw new Failure('E_LIMIT', `a structure of ${bytes.length} bytes, ${maxBytes} allowed`);
  // A plain view: decoding from a Buffer would hand out views into it instead of copies.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const options = {
    strict: true,
    allowIndefinite: false,
    allowUndefined: false,
    allowBigInt: false,
    allowInfinity: false,
    allowNaN: false,
  } as const;
  try {
    return decode(plain, { ...options, tokenizer: new NarrowTokenizer(plain, options) }) as unknown;
  } catch (cause) {
    throw notOfThisFormat(cause);
  }
}

/** An array of exactly this length. */
export function readTuple(value: unknown, length: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== length) throw new Failure('E_FORMAT', `expected ${length} fields`);
  return value as readonly unknown[];
}

/** An array of at most `max` items. Throws E_LIMIT above that. */
export function readArray(value: unknown, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new Failure('E_FORMAT', 'expected a list');
  if (value.length > max) throw new Failure('E_LIMIT', `a list of ${value.length} items, ${max} allowed`);
  return value as readonly unknown[];
}

/** A byte string of exactly this length, or of at most `max` bytes. */
export function readBytes(value: unknown, length: number | { readonly max: number }): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Failure('E_FORMAT', 'expected bytes');
  if (typeof length === 'number' && value.length !== length) throw new Failure('E_FORMAT', `expected ${length} bytes`);
  if (typeof length === 'object' && value.length > length.max) throw new Failure('E_LIMIT', `${value.length} bytes, ${length.max} allowed`);
  return value;
}

/** A whole number from `min` to `max`. */
export function readInt(value: unknown, range: { readonly min: number; readonly max: number }): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Failure('E_FORMAT', 'expected a whole number');
  if (value < range.min || value > range.max) throw new Failure('E_FORMAT', `${value} is not from ${range.min} to ${range.max}`);
  return value;
}

/** Text of at most `maxBytes` bytes of UTF-8. */
export function readText(value: unknown, maxBytes: number): string {
  if (typeof value !== 'string') throw new Failure('E_FORMAT', 'expected text');
  if (Buffer.byteLength(value, 'utf8') > maxBytes) throw new Failure('E_LIMIT', `a text longer than ${maxBytes} bytes`);
  return value;
}

/** True or false. */
export function readBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Failure('E_FORMAT', 'expected true or false');
  return value;
}

const allowedTypes: ReadonlySet<string> = new Set(['uint', 'negint', 'bytes', 'string', 'array', 'true', 'false', 'null']);

/** Stops at the first token that this format has no use for, before anything deep or large is built from it. */
class NarrowTokenizer extends Tokenizer {
  /** Items still to come in each open array. */
  readonly #open: number[] = [];

  override next(): ReturnType<Tokenizer['next']> {
    const token = super.next();
    if (!allowedTypes.has(token.type.name)) throw new Failure('E_FORMAT', `a ${token.type.name} has no place in this format`);
    if (typeof token.value === 'number' && !Number.isSafeInteger(token.value)) throw new Failure('E_FORMAT', 'a number out of range');
    const last = this.#open.length - 1;
    if (last >= 0) this.#open[last] = (this.#open[last] ?? 0) - 1;
    if (Type.equals(token.type, Type.array)) {
      this.#open.push(token.value as number);
      if (this.#open.length > nestingMax) throw new Failure('E_FORMAT', `nested deeper than ${nestingMax}`);
    }
    while (this.#open.at(-1) === 0) this.#open.pop();
    return token;
  }
}

function findValueFault(value: CborValue, depth: number): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? undefined : `number ${value}`;
  if (typeof value === 'string') return value.isWellFormed() ? undefined : 'text with a lone surrogate';
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return undefined;
  if (!Array.isArray(value)) return typeof value;
  if (depth === nestingMax) return 'nested too deep';
  for (const item of value as readonly CborValue[]) {
    const fault = findValueFault(item, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
