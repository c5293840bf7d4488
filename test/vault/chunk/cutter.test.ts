import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/bytes.ts';
import { ChunkStream } from '../../../src/vault/chunk/chunk-stream.ts';
import { CutRule } from '../../../src/vault/chunk/cut-rule.ts';
import { Cutter } from '../../../src/vault/chunk/cutter.ts';
import { SipHash } from '../../../src/crypto/siphash.ts';
import { labels } from '../../../src/crypto/labels.ts';
import { bytesOf } from '../../crypto/fixed-random.ts';
import { nativeOrNone } from '../../native/native-or-none.ts';
import { portable, sodium } from '../../crypto/providers.ts';
import { streamBytes } from './stream-bytes.ts';

const kib = 1024;
const mib = 1024 * kib;
const cutKey = bytesOf('cut key', 32);
const rule = new CutRule(sodium, cutKey);

/** Lengths of the chunks, the last one included; the same with native code and without. */
function lengthsOf(blocks: readonly Uint8Array[], of: CutRule = rule): number[] {
  const [lengths = [], ...others] = nativeOrNone.map((calls) => lengthsBy(new Cutter(of, calls), blocks));
  for (const each of others) expect(each).toEqual(lengths);
  return lengths;
}

function lengthsBy(cutter: Cutter, blocks: readonly Uint8Array[]): number[] {
  const lengths: number[] = [];
  let pending = 0;
  for (const block of blocks) {
    let at = 0;
    for (let cut = cutter.next(block, at); cut >= 0; cut = cutter.next(block, at)) {
      lengths.push(pending + cut - at);
      pending = 0;
      at = cut;
    }
    pending += block.length - at;
    expect(cutter.pendingBytes).toBe(pending);
  }
  return pending > 0 ? [...lengths, pending] : lengths;
}

/** The rule as FORMAT.md says it, with nothing made fast. */
function plainLengths(bytes: Uint8Array): number[] {
  const gear = Array.from({ length: 32 }, (_, block) => {
    const values = sodium.blake2b(64, [labels.cutGear, Uint8Array.of(0, 0, 0, block)], cutKey);
    return Array.from({ length: 8 }, (_, k) => new DataView(values.buffer, values.byteOffset).getBigUint64(8 * k));
  }).flat();
  const sip = new SipHash(sodium.blake2b(16, [labels.cutDecision], cutKey));
  const lengths: number[] = [];
  let start = 0;
  let h = 0n;
  for (let at = 0; at < bytes.length; at += 1) {
    h = BigInt.asUintN(64, (h << 1n) + (gear[bytes[at] ?? 0] ?? 0n));
    const length = at + 1 - start;
    const isCandidate = length >= 256 * kib && h >> 56n === 0n;
    const cuts = isCandidate && sip.low32OfWord(Number(h & 0xffffffffn), Number(h >> 32n)) < Math.floor(2 ** 32 / 3072);
    if (cuts || length === 4 * mib) {
      lengths.push(length);
      start = at + 1;
    }
  }
  return start < bytes.length ? [...lengths, bytes.length - start] : lengths;
}

describe('the cutter', () => {
  test('cuts where the rule says', () => {
    const bytes = streamBytes('plain rule', 6 * mib);
    const lengths = plainLengths(bytes);
    expect(lengths.length).toBeGreaterThan(3);
    expect(lengthsOf([bytes])).toEqual(lengths);
  });

  test('cuts the same however the stream comes in blocks', () => {
    const bytes = streamBytes('blocks', 5 * mib);
    const whole = lengthsOf([bytes]);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(70), fc.nat(2 * mib), fc.constantFrom(256 * kib - 64, 256 * kib - 1, 256 * kib)), { maxLength: 12 }),
        (sizes) => {
          const blocks: Uint8Array[] = [];
          let at = 0;
          for (const size of sizes) {
            blocks.push(bytes.subarray(at, at + size));
            at = Math.min(bytes.length, at + size);
          }
          blocks.push(bytes.subarray(at));
          expect(lengthsOf(blocks)).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('cuts the same byte by byte around the smallest chunk', () => {
    const bytes = streamBytes('bytes', 2 * mib);
    const tiny = Array.from({ length: 600 }, (_, k) => bytes.subarray(256 * kib - 300 + k, 256 * kib - 299 + k));
    const blocks = [bytes.subarray(0, 256 * kib - 300), ...tiny, bytes.subarray(256 * kib + 300)];
    expect(lengthsOf(blocks)).toEqual(lengthsOf([bytes]));
  });

  test('keeps to 256 KiB and 4 MiB, with a mean of about 1 MiB', () => {
    const lengths = lengthsOf([streamBytes('mean', 128 * mib)]);
    const inner = lengths.slice(0, -1);
    expect(Math.min(...inner)).toBeGreaterThanOrEqual(256 * kib);
    expect(Math.max(...inner)).toBeLessThanOrEqual(4 * mib);
    const mean = inner.reduce((sum, length) => sum + length, 0) / inner.length;
    expect(mean).toBeGreaterThan(0.8 * mib);
    expect(mean).toBeLessThan(1.25 * mib);
  });

  test('moves only the first cuts where a byte is put in front of 64 MiB', () => {
    const bytes = streamBytes('insertion', 64 * mib);
    const ends = (lengths: readonly number[], shift: number): Set<number> => {
      let at = -shift;
      return new Set(lengths.map((length) => (at += length)));
    };
    const before = ends(lengthsOf([bytes]), 0);
    const after = ends(lengthsOf([Uint8Array.of(1), bytes]), 1);
    expect(before.size).toBeGreaterThan(40);
    const lost = [...before].filter((end) => !after.has(end));
    expect(lost.length).toBeLessThanOrEqual(4);
    expect(lost.every((end) => end < 16 * mib)).toBe(true);
  });

  test('cuts zeros, which never look like a cut or always do, without leaving the bounds', () => {
    for (const byte of [0, 255]) {
      const lengths = lengthsOf([new Uint8Array(20 * mib).fill(byte)]);
      expect(new Set(lengths.slice(0, -1)).size).toBe(1);
      expect([256 * kib, 4 * mib]).toContain(lengths[0]);
    }
  });

  test('leaves a file below 256 KiB whole, and cuts nothing behind the end', () => {
    expect(lengthsOf([])).toEqual([]);
    expect(lengthsOf([new Uint8Array()])).toEqual([]);
    expect(lengthsOf([streamBytes('small', 256 * kib - 1)])).toEqual([256 * kib - 1]);
    const first = lengthsOf([streamBytes('exact', 8 * mib)])[0] ?? 0;
    expect(lengthsOf([streamBytes('exact', 8 * mib).subarray(0, first)])).toEqual([first]);
  });

  test('cuts elsewhere under another key, and the same with either provider', () => {
    const bytes = streamBytes('keys', 8 * mib);
    expect(lengthsOf([bytes], new CutRule(sodium, bytesOf('another', 32)))).not.toEqual(lengthsOf([bytes]));
    expect(lengthsOf([bytes], new CutRule(portable, cutKey))).toEqual(lengthsOf([bytes]));
  });
});

describe('a stream of chunks', () => {
  test('gives back the bytes of each file, cut as the cutter cuts', () => {
    const stream = new ChunkStream(rule);
    for (const seed of ['one', 'two']) {
      const bytes = streamBytes(seed, 5 * mib + 7);
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += 999_983) chunks.push(...stream.push(bytes.subarray(at, at + 999_983)));
      const last = stream.end();
      if (last !== undefined) chunks.push(last);
      expect(chunks.map((chunk) => chunk.length)).toEqual(lengthsOf([bytes]));
      expect(Buffer.compare(concatBytes(chunks), bytes)).toBe(0);
    }
    expect(stream.end()).toBeUndefined();
  });

  test('may be fed from one buffer, where what is held back is kept', () => {
    const bytes = streamBytes('buffer', 3 * mib);
    const stream = new ChunkStream(rule);
    const buffer = new Uint8Array(100_000);
    const held = new Uint8Array(4 * mib);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += buffer.length) {
      const piece = bytes.subarray(at, at + buffer.length);
      buffer.set(piece);
      chunks.push(...stream.push(buffer.subarray(0, piece.length)).map((chunk) => chunk.slice()));
      expect(stream.moveTo(held)).toBeLessThan(4 * mib);
    }
    chunks.push(stream.end() ?? new Uint8Array());
    expect(Buffer.compare(concatBytes(chunks), bytes)).toBe(0);
  });
});
