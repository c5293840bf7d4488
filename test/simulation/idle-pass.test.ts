import { expect, test } from 'vitest';
import { runPass } from '../../src/engine/sync-pass.ts';
import { HistoryWorld } from './history-world.ts';

/** A transaction locks every other process out of the index, and is a lock and a look at the file for this one. */
test('a pass that finds nothing to do begins no transaction but those that take in a folder', async () => {
  const world = new HistoryWorld();
  const { ann } = world;
  ann.user.makeFolder('a');
  for (const path of ['a/b', 'c']) ann.user.writeFile(path, path);
  await world.settle();
  let transactions = 0;
  const report = await ann.act((parts) => {
    const count = (): void => {
      transactions += 1;
    };
    parts.index.database.follow({ othersWrote: () => undefined, beforeCommit: count, afterEnd: () => undefined });
    return runPass(parts, new AbortController().signal);
  });
  expect(report).toEqual({ isChanged: false, isRestless: false, restless: [], left: 0 });
  // The top and one folder in it.
  expect(transactions).toBe(2);
});
