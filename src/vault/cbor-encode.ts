import { Failure } from '../base/failure.ts';
import { nestingMax, type CborValue } from './cbor-value.ts';

const twoTo32 = 2 ** 32;
const major = { uint: 0x00, negative: 0x20, bytes: 0x40, text: 0x60, array: 0x80 } as const;
const simple = { false: 0xf4, true: 0xf5, null: 0xf6 } as const;
/** Up to this size a structure shares memory with others: memory of its own takes ten times as long to get. */
const sharedMaxBytes = 2048;

/** The one encoding of this value. Throws E_FAILED for what has none: our own mistake. */
export function encodeItem(value: CborValue): Uint8Array {
  const bytes = room(measure(value, 0));
  write(bytes, 0, value);
  return bytes;
}

function room(length: number): Uint8Array {
  if (length > sharedMaxBytes) return new Uint8Array(length);
  const shared = Buffer.allocUnsafe(length);
  return new Uint8Array(shared.buffer, shared.byteOffset, length);
}

/** Bytes of its encoding. */
function measure(value: CborValue, depth: number): number {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw unwritable(`number ${value}`);
    return headBytes(value < 0 ? -1 - value : value);
  }
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value !== 'string') return measureObject(value, depth);
  if (!value.isWellFormed()) throw unwritable('text with a lone surrogate');
  const length = Buffer.byteLength(value, 'utf8');
  return headBytes(length) + length;
}

function measureObject(value: Uint8Array | readonly CborValue[], depth: number): number {
  if (value instanceof Uint8Array) return headBytes(value.length) + value.length;
  if (!Array.isArray(value)) throw unwritable(typeof value);
  if (depth === nestingMax) throw unwritable('nested too deep');
  let bytes = headBytes(value.length);
  for (const item of value as readonly CborValue[]) bytes += measure(item, depth + 1);
  return bytes;
}

function headBytes(number: number): number {
  if (number < 24) return 1;
  if (number < 0x100) return 2;
  if (number < 0x1_0000) return 3;
  return number < twoTo32 ? 5 : 9;
}

/** Writes it there; where it ends. */
function write(bytes: Uint8Array, at: number, value: CborValue): number {
  if (typeof value === 'number')
    return value < 0 ? writeHead(bytes, at, major.negative, -1 - value) : writeHead(bytes, at, major.uint, value);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return writeBytes(bytes, writeHead(bytes, at, major.text, text.length), text);
  }
  if (value instanceof Uint8Array) return writeBytes(bytes, writeHead(bytes, at, major.bytes, value.length), value);
  if (value === null || typeof value === 'boolean') {
    bytes[at] = value === null ? simple.null : value ? simple.true : simple.false;
    return at + 1;
  }
  let end = writeHead(bytes, at, major.array, value.length);
  for (const item of value) end = write(bytes, end, item);
  return end;
}

function writeBytes(bytes: Uint8Array, at: number, part: Uint8Array): number {
  bytes.set(part, at);
  return at + part.length;
}

/** A kind and its number, in the shortest form. */
function writeHead(bytes: Uint8Array, at: number, kind: number, number: number): number {
  if (number < 24) {
    bytes[at] = kind + number;
    return at + 1;
  }
  const length = headBytes(number) - 1;
  bytes[at] = kind + (length === 1 ? 24 : length === 2 ? 25 : length === 4 ? 26 : 27);
  let rest = number;
  for (let place = at + length; place > at; place -= 1) {
    bytes[place] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  return at + 1 + length;
}

function unwritable(fault: string): Failure {
  return new Failure('E_FAILED', `cannot be written as CBOR: ${fault}`);
}
