import { describe, test } from 'vitest';
import { allTrouble, noTrouble, runHistory, type Trouble } from './random-history.ts';

const count = Number(process.env['CACHETTE_HISTORIES'] ?? 60);
const first = Number(process.env['CACHETTE_SEED'] ?? 1);

async function runMany(trouble: Trouble): Promise<void> {
  for (let seed = first; seed < first + count; seed += 1) await runHistory(seed, trouble);
}

describe('random histories of whole engines end in agreement, with nothing lost', () => {
  test('when nothing goes wrong', () => runMany(noTrouble));
  test('when people write while sync runs', () => runMany({ ...noTrouble, races: true }));
  test('when processes are killed', () => runMany({ ...noTrouble, crashes: true }));
  test('when the power goes', () => runMany({ ...noTrouble, crashes: true, powerCuts: true }));
  test('when the store is poor', () => runMany({ ...noTrouble, poorStore: true }));
  test('when all of that happens', () => runMany(allTrouble));
});
