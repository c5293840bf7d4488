/** The insider's own CBOR: the subset that the format allows, written from FORMAT.md alone; nothing of src is used. */
export type Wire = number | boolean | null | Uint8Array | readonly Wire[];

export function encode(value: Wire): Buffer {
  if (value === null) return Buffer.of(0xf6);
  if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(4, value.length), ...value.map((item) => encode(item))]);
}

function head(major: number, count: number): Buffer {
  const kind = major << 5;
  if (count < 24) return Buffer.of(kind | count);
  if (count < 2 ** 8) return Buffer.of(kind | 24, count);
  const [size, mark] = count < 2 ** 16 ? [2, 25] : count < 2 ** 32 ? [4, 26] : [8, 27];
  const bytes = Buffer.alloc(1 + size);
  bytes[0] = kind | mark;
  if (size === 8) bytes.writeBigUInt64BE(BigInt(count), 1);
  else bytes.writeUIntBE(count, 1, size);
  return bytes;
}

/** Trusts what it reads: the insider knows who wrote it. */
export function decode(bytes: Uint8Array): Wire {
  return new Decoding(Buffer.from(bytes)).value();
}

class Decoding {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(): Wire {
    const first = this.#bytes.readUInt8(this.#at);
    this.#at += 1;
    if (first === 0xf6) return null;
    if (first === 0xf4 || first === 0xf5) return first === 0xf5;
    const count = this.#count(first & 31);
    switch (first >> 5) {
      case 0:
        return count;
      case 1:
        return -1 - count;
      case 2:
        return this.#take(count);
      case 4:
        return Array.from({ length: count }, () => this.value());
      default:
        throw new Error(`CBOR of a kind that the format does not have: ${first}`);
    }
  }

  #count(mark: number): number {
    if (mark < 24) return mark;
    const size = 2 ** (mark - 24);
    const bytes = this.#take(size);
    return size === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, size);
  }

  #take(count: number): Buffer {
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

/** The fields of an array. */
export function fields(value: Wire | undefined): readonly Wire[] {
  if (!Array.isArray(value)) throw new Error('not an array');
  return value as readonly Wire[];
}

export function bytesOf(value: Wire | undefined): Buffer {
  if (!(value instanceof Uint8Array)) throw new Error('no bytes');
  return Buffer.from(value);
}

export function numberOf(value: Wire | undefined): number {
  if (typeof value !== 'number') throw new Error('no number');
  return value;
}
