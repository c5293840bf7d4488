/** All small trees and all that two people can do to them, held against an independent reading of the rules. */
import { describe, expect, test } from 'vitest';
import { checkCase, drawCase, type ActCounts } from './small-case.ts';
import { allActs, smallTrees } from './small-trees.ts';

/** "all" for every pair of acts on every tree (minutes); else a sample of them. */
const isWhole = process.env['CACHETTE_PLANNER_PAIRS'] === 'all';
/** Of the pairs on trees of more than one node, one in so many is tried. */
const oneIn = isWhole ? 1 : 101;
/** How many cases of more than one act against another, of each kind. */
const draws = Number(process.env['CACHETTE_PLANNER_DRAWS'] ?? 700);
/** The first of the seeds that these are drawn by. */
const firstSeed = Number(process.env['CACHETTE_PLANNER_SEED'] ?? 1);
const minutes = 60_000;

describe('two devices, held against the reference', () => {
  test('the small trees are what they should be', () => {
    expect(smallTrees(1)).toHaveLength(3);
    expect(smallTrees(4)).toHaveLength(98);
  });

  test(`one act each, on ${isWhole ? 'all' : 'many'} trees of up to four nodes`, { timeout: 60 * minutes }, () => {
    let seed = 0;
    let cases = 0;
    for (const base of smallTrees(4)) {
      for (const first of allActs(base, 'from first')) {
        for (const second of allActs(base, 'from second')) {
          seed += 1;
          if (base.size > 1 && seed % oneIn !== 0) continue;
          checkCase({ base, first: [first], second: [second], seed });
          cases += 1;
        }
      }
    }
    expect(seed).toBeGreaterThan(300_000);
    expect(cases).toBeGreaterThan(seed / oneIn - 1);
  });

  test.for<ActCounts>([
    [2, 1],
    [1, 2],
    [2, 2],
    [3, 2],
    [2, 3],
  ])(`%i acts against %i, ${draws} times from seed ${firstSeed} on`, { timeout: 600 * minutes }, (counts) => {
    const trees = smallTrees(4);
    let acts = 0;
    for (let seed = firstSeed; seed < firstSeed + draws; seed += 1) {
      const given = drawCase(seed, { trees, counts });
      checkCase(given);
      acts += given.first.length + given.second.length;
    }
    expect(acts).toBeGreaterThan(draws * 2);
  });

  test(`one act each, both syncing at the same time, ${draws} times from seed ${firstSeed} on`, { timeout: 600 * minutes }, () => {
    const trees = smallTrees(4);
    let acts = 0;
    for (let seed = firstSeed; seed < firstSeed + draws; seed += 1) {
      const given = { ...drawCase(seed, { trees, counts: [1, 1] }), areTogether: true };
      checkCase(given);
      acts += given.first.length + given.second.length;
    }
    expect(acts).toBeGreaterThan(draws);
  });
});
