/** What a tree costs by how deep it is: work is counted, not time. */
import { expect, test } from 'vitest';
import { HistoryWorld, restore } from './history-world.ts';

/** Removes folders in each other, so many, and brings them back. How many calls that took, and the sync after it. */
async function restoreDeep(depth: number): Promise<{ readonly restoring: number; readonly syncing: number }> {
  const world = new HistoryWorld();
  const { ann } = world;
  const deepest = Array.from({ length: depth }, (_, at) => `folder ${at}`).join('/');
  ann.user.makeFolder(deepest);
  ann.user.writeFile(`${deepest}/file`, 'text');
  await world.settle(ann);
  ann.user.removeTree('folder 0');
  await world.settle(ann);
  expect(await restore(ann, 'folder 0')).toEqual({ files: 1, folders: depth });
  const restoring = ann.calls;
  await ann.sync();
  expect(ann.user.readText(`${deepest}/file`)).toBe('text');
  return { restoring, syncing: ann.calls };
}

test('folders in each other are brought back by as much work as there are folders on the way to each', async () => {
  const [shallow, deep] = [await restoreDeep(20), await restoreDeep(40)];
  // Twice as deep: twice as many, with twice the way to each.
  expect(deep.restoring).toBeLessThan(4.2 * shallow.restoring);
  expect(deep.syncing).toBeLessThan(4.2 * shallow.syncing);
});
