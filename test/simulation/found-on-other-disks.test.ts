/** Small histories that random ones on other disks were cut down to. */
import { expect, test } from 'vitest';
import { fullTraits } from '../../src/model/disk-traits.ts';
import { markedName } from '../../src/model/shown-name.ts';
import type { DiskPlan } from './disk-plan.ts';
import { act, syncOf } from './history-steps.ts';
import type { History, Step } from './history.ts';
import { runHistory } from './run-history.ts';

let runs = 0;

function write(device: string, path: string, text: string): Step {
  return act(device, { act: 'write', path, text, saved: false });
}

function move(device: string, path: string, to: string): Step {
  return act(device, { act: 'move', path, to });
}

function syncs(device: string): Step {
  runs += 1;
  return syncOf(device, runs);
}

async function failureOf(disks: Readonly<Record<string, DiskPlan>>, ...steps: readonly Step[]): Promise<Error | undefined> {
  const devices = Object.entries(disks).map(([name, disk]) => ({ name, disk }));
  const history: History = { seed: 1, devices, checkpointEntries: undefined, outcome: 'any', steps };
  return (await runHistory(history)).failure;
}

test('a file that is moved over another on a stick, while somebody else moves it elsewhere, stays there as well', async () => {
  const failure = await failureOf(
    { ann: {}, bob: { like: 'stick' } },
    write('ann', 'one', '1'),
    write('ann', 'two', '2'),
    syncs('ann'),
    syncs('bob'),
    move('ann', 'two', 'three'),
    move('bob', 'two', 'one'),
    syncs('ann'),
    syncs('bob'),
    syncs('ann'),
    write('ann', 'one', 'by ann'),
  );
  expect(failure).toBeUndefined();
});

test('a file that changed places with another on a stick is known by its name, and stays where somebody else moved that', async () => {
  const failure = await failureOf(
    { ann: {}, bob: { like: 'stick' } },
    write('ann', 'one', '1'),
    write('ann', 'two', '2'),
    syncs('ann'),
    syncs('bob'),
    act('bob', { act: 'swap', path: 'one', to: 'two' }),
    syncs('bob'),
    move('ann', 'one', 'three'),
    act('bob', { act: 'remove', path: 'one' }),
    syncs('ann'),
    syncs('bob'),
  );
  expect(failure).toBeUndefined();
});

test('a file that gets its true name back by hand, and another one under its marked name: both stay', async () => {
  const marked = markedName('a', { ...fullTraits, foldsCase: true });
  const failure = await failureOf(
    { ann: {}, bob: { like: 'apple' } },
    write('ann', 'A', '1'),
    syncs('ann'),
    write('ann', 'a', '2'),
    syncs('ann'),
    syncs('bob'),
    act('bob', { act: 'remove', path: 'A' }),
    move('bob', marked, 'a'),
    write('bob', marked, 'by bob'),
    syncs('bob'),
  );
  expect(failure).toBeUndefined();
});

test('who replaces a folder by its name in other letters has deleted it: where somebody else moved it, all that was in it stays', async () => {
  const failure = await failureOf(
    { ann: {}, bob: { like: 'stick' } },
    act('ann', { act: 'mkdir', path: 'a' }),
    syncs('ann'),
    syncs('bob'),
    move('ann', 'a', 'd'),
    write('bob', 'e', '1'),
    write('bob', 'a/A', '2'),
    syncs('bob'),
    move('bob', 'e', 'A'),
  );
  expect(failure).toBeUndefined();
});
