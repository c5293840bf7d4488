import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex, utf8 } from '../../src/base/bytes.ts';
import { StateSum } from '../../src/crypto/state-root.ts';
import { failureCode } from './failure-code.ts';
import { portable, providers, sodium } from './providers.ts';

const records = fc.uniqueArray(fc.uint8Array({ maxLength: 40 }), { maxLength: 12, selector: toHex });

/** The sum of FORMAT.md, written a second time with whole numbers. */
function slowSum(all: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(2048);
  for (const record of all) {
    const stream = new Uint8Array(2048);
    portable.keystream(stream, portable.blake2b(32, [utf8('cachette/v1/state-element\0'), record]));
    for (let lane = 0; lane < 2048; lane += 2) {
      const total = (sum[lane]! + stream[lane]! + 256 * (sum[lane + 1]! + stream[lane + 1]!)) % 65_536;
      sum[lane] = total % 256;
      sum[lane + 1] = Math.floor(total / 256);
    }
  }
  return sum;
}

describe.each(providers)('the state sum with %s', (_, primitives) => {
  const sumOf = (all: readonly Uint8Array[]): StateSum => {
    const sum = StateSum.empty(primitives);
    for (const record of all) sum.add(record);
    return sum;
  };

  test('is the same in whatever order records come and go', () => {
    fc.assert(
      fc.property(records, records, fc.nat(), (kept, gone, turn) => {
        const expected = sumOf(kept);
        const shuffled = kept.toSorted((a, b) => ((a.length * 31 + turn) % 7) - ((b.length * 31 + turn) % 7));
        const other = sumOf([...gone, ...shuffled]);
        for (const record of gone.toReversed()) other.remove(record);
        expect(other.root()).toBe(expected.root());
        expect(other.bytes()).toEqual(expected.bytes());
        const early = StateSum.empty(primitives); // taken out before it was put in: only the set in the end counts
        for (const record of gone) early.remove(record);
        for (const record of [...kept, ...gone]) early.add(record);
        expect(early.root()).toBe(expected.root());
      }),
      { numRuns: 20 },
    );
  });

  test('differs where the records do', () => {
    const base = [utf8('a'), utf8('b')];
    const others = [[], [utf8('a')], [utf8('ab')], [utf8('a'), utf8('b'), utf8('b')], [utf8('a'), utf8('c')], [new Uint8Array(0)]];
    const roots = [base, ...others].map((all) => sumOf(all).root());
    expect(new Set(roots).size).toBe(roots.length);
  });

  test('is made as FORMAT.md says', () => {
    const all = [utf8('one'), utf8('two'), utf8('three')];
    expect(sumOf(all).bytes()).toEqual(slowSum(all));
    expect(sumOf(all).root()).toBe(toHex(portable.blake2b(32, [utf8('cachette/v1/state-root\0'), slowSum(all)])));
    expect(StateSum.empty(primitives).bytes()).toEqual(new Uint8Array(2048));
  });

  test('goes on from its bytes, and apart from its copies', () => {
    const sum = sumOf([utf8('a')]);
    const kept = StateSum.from(primitives, sum.bytes());
    const copy = sum.copy();
    sum.add(utf8('b'));
    expect(kept.root()).toBe(copy.root());
    expect(kept.root()).not.toBe(sum.root());
    kept.add(utf8('b'));
    expect(kept.root()).toBe(sum.root());
    const unaligned = new Uint8Array(2049).subarray(1);
    unaligned.set(sum.bytes());
    expect(StateSum.from(primitives, unaligned).root()).toBe(sum.root());
    expect(failureCode(() => StateSum.from(primitives, new Uint8Array(2047)))).toBe('E_FORMAT');
  });
});

test('both providers come to the same sum', () => {
  fc.assert(
    fc.property(records, (all) => {
      const [a, b] = [sodium, portable].map((primitives) => {
        const sum = StateSum.empty(primitives);
        for (const record of all) sum.add(record);
        return sum.root();
      });
      expect(a).toBe(b);
    }),
    { numRuns: 20 },
  );
});
