import { describe, expect, test } from 'vitest';
import { describeFailure, drawHistory } from './draw-history.ts';
import type { History } from './history.ts';
import { runHistory } from './run-history.ts';
import { kinds, type Kind } from './trouble.ts';

/** `npm run soak` runs on. */
const count = Number(process.env['CACHETTE_HISTORIES'] ?? 8);
const first = Number(process.env['CACHETTE_SEED'] ?? 1);
const allKinds = Object.keys(kinds) as Kind[];

/** What went wrong in these many histories, in words. */
async function findFailure(kind: Kind): Promise<string | undefined> {
  for (let seed = first; seed < first + count; seed += 1) {
    const drawn = await drawHistory(seed, kinds[kind]);
    if (drawn.failure !== undefined) return describeFailure(drawn);
  }
  return undefined;
}

describe('random histories of whole engines end in agreement, with nothing lost and nothing come back', () => {
  test.each(allKinds)('in trouble of the kind "%s"', async (kind) => {
    expect(await findFailure(kind)).toBeUndefined();
  });
});

describe('a seed decides everything, and what it decided can be written down and run again', () => {
  test.each(allKinds)('in trouble of the kind "%s"', async (kind) => {
    const one = await drawHistory(first, kinds[kind]);
    const again = await drawHistory(first, kinds[kind]);
    const written = await runHistory(JSON.parse(JSON.stringify(one.history)) as History);
    expect(one.log.length).toBeGreaterThan(5);
    expect(again).toMatchObject({ hash: one.hash, log: one.log });
    expect(written).toMatchObject({ hash: one.hash, log: one.log });
  });
});
