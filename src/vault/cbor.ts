/**
 * The only way to read and write CBOR. Every structure has exactly one encoding: arrays, byte strings, text, safe integers,
 * true, false and null, each in its shortest form. Whatever else arrives is E_FORMAT, so that two byte strings never say
 * the same thing and a signature or hash over bytes is one over meaning.
 */
import { Failure } from '../base/failure.ts';
import { decodeItem } from './cbor-decode.ts';
import { encodeItem } from './cbor-encode.ts';
import type { CborValue } from './cbor-value.ts';

/** The one encoding of this value. Numbers must be safe integers, text free of lone surrogates, nesting at most 16. */
export function encode(value: CborValue): Uint8Array {
  return encodeItem(value);
}

/** The value that these bytes are the one encoding of. Throws E_LIMIT above `maxBytes`, E_FORMAT for anything not canonical. */
export function decodeStrict(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.length > maxBytes) throw new Failure('E_LIMIT', `a structure of ${bytes.length} bytes, ${maxBytes} allowed`);
  return decodeItem(bytes);
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
