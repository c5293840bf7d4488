import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/base/random.ts';
import { PackPool } from '../../src/engine/content/pack-pool.ts';
import type { FullPack, WorkshopHost } from '../../src/engine/content/workshop.ts';
import { CutRule, cutRange } from '../../src/vault/chunk/cut-rule.ts';
import { Cutter } from '../../src/vault/chunk/cutter.ts';
import { chunkIdOf, encodeChunk } from '../../src/vault/chunk/chunk-codec.ts';
import { bareOverheadBytes, paddedPackBytes } from '../../src/vault/pack/pack-layout.ts';
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
  /** A rolling value that makes a candidate: the lower 56 bits, the upper 8 being zero; and whether it is cut there. */
  interface Candidate {
    readonly low: number;
    readonly high: number;
    readonly isCut: boolean;
  }

  const bits = Array.from({ length: 56 }, (_, at) => at);

  function bitOf({ low, high }: Candidate, at: number): boolean {
    return ((at < 32 ? low >>> at : high >>> (at - 32)) & 1) === 1;
  }

  /** What a stream of no pattern would meet; the decision rests on nothing else. */
  function candidates(seed: number, count: number, cuts: (low: number, high: number) => boolean): Candidate[] {
    const random = new SeededRandom(seed);
    const bytes = random.bytes(count * 7);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: count }, (_, at) => {
      const low = view.getInt32(at * 7);
      const high = view.getUint16(at * 7 + 4) * 256 + view.getUint8(at * 7 + 6);
      return { low, high, isCut: cuts(low, high) };
    });
  }

  /** How much each bit speaks for a cut, learned from one file; then the likeliest places of another. The share that is right. */
  function predict(known: readonly Candidate[], unseen: readonly Candidate[]): number {
    const [cuts, others] = [known.filter(({ isCut }) => isCut), known.filter(({ isCut }) => !isCut)];
    const odds = bits.map((bit) => {
      const share = (of: readonly Candidate[]): number => (of.filter((candidate) => bitOf(candidate, bit)).length + 0.5) / (of.length + 1);
      const [cut, uncut] = [share(cuts), share(others)];
      return { one: Math.log(cut / uncut), zero: Math.log((1 - cut) / (1 - uncut)) };
    });
    const scoreOf = (candidate: Candidate): number => odds.reduce((sum, { one, zero }, at) => sum + (bitOf(candidate, at) ? one : zero), 0);
    const wanted = unseen.filter(({ isCut }) => isCut).length;
    const best = unseen.map((candidate) => ({ candidate, score: scoreOf(candidate) })).toSorted((x, y) => y.score - x.score);
    return best.slice(0, wanted).filter(({ candidate }) => candidate.isCut).length / wanted;
  }

  const cutKey = bytesOf('the key', 32);

  test('does not learn where unseen content is cut, even with the gear table and every cut of the known file', () => {
    const rule = new CutRule(sodium, cutKey);
    const count = (isFull ? 1000 : 120) * 1000;
    const bare = (low: number): boolean => (low >>> 16) % 2048 === 0;
    const rates = [(low: number, high: number): boolean => rule.cuts(low, high), bare].map((cuts) =>
      predict(candidates(1, count, cuts), candidates(2, count, cuts)),
    );
    expect(rates[1], 'guard: a bare table is found out').toBeGreaterThan(0.8);
    // Chance is one in 3,072: of some dozen cuts, one in ten would tell something.
    expect(rates[0] ?? 1, 'chance').toBeLessThan(0.1);
  });

  test.each(['the program cuts', 'native code cuts'])('and %s where that rule says, nowhere else', (who) => {
    const rule = new CutRule(sodium, cutKey);
    const bytes = streamBytes('known', (isFull ? 64 : 8) * 1024 * 1024);
    const cutter = who === 'the program cuts' ? new Cutter(rule, 'none') : new Cutter(rule);
    const found: number[] = [];
    for (let at = cutter.next(bytes, 0); at !== -1; at = cutter.next(bytes, at)) found.push(at);
    expect(found.length).toBeGreaterThan(isFull ? 20 : 2);
    expect(found).toEqual(cutsOf(rule, bytes));
  });

  /** As FORMAT.md has it: the last 64 bytes decide, behind the PRF, between the smallest and the largest chunk. */
  function cutsOf(rule: CutRule, bytes: Uint8Array): number[] {
    const found: number[] = [];
    let [low, high, start] = [0, 0, 0];
    for (const [at, byte] of bytes.entries()) {
      // The upper half takes the bit that leaves the lower one, and what both additions carry over.
      const sum = ((low << 1) >>> 0) + ((rule.low[byte] ?? 0) >>> 0);
      high = ((high << 1) | (low >>> 31)) + (rule.high[byte] ?? 0) + (sum > 0xffffffff ? 1 : 0);
      [low, high] = [sum | 0, high | 0];
      const length = at + 1 - start;
      if (length < cutRange.min) continue;
      if (length < cutRange.max && !(high >>> 24 === 0 && rule.cuts(low, high))) continue;
      found.push(at + 1);
      start = at + 1;
    }
    return found;
  }
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
