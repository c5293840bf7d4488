/** The insider's own sealing, written from FORMAT.md, sections 2 and 3, over tweetnacl and @noble/hashes; nothing of src is used. */
import { blake2b } from '@noble/hashes/blake2.js';
import { randomBytes } from 'node:crypto';
import nacl from 'tweetnacl';

const typeBytes = {
  'entry-header': 1,
  'entry-body': 2,
  chunk: 3,
  'pack-directory': 4,
  'pack-trailer': 5,
  'epoch-share': 8,
  'device-keys': 12,
} as const;
export type SealType = keyof typeof typeBytes;

/** What an object is: its type's key, and what its context says. */
export interface Purpose {
  readonly type: SealType;
  readonly typeKey: Uint8Array;
  readonly vaultId: Uint8Array;
  readonly epoch: number;
  readonly context: Uint8Array;
}

const headerBytes = 10;
const nonceBytes = 24;
const commitmentBytes = 32;

export function label(name: string): Buffer {
  return Buffer.from(`cachette/v1/${name}\0`, 'ascii');
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function hash256(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.from(blake2b(Buffer.concat(parts), { dkLen: 32 }));
}

export function kdf(secret: Uint8Array, name: string, ...more: readonly Uint8Array[]): Buffer {
  return Buffer.from(blake2b(Buffer.concat([label(name), ...more]), { key: secret, dkLen: 32 }));
}

/** Bare: for what stands inside a pack. `paddedBytes` counts the length field; as small as it can be where left out. */
export function sealBare(purpose: Purpose, plain: Uint8Array, paddedBytes = plain.length + 4): Buffer {
  const padded = Buffer.alloc(Math.max(paddedBytes, plain.length + 4));
  padded.writeUInt32BE(plain.length);
  padded.set(plain, 4);
  const nonce = randomBytes(nonceBytes);
  const { key, commitment } = split(purpose, nonce);
  return Buffer.concat([nonce, commitment, nacl.secretbox(padded, nonce, key)]);
}

export function sealWhole(purpose: Purpose, plain: Uint8Array, paddedBytes?: number): Buffer {
  const start = Buffer.concat([Buffer.from('CCH1'), Buffer.of(1, typeBytes[purpose.type]), u32(purpose.epoch)]);
  return Buffer.concat([start, sealBare(purpose, plain, paddedBytes)]);
}

export function openWhole(purpose: Purpose, sealed: Uint8Array): Buffer {
  const bare = Buffer.from(sealed).subarray(headerBytes);
  const nonce = bare.subarray(0, nonceBytes);
  const { key, commitment } = split(purpose, nonce);
  if (!commitment.equals(bare.subarray(nonceBytes, nonceBytes + commitmentBytes))) throw new Error(`no such ${purpose.type}`);
  const padded = nacl.secretbox.open(new Uint8Array(bare.subarray(nonceBytes + commitmentBytes)), new Uint8Array(nonce), key);
  if (padded === null) throw new Error(`a ${purpose.type} that does not open`);
  const bytes = Buffer.from(padded);
  return bytes.subarray(4, 4 + bytes.readUInt32BE());
}

function split({ type, typeKey, vaultId, epoch, context }: Purpose, nonce: Uint8Array): { key: Buffer; commitment: Buffer } {
  const full = Buffer.concat([vaultId, u32(epoch), context]);
  const both = Buffer.from(
    blake2b(Buffer.concat([label('seal'), Buffer.of(typeBytes[type]), u32(full.length), full, nonce]), { key: typeKey, dkLen: 64 }),
  );
  return { key: both.subarray(0, 32), commitment: both.subarray(32) };
}

const kib = 1024;

/** Padding classes of journal parts: of the text and its length field. */
export function padClass(plainBytes: number): number {
  const needed = plainBytes + 4;
  for (const size of [1, 4, 16, 64, 256]) if (needed <= size * kib) return size * kib;
  return Math.ceil(needed / (kib * kib)) * kib * kib;
}

export function padme(size: number): number {
  const exponent = Math.floor(Math.log2(size));
  const bits = Math.floor(Math.log2(exponent)) + 1;
  const unit = 2 ** Math.max(0, exponent - bits);
  return Math.ceil(size / unit) * unit;
}

interface LowLevel {
  readonly lowlevel: { crypto_stream(out: Uint8Array, at: number, length: number, nonce: Uint8Array, key: Uint8Array): void };
}

const lanes = 1024;

/** The root of a state, from all of its records at once (3.7). */
export function stateRoot(records: readonly Uint8Array[]): Buffer {
  const sum = new Uint16Array(lanes);
  for (const record of records) {
    const element = new Uint8Array(2 * lanes);
    (nacl as unknown as LowLevel).lowlevel.crypto_stream(
      element,
      0,
      element.length,
      new Uint8Array(24),
      hash256(label('state-element'), record),
    );
    for (let lane = 0; lane < lanes; lane += 1)
      sum[lane] = (sum[lane] ?? 0) + ((element[2 * lane] ?? 0) | ((element[2 * lane + 1] ?? 0) << 8));
  }
  const bytes = Buffer.alloc(2 * lanes);
  for (const [lane, value] of sum.entries()) bytes.writeUInt16LE(value, 2 * lane);
  return hash256(label('state-root'), bytes);
}
