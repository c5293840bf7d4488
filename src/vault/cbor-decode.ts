import { Failure } from '../base/failure.ts';
import { nestingMax } from './cbor-value.ts';

/** Fails at anything that is not UTF-8; a byte order mark is a character like any other. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const twoTo32 = 2 ** 32;
/** Major types, as the first three bits of an item say them. */
const major = { uint: 0, negative: 1, bytes: 2, text: 3, array: 4 } as const;
const simple = { false: 0xf4, true: 0xf5, null: 0xf6 } as const;
/** The item's own number in the first byte, where it is less than this. */
const shortEnd = 24;

/**
 * The value that these bytes are the one encoding of; byte strings as copies. Throws E_FORMAT for anything else. Nothing is
 * reserved for what is only announced: what an array or string claims to hold must be there.
 */
export function decodeItem(bytes: Uint8Array): unknown {
  const reader = new ItemReader(bytes);
  const value = reader.read(0);
  if (!reader.isAtEnd) throw new Failure('E_FORMAT', 'bytes after the end of a structure');
  return value;
}

class ItemReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    // A plain view: of a Buffer, `slice` would give views and not copies.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** `depth`: arrays that are open. */
  read(depth: number): unknown {
    const first = this.#byte();
    switch (first) {
      case simple.false:
        return false;
      case simple.true:
        return true;
      case simple.null:
        return null;
      default:
        return this.#readSized(first, depth);
    }
  }

  #readSized(first: number, depth: number): unknown {
    const kind = first >> 5;
    if (kind > major.array) throw new Failure('E_FORMAT', `an item of a kind (${first}) that has no place in this format`);
    const number = this.#number(first & 0x1f);
    switch (kind) {
      case major.uint:
        return number;
      case major.negative:
        if (number === Number.MAX_SAFE_INTEGER) throw outOfRange();
        return -1 - number;
      case major.bytes:
        return this.#bytes.slice(this.#at, this.#pass(number));
      case major.text:
        return this.#text(number);
      default:
        return this.#array(number, depth);
    }
  }

  #array(length: number, depth: number): unknown[] {
    if (depth === nestingMax) throw new Failure('E_FORMAT', `nested deeper than ${nestingMax}`);
    // Each item takes a byte at least.
    if (length > this.#bytes.length - this.#at) throw cutShort();
    const items: unknown[] = [];
    for (let left = length; left > 0; left -= 1) items.push(this.read(depth + 1));
    return items;
  }

  #text(length: number): string {
    const start = this.#at;
    try {
      return utf8.decode(this.#bytes.subarray(start, this.#pass(length)));
    } catch (cause) {
      throw cause instanceof Failure ? cause : new Failure('E_FORMAT', 'a text that is not UTF-8', { cause });
    }
  }

  /** A number or length in its shortest form. */
  #number(info: number): number {
    if (info < shortEnd) return info;
    switch (info) {
      case 24:
        return atLeast(this.#byte(), shortEnd);
      case 25:
        return atLeast(this.#uint16(), 0x100);
      case 26:
        return atLeast(this.#uint32(), 0x1_0000);
      case 27: {
        const high = atLeast(this.#uint32(), 1);
        const number = high * twoTo32 + this.#uint32();
        if (!Number.isSafeInteger(number)) throw outOfRange();
        return number;
      }
      default:
        throw new Failure('E_FORMAT', 'a structure without a stated length');
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw cutShort();
    this.#at += 1;
    return byte;
  }

  #uint16(): number {
    return this.#byte() * 0x100 + this.#byte();
  }

  #uint32(): number {
    return this.#uint16() * 0x1_0000 + this.#uint16();
  }

  /** Goes past that many bytes; where it is then. */
  #pass(length: number): number {
    if (length > this.#bytes.length - this.#at) throw cutShort();
    this.#at += length;
    return this.#at;
  }
}

function atLeast(number: number, least: number): number {
  if (number < least) throw new Failure('E_FORMAT', 'a structure that is not in its one encoding');
  return number;
}

function cutShort(): Failure {
  return new Failure('E_FORMAT', 'a structure that ends too early');
}

function outOfRange(): Failure {
  return new Failure('E_FORMAT', 'a number out of range');
}
