import { describe, expect, test } from 'vitest';
import { allTrouble, noTrouble, runHistory, type Trouble } from './random-history.ts';

const count = Number(process.env['CACHETTE_HISTORIES'] ?? 60);
const first = Number(process.env['CACHETTE_SEED'] ?? 1);

/** How many histories ended well: a history that does not throws, with its seed and its log. */
async function runMany(trouble: Trouble): Promise<number> {
  for (let seed = first; seed < first + count; seed += 1) await runHistory(seed, trouble);
  return count;
}

describe('random histories of whole engines end in agreement, with nothing lost', () => {
  test('when nothing goes wrong', async () => {
    expect(await runMany(noTrouble)).toBe(count);
  });
  test('when people write while sync runs', async () => {
    expect(await runMany({ ...noTrouble, races: true })).toBe(count);
  });
  test('when processes are killed', async () => {
    expect(await runMany({ ...noTrouble, crashes: true })).toBe(count);
  });
  test('when the power goes', async () => {
    expect(await runMany({ ...noTrouble, crashes: true, powerCuts: true })).toBe(count);
  });
  test('when the store is poor', async () => {
    expect(await runMany({ ...noTrouble, poorStore: true })).toBe(count);
  });
  test('when all of that happens', async () => {
    expect(await runMany(allTrouble)).toBe(count);
  });
});
