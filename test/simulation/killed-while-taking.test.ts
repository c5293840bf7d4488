/** A person writes in the microsecond before the engine takes the file away, and the engine ends before it looks at what it took. */
import { expect, test } from 'vitest';
import { selectFolders } from '../../src/agent/folder/selection.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import type { PortCall } from './sim-process.ts';

type End = 'kill' | 'power';

/** Runs the device's engine; what its person writes to `path` just before that goes is durable, and the next call is the last. */
async function syncAndEnd(
  device: SimDevice,
  { path, text, end }: { readonly path: string; readonly text: string; readonly end: End },
): Promise<void> {
  let isWritten = false;
  const goes = ({ verb, path: from, toPath }: PortCall): boolean =>
    (verb === 'rename' && from === path) || (verb === 'exchange' && toPath === path);
  const outcome = await device.sync({
    disturb: (call) => {
      if (isWritten) return end;
      if (!goes(call)) return undefined;
      isWritten = true;
      device.user.writeFile(path, text);
      device.user.find(path)?.keep();
      return undefined;
    },
  });
  expect(outcome).toBe('killed');
  // A power cut may also leave it where it was.
  if (end === 'kill') expect(device.user.texts()[path]).not.toBe(text);
}

const ends: readonly End[] = ['kill', 'power'];

test.each(ends)('from a folder that is left out (%s): his file is here again', async (end) => {
  const ann = new SimDevice(new SimVault(1), 'ann');
  ann.user.makeFolder('a');
  ann.user.writeFile('a/b', 'ann at first');
  ann.disk.kernel.writeBack();
  await ann.sync();
  selectFolders(ann.index, 'exclude', ['a']);
  await syncAndEnd(ann, { path: 'a/b', text: 'ann 4', end });
  await ann.sync();
  selectFolders(ann.index, 'include', ['a']);
  await ann.sync();
  expect(Object.values(ann.user.texts())).toContain('ann 4');
});

test.each(ends)('because it was removed elsewhere (%s): his file is on all devices', async (end) => {
  const vault = new SimVault(2);
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  ann.user.writeFile('b', 'ann at first');
  await ann.sync();
  await bob.sync();
  bob.disk.kernel.writeBack();
  ann.user.remove('b');
  await ann.sync();
  await syncAndEnd(bob, { path: 'b', text: 'bob in the last moment', end });
  for (const device of [bob, ann, bob]) await device.sync();
  expect(Object.values(ann.user.texts())).toEqual(['bob in the last moment']);
  expect(bob.user.tree()).toEqual(ann.user.tree());
});

test.each(ends)('because it was edited elsewhere (%s): both are on all devices', async (end) => {
  const vault = new SimVault(3);
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  ann.user.writeFile('b', 'ann at first');
  await ann.sync();
  await bob.sync();
  bob.disk.kernel.writeBack();
  ann.user.writeFile('b', 'ann anew');
  await ann.sync();
  await syncAndEnd(bob, { path: 'b', text: 'bob in the last moment', end });
  for (const device of [bob, ann, bob]) await device.sync();
  expect(Object.values(ann.user.texts()).toSorted()).toEqual(['ann anew', 'bob in the last moment']);
  expect(bob.user.tree()).toEqual(ann.user.tree());
});
