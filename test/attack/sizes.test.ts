import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/base/random.ts';
import { PackPool } from '../../src/engine/pack-pool.ts';
import type { FullPack, WorkshopHost } from '../../src/engine/workshop.ts';
import { CutRule } from '../../src/vault/chunk/cut-rule.ts';
import { chunkIdOf, encodeChunk } from '../../src/vault/chunk/chunk-codec.ts';
import { bareOverheadBytes, paddedPackBytes } from '../../src/vault/pack/pack-layout.ts';
import { SipHash } from '../../src/crypto/siphash.ts';
import { sodium } from '../crypto/providers.ts';
import { bytesOf } from '../crypto/fixed-random.ts';
import { streamBytes } from '../vault/chunk/stream-bytes.ts';
import { testVault } from '../vault/chunk/test-vault.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { isFull } from './is-full.ts';

const vault = testVault('sizes');
const keys = vault.keys(1);
const largest = new Uint8Array(4 * 1024 * 1024 + 100);

/** Sizes of the packs that the store gets where chunks of these sealed lengths are brought at once: all that it sees of them. */
async function packSizes(random: Random, sealedBytes: readonly number[]): Promise<number[]> {
  const sizes: number[] = [];
  const host: WorkshopHost = {
    claimChunks: (chunks) => Promise.resolve(chunks.map(() => true)),
    takePack: (pack: FullPack) => {
      sizes.push(pack.directory.sizeBytes);
      return Promise.resolve();
    },
  };
  const pool = new PackPool({ sealing: vault.sealing, random, epochKeys: () => keys });
  const chunk = chunkIdOf(sodium, keys, Uint8Array.of(1));
  for (const length of sealedBytes) {
    const plainBytes = length - bareOverheadBytes - 1;
    pool.add({ ...pool.reserve(1, plainBytes), chunk, plainBytes, sealed: largest.subarray(0, length) });
    await pool.handOver(host);
  }
  await pool.flush(host);
  return sizes.toSorted((a, b) => a - b);
}

/** What somebody makes of the sizes of one upload. */
type View = (sizes: readonly number[]) => string;
const views: readonly View[] = [
  (sizes) => sizes.join(' '),
  (sizes) => String(sizes.reduce((a, b) => a + b, 0)),
  (sizes) => String(sizes.length),
  (sizes) => String(sizes[0]),
  (sizes) => String(sizes.at(-1)),
];

/** Sealed lengths of one kind of upload. */
type Kind = readonly number[];

/**
 * How often somebody who has seen `rounds` uploads of each of two kinds tells rightly, of as many others, which kind they are
 * of: for each thing seen, the kind that it was seen more often with. Of all that can be looked at, what tells most.
 */
async function guessRate(kinds: readonly [Kind, Kind], rounds: number): Promise<number> {
  const random = new SeededRandom(7);
  const draws: { readonly kind: number; readonly sizes: readonly number[] }[] = [];
  for (let round = 0; round < 2 * rounds; round += 1)
    for (const [kind, lengths] of kinds.entries()) draws.push({ kind, sizes: await packSizes(random, lengths) });
  const [learned, asked] = [draws.slice(0, 2 * rounds), draws.slice(2 * rounds)];
  const rates = views.map((view) => {
    const seen = new Map<string, number>();
    for (const { kind, sizes } of learned) seen.set(view(sizes), (seen.get(view(sizes)) ?? 0) + (kind === 0 ? 1 : -1));
    const right = asked.map(({ kind, sizes }) => {
      const score = seen.get(view(sizes)) ?? 0;
      if (score === 0) return 0.5;
      return score > 0 === (kind === 0) ? 1 : 0;
    });
    return right.reduce<number>((a, b) => a + b, 0) / asked.length;
  });
  return Math.max(...rates);
}

describe('A34: many small files of other sizes and the same sum', () => {
  const count = 200;
  const sum = 2_000_000;
  const even = Array.from({ length: count }, () => sum / count);
  const corpora: Record<string, readonly number[]> = {
    'small and large ones': Array.from({ length: count }, (_, at) => (at % 2 === 0 ? 1_000 : 19_000)),
    'one large among small ones': [250_000, ...Array.from({ length: count - 1 }, () => 8_700)],
    'a steady rise': Array.from({ length: count }, (_, at) => 150 + at * 98),
  };
  const rounds = isFull ? 1_000 : 60;
  /** The last one takes what is over, so that all sums are equal. */
  function balanced(sizes: readonly number[]): number[] {
    const over = sum - sizes.reduce((a, b) => a + b, 0);
    return [...sizes.slice(0, -1), (sizes.at(-1) ?? 0) + over];
  }

  test.each(Object.keys(corpora))('%s can not be told from equal ones', async (name) => {
    expect(
      balanced(corpora[name] ?? []).every((size) => size > 100),
      'guard',
    ).toBe(true);
    expect(await guessRate([even, balanced(corpora[name] ?? [])], rounds)).toBeLessThanOrEqual(0.55);
  });

  test('guard: sizes that differ by more than padding hides are told apart', async () => {
    expect(await guessRate([even, even.slice(0, 100)], 20)).toBe(1);
  });
});

describe('A33: who knows a large file, and where it is cut', () => {
  /** Every place where the rolling value makes a candidate, and whether it is cut there; cuts themselves begin anew. */
  function candidatesOf(bytes: Uint8Array, { low, high }: CutRule, cuts: (low: number, high: number) => boolean): Candidate[] {
    const found: Candidate[] = [];
    let value = 0n;
    for (const byte of bytes) {
      const gear = (BigInt.asUintN(32, BigInt(high[byte] ?? 0)) << 32n) | BigInt.asUintN(32, BigInt(low[byte] ?? 0));
      value = BigInt.asUintN(64, (value << 1n) + gear);
      if (value >> 56n !== 0n) continue;
      const halves = [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))] as const;
      found.push({ value, isCut: cuts(...halves) });
    }
    return found;
  }

  /** How much each bit speaks for a cut, learned from one file; then the likeliest places of another. The share that is right. */
  function predict(known: readonly Candidate[], unseen: readonly Candidate[]): number {
    const bits = Array.from({ length: 56 }, (_, at) => BigInt(at));
    const odds = bits.map((bit) => {
      const share = (isCut: boolean): number => {
        const of = known.filter((candidate) => candidate.isCut === isCut);
        return (of.filter(({ value }) => ((value >> bit) & 1n) === 1n).length + 0.5) / (of.length + 1);
      };
      const [cut, uncut] = [share(true), share(false)];
      return { one: Math.log(cut / uncut), zero: Math.log((1 - cut) / (1 - uncut)) };
    });
    const scoreOf = ({ value }: Candidate): number =>
      odds.reduce((sum, { one, zero }, at) => sum + (((value >> BigInt(at)) & 1n) === 1n ? one : zero), 0);
    const wanted = unseen.filter(({ isCut }) => isCut).length;
    const best = unseen.map((candidate) => ({ candidate, score: scoreOf(candidate) })).toSorted((a, b) => b.score - a.score);
    return best.slice(0, wanted).filter(({ candidate }) => candidate.isCut).length / wanted;
  }

  interface Candidate {
    readonly value: bigint;
    readonly isCut: boolean;
  }

  test('does not learn where unseen content is cut, even with the gear table and every cut of the known file', () => {
    const rule = new CutRule(sodium, bytesOf('the key', 32));
    // One in sixteen, so that there are cuts enough to count.
    const prf = new SipHash(bytesOf('a PRF of the same kind', 16));
    const keyed = (low: number, high: number): boolean => prf.low32OfWord(low, high) < 2 ** 28;
    const bare = (low: number): boolean => (low >>> 16) % 16 === 0;
    const [known, unseen] = ['known', 'unseen'].map((name) => streamBytes(name, (isFull ? 4 : 1) * 1024 * 1024));
    if (known === undefined || unseen === undefined) throw new Error('two files');
    const rates = [keyed, bare].map((cuts) => predict(candidatesOf(known, rule, cuts), candidatesOf(unseen, rule, cuts)));
    expect(rates[1], 'guard: a bare table is found out').toBe(1);
    expect(Math.abs((rates[0] ?? 1) - 1 / 16), 'chance').toBeLessThan(isFull ? 0.02 : 0.05);
  });
});

describe('A36: who can write beside a secret in the same file', () => {
  const token = 'token=K7xQ9wZr3mB5';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.split('');

  /** What the store sees of a file that is saved alone. */
  function seenSize(text: string): number {
    const coded = encodeChunk(Buffer.from(text)).reduce((total, { length }) => total + length, 0);
    return paddedPackBytes(bareOverheadBytes + coded, 1);
  }

  test('sees the same size whatever is guessed', () => {
    const random = new SeededRandom(36);
    const runs = isFull ? 500 : 25;
    for (let run = 0; run < runs; run += 1) {
      const secret = `${Buffer.from(random.bytes(1_000)).toString('hex')}\n${token}\n`;
      const guesses = alphabet.map((letter) => seenSize(`${secret}${token.slice(0, 8)}${letter}`));
      expect(new Set(guesses).size).toBe(1);
    }
    const coded = alphabet.map(
      (letter) => encodeChunk(Buffer.from(`${'x'.repeat(500)}${token}\n${token.slice(0, 8)}${letter}`)).at(-1)?.length,
    );
    expect(new Set(coded).size, 'guard: compression alone would tell').toBeGreaterThan(1);
  });
});
