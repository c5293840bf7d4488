import { expect, test } from 'vitest';
import { usualPortions } from '../../src/engine/portions.ts';
import { runPass } from '../../src/engine/sync-pass.ts';
import { failureMeanings, Failure } from '../../src/base/failure.ts';
import { isIntegrityFailure } from '../../src/engine/problems.ts';
import { publish } from '../../src/engine/publish/publish.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { Draft } from '../../src/planner/operation.ts';
import type { NodeName } from '../../src/model/name.ts';
import { linuxPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import type { Disturb } from './sim-process.ts';

function twoDevices(seed: number): { ann: SimDevice; bob: SimDevice } {
  const vault = new SimVault(seed);
  return { ann: new SimDevice(vault, 'ann'), bob: new SimDevice(vault, 'bob') };
}

/** Somebody writes to the file whenever it is read, as a download or a recording does. */
function writingTo(device: SimDevice, path: string, count: { reads: number }): Disturb {
  return (call) => {
    if (call.verb !== 'readFile' || call.path !== path) return undefined;
    count.reads += 1;
    device.user.append(path, 'more\n');
    return undefined;
  };
}

test('a file that never rests keeps no other file from being synced', async () => {
  const { ann, bob } = twoDevices(41);
  ann.user.writeFile('recording', 'begins\n');
  ann.user.writeFile('letter', 'dear all');
  const count = { reads: 0 };
  await ann.sync({ disturb: writingTo(ann, 'recording', count) });
  expect(count.reads).toBeGreaterThan(0);
  // A few tries in each pass, and no end to end reading of what may be many gigabytes.
  expect(count.reads).toBeLessThan(100);
  // Nobody comes back to it by himself: who ran it is told, and it is no problem any more once it was read.
  expect(ann.index.problems.list(9)).toMatchObject([{ path: 'recording', code: 'E_STILL_WRITTEN' }]);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ letter: 'dear all' });
  await ann.sync();
  expect(ann.index.problems.list(9)).toEqual([]);
  await bob.sync();
  expect(bob.user.texts()).toEqual(ann.user.texts());
});

test('a known file that never rests keeps no other file from being synced', async () => {
  const { ann, bob } = twoDevices(42);
  ann.user.writeFile('recording', 'begins\n');
  await ann.sync();
  ann.user.append('recording', 'more\n');
  ann.user.writeFile('letter', 'dear all');
  await ann.sync({ disturb: writingTo(ann, 'recording', { reads: 0 }) });
  await bob.sync();
  expect(bob.user.texts()).toEqual({ recording: 'begins\n', letter: 'dear all' });
});

test('a file that never rests, at the top of a large tree, has nobody look at the tree', async () => {
  const { ann, bob } = twoDevices(44);
  for (let at = 0; at < 50; at += 1) {
    ann.user.makeFolder(`folder ${at}`);
    ann.user.writeFile(`folder ${at}/file`, 'file');
  }
  ann.user.writeFile('recording', 'begins\n');
  await ann.sync();
  ann.user.append('recording', 'more\n');
  const count = { reads: 0 };
  let lists = 0;
  ann.onCall = ({ verb }) => {
    if (verb === 'readNames') lists += 1;
  };
  await ann.sync({ hints: ['recording'], disturb: writingTo(ann, 'recording', count) });
  // Who hears of changes takes it when it rests.
  expect(ann.index.problems.list(9)).toEqual([]);
  expect(count.reads).toBeGreaterThan(0);
  // Nor is what may be many gigabytes read more than a few times: who hears of changes takes it when it rests.
  expect(count.reads).toBeLessThan(10);
  expect(lists).toBeLessThan(10);
  // Saved by renaming another file over it while it was read, it is found all the same.
  ann.user.writeFile('recording', 'ends\n');
  await ann.sync({
    hints: ['recording'],
    disturb: (call) => {
      if (call.verb !== 'readFile' || call.path !== 'recording' || ann.user.exists('kept')) return undefined;
      ann.user.rename('recording', 'kept');
      ann.user.writeFile('recording', 'another\n');
      return undefined;
    },
  });
  expect(lists).toBeLessThan(20);
  await bob.sync();
  expect(bob.user.texts()).toMatchObject({ kept: 'ends\n', recording: 'another\n' });
});

test('nor who runs a sync by hand more than twice: what goes on being written is tried by itself', async () => {
  const { ann, bob } = twoDevices(45);
  for (let at = 0; at < 50; at += 1) ann.user.makeFolder(`folder ${at}`);
  ann.user.writeFile('recording', 'begins\n');
  const count = { reads: 0 };
  const looks = new Map<string, number>();
  ann.onCall = ({ verb, path }) => {
    if (verb === 'openFolder' && path.startsWith('folder')) looks.set(path, (looks.get(path) ?? 0) + 1);
  };
  await ann.sync({ disturb: writingTo(ann, 'recording', count) });
  expect(count.reads).toBeGreaterThan(10);
  expect(looks.size).toBe(50);
  expect(Math.max(...looks.values())).toBeLessThanOrEqual(2);
  await bob.sync();
  expect([...bob.user.tree().keys()]).toHaveLength(50);
});

test('a file that is larger than the room on this disk stops only itself, until there is room', async () => {
  const { ann, bob } = twoDevices(43);
  const film = 'x'.repeat(1_500_000);
  ann.user.writeFile('film', film);
  ann.user.writeFile('letter', 'dear all');
  await ann.sync();
  bob.user.writeFile('answer', 'dear ann');
  bob.disk.room.freeBytes = 1_000_000;
  await bob.sync();
  expect(bob.user.texts()).toEqual({ answer: 'dear ann', letter: 'dear all' });
  expect(bob.index.problems.list(10)).toMatchObject([{ path: 'film', code: 'E_DISK' }]);
  // Noted before, it is tried by itself.
  await bob.sync();
  expect(bob.index.problems.list(10)).toMatchObject([{ path: 'film', code: 'E_DISK' }]);
  await ann.sync();
  expect(ann.user.texts()).toMatchObject({ answer: 'dear ann' });
  bob.disk.room.freeBytes = Number.MAX_SAFE_INTEGER;
  await bob.sync();
  expect(bob.user.texts()).toEqual(ann.user.texts());
  expect(bob.index.problems.count()).toBe(0);
});

test('a file of more chunks than a vault can list stops only itself, is not read again as it is, and is no fault of the store', async () => {
  const vault = new SimVault(46);
  vault.fileChunksMax = 2;
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  ann.user.writeFile('film', 'x'.repeat(9 * 1024 * 1024));
  ann.user.writeFile('letter', 'dear all');
  await ann.sync();
  expect(ann.index.problems.list(10)).toMatchObject([{ path: 'film', code: 'E_TOO_LARGE' }]);
  expect(failureMeanings.E_TOO_LARGE.exitCode).toBe(1);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ letter: 'dear all' });
  // As an agent's next passes; only a person's own `sync` tries it again.
  let reads = 0;
  ann.onCall = ({ verb, path }) => {
    if (verb === 'readFile' && path === 'film') reads += 1;
  };
  vault.clock.advance(24 * 3_600_000);
  await ann.act(async (parts) => {
    parts.index.dirty.releaseHeld(parts.clock.nowMs());
    await runPass(parts, new AbortController().signal);
  });
  expect(reads).toBe(0);
  ann.user.writeFile('film', 'a short one');
  await ann.sync();
  await bob.sync();
  expect(bob.user.texts()).toEqual({ film: 'a short one', letter: 'dear all' });
  expect(ann.index.problems.count()).toBe(0);
});

test('changes that hold together and are too many are a problem of theirs, and no fault of the store', async () => {
  const { ann } = twoDevices(47);
  for (const folder of ['a', 'b']) ann.user.makeFolder(folder);
  await ann.sync();
  const folder = (name: string): NodeId => ann.index.remote.childNamed(rootId, name as NodeName)?.id ?? rootId;
  const into = (name: string, parent: string): Draft => ({
    do: 'move',
    node: folder(name),
    place: { parent: folder(parent), name: name as NodeName },
    copy: undefined,
  });
  await ann.act((parts) => publish(parts, [[into('a', 'b'), into('b', 'a')]], new AbortController().signal, { changes: 1, bytes: 1e6 }));
  const [problem] = ann.index.problems.list(10);
  expect(problem).toMatchObject({ path: 'a', code: 'E_TOO_LARGE', message: '2 changes that can only be made together are too many' });
  expect(isIntegrityFailure(new Failure('E_TOO_LARGE', ''))).toBe(false);
});

test('where the store fails a file for the first time, nothing that comes after it is asked for in vain', async () => {
  const vault = new SimVault(45);
  vault.portions = { ...usualPortions, fetchedFiles: 1 };
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  for (const name of ['one', 'two', 'three']) {
    ann.user.writeFile(name, `text of ${name}`);
    await ann.sync();
  }
  for (const pack of vault.medium.names('packs/')) {
    const bytes = vault.medium.read(pack)?.slice() ?? new Uint8Array();
    vault.medium.write(
      pack,
      bytes.map((byte) => byte ^ 1),
    );
  }
  const asked = new Set<string>();
  bob.onCall = ({ verb, path }) => {
    if (verb === 'get' && path.startsWith('packs/')) asked.add(path);
  };
  const pass = bob.act((parts) => runPass(parts, new AbortController().signal));
  await expect(pass).rejects.toMatchObject({ code: 'E_TAMPER' });
  expect(asked.size).toBe(1);
});

test.each(['writeFile', 'syncFile'])('a disk that becomes full at %s keeps nothing from being published, and heals', async (verb) => {
  const { ann, bob } = twoDevices(44);
  ann.user.writeFile('letter', 'dear all');
  await ann.sync();
  bob.user.writeFile('answer', 'dear ann');
  await bob.sync({
    disturb: (call) => (call.verb === verb && call.path.startsWith('.cachette/staged') ? { errno: 'ENOSPC' } : undefined),
  });
  expect(bob.user.texts()).toEqual({ answer: 'dear ann' });
  expect(bob.user.texts('.cachette/staged')).toEqual({});
  expect(bob.index.problems.list(10)).toMatchObject([{ path: 'letter', code: 'E_DISK' }]);
  await ann.sync();
  expect(ann.user.texts()).toEqual({ answer: 'dear ann', letter: 'dear all' });
  await bob.sync();
  expect(bob.user.texts()).toEqual(ann.user.texts());
});

test('a closed folder, from which an item was known that shows elsewhere now, closes nothing but itself', async () => {
  const { ann, bob } = twoDevices(45);
  ann.user.makeFolder('closed');
  ann.user.writeFile('closed/page', 'text');
  await ann.sync();
  ann.user.hardLink('closed/page', 'page');
  ann.user.writeFile('letter', 'dear all');
  ann.user.setMode('closed', 0);
  await ann.sync();
  await bob.sync();
  expect(bob.user.texts()).toEqual({ 'closed/page': 'text', page: 'text', letter: 'dear all' });
  expect(ann.index.problems.list(10)).toMatchObject([{ path: 'closed', code: 'E_UNREADABLE' }]);
  // Gone while nobody could look into it.
  ann.user.setMode('closed', 0o700);
  ann.user.removeTree('closed');
  await ann.sync();
  expect(ann.index.problems.count()).toBe(0);
});

test('a hint into a folder that was closed by then closes nothing but that folder', async () => {
  const { ann, bob } = twoDevices(46);
  ann.user.makeFolder('closed');
  ann.user.writeFile('closed/page', 'text');
  await ann.sync();
  ann.user.writeFile('closed/page', 'other text');
  ann.user.writeFile('letter', 'dear all');
  ann.user.setMode('closed', 0);
  await ann.look('closed/page', 'letter');
  expect(ann.index.problems.list(10)).toMatchObject([{ path: 'closed', code: 'E_UNREADABLE' }]);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ 'closed/page': 'text', letter: 'dear all' });
  ann.user.setMode('closed', 0o700);
  await ann.look('closed/page');
  expect(ann.index.problems.count()).toBe(0);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ 'closed/page': 'other text', letter: 'dear all' });
});

test('a disk that fails when something was put in place, and again while that is tidied up, is told as what it is', async () => {
  const { ann, bob } = twoDevices(47);
  ann.user.writeFile('file', 'v1');
  await ann.sync();
  await bob.sync();
  ann.user.writeFile('file', 'v2');
  await ann.sync();
  let isFailing = false;
  const disturb: Disturb = ({ verb }) => {
    isFailing ||= verb === 'syncFolder';
    return isFailing ? { errno: 'EIO' } : undefined;
  };
  await expect(bob.sync({ disturb })).rejects.toMatchObject({ code: 'E_DISK' });
  await bob.sync();
  await ann.sync();
  expect([bob.user.texts(), ann.user.texts()]).toEqual([{ file: 'v2' }, { file: 'v2' }]);
});

test('a folder deeper than any may be stops only itself and what is in it, and is named', async () => {
  const { ann, bob } = twoDevices(47);
  const deep = Array.from({ length: 128 }, () => 'd').join('/');
  ann.user.makeFolder(`${deep}/too/deep`);
  ann.user.writeFile(`${deep}/too/deep/file`, 'down there');
  ann.user.writeFile('letter', 'dear all');
  await ann.sync();
  await bob.sync();
  expect(ann.index.problems.list(10)).toMatchObject([{ path: `${deep}/too`, code: 'E_UNSAFE_NAME' }]);
  expect([bob.user.exists(deep), bob.user.readText('letter')]).toEqual([true, 'dear all']);
  ann.user.rename(`${deep}/too`, 'up');
  await ann.sync();
  await bob.sync();
  expect(bob.user.texts()).toEqual({ letter: 'dear all', 'up/deep/file': 'down there' });
  expect([ann.index.problems.count(), ann.index.dirty.count()]).toEqual([0, 0]);
});

/** Each of these calls on what stands at the path fails. */
function failing(verb: string, path: string, errno: string): Disturb {
  return (call) => (call.verb === verb && call.path === path ? { errno } : undefined);
}

function problemsOf({ index }: SimDevice): string[] {
  return index.problems.list(10).map(({ code, path }) => `${code} ${path}`);
}

const oddCodes = ['EIO', 'ESTALE', 'EUCLEAN', 'ENOTCONN', 'ENOKEY', 'ETIMEDOUT', 'EINVAL'];

test('what is new in a folder that a move has taken deeper than any may be is named, too, and stops nothing else', async () => {
  const { ann, bob } = twoDevices(48);
  const chain = (top: string): string => {
    const names = Array.from({ length: 66 }, (_, at) => `${at}`);
    names.reduce((above, name) => {
      ann.user.makeFolder(above);
      return `${above}/${name}`;
    }, top);
    return [top, ...names.slice(0, -1)].join('/');
  };
  const [first, second] = [chain('a'), chain('b')];
  await ann.sync();
  await bob.sync();
  ann.user.rename('b', `${first}/b`);
  await ann.sync();
  const deep = `${first}/${second}`;
  ann.user.writeFile(`${deep}/file`, 'deep');
  ann.user.makeFolder(`${deep}/folder`);
  ann.user.writeFile(`${deep}/folder/file`, 'deeper');
  ann.user.writeFile('letter', 'dear all');
  await ann.sync();
  const problems = ann.index.problems.list(10).map(({ code, path }) => ({ code, path }));
  expect(problems).toEqual([
    { code: 'E_UNSAFE_NAME', path: `${deep}/file` },
    { code: 'E_UNSAFE_NAME', path: `${deep}/folder` },
  ]);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ letter: 'dear all' });
  ann.user.rename(`${first}/b`, 'b');
  await ann.sync();
  await bob.sync();
  expect(ann.index.problems.count()).toBe(0);
  expect(bob.user.texts()).toEqual({ letter: 'dear all', [`${second}/file`]: 'deep', [`${second}/folder/file`]: 'deeper' });
});

test.each(oddCodes)('a file that can not be read (%s) keeps no other file from being synced', async (code) => {
  const { ann, bob } = twoDevices(44);
  ann.user.writeFile('bad', 'one');
  await ann.sync();
  ann.user.writeFile('bad', 'two');
  ann.user.writeFile('letter', 'dear all');
  await ann.sync({ disturb: failing('readFile', 'bad', code) });
  expect(problemsOf(ann)).toEqual(['E_DISK bad']);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ bad: 'one', letter: 'dear all' });
  await ann.sync();
  expect(problemsOf(ann)).toEqual([]);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ bad: 'two', letter: 'dear all' });
});

test.each(oddCodes)(
  'an item of which the disk says nothing (%s) keeps its folder from nothing, and is not taken for removed',
  async (code) => {
    const { ann, bob } = twoDevices(45);
    ann.user.makeFolder('bad');
    ann.user.writeFile('bad/inside', 'one');
    ann.user.writeFile('gone', 'one');
    await ann.sync();
    await bob.sync();
    ann.user.writeFile('letter', 'dear all');
    ann.user.remove('gone');
    await ann.sync({ disturb: failing('lstat', 'bad', code) });
    expect(problemsOf(ann)).toEqual(['E_UNREADABLE bad']);
    await bob.sync();
    expect(bob.user.texts()).toEqual({ 'bad/inside': 'one', letter: 'dear all' });
    await ann.sync();
    expect(problemsOf(ann)).toEqual([]);
  },
);

test('what went where the disk says nothing for a moment was moved, not removed', async () => {
  const { ann, bob } = twoDevices(46);
  ann.user.makeFolder('to');
  ann.user.writeFile('a', 'one');
  await ann.sync();
  await bob.sync();
  const id = ann.index.local.childNamed(rootId, 'a' as NodeName)?.id;
  ann.user.rename('a', 'to/a');
  let looks = 0;
  await ann.sync({
    disturb: (call) => {
      if (call.verb !== 'lstat' || call.path !== 'to/a') return undefined;
      looks += 1;
      return looks === 1 ? { errno: 'EIO' } : undefined;
    },
  });
  await bob.sync();
  expect(bob.user.texts()).toEqual({ 'to/a': 'one' });
  const folder = bob.index.remote.childNamed(rootId, 'to' as NodeName)?.id ?? rootId;
  expect(bob.index.remote.childNamed(folder, 'a' as NodeName)?.id).toBe(id);
});

/** A folder of that name stays here and is told of; what stands beside it reaches the other device. */
async function expectOnlyItselfStopped(ann: SimDevice, bob: SimDevice, name: string): Promise<void> {
  ann.user.makeFolder(name);
  ann.user.writeFile(`${name}/x`, 'one');
  ann.user.writeFile('letter', 'dear all');
  await ann.sync();
  expect(problemsOf(ann)).toEqual([`E_UNSAFE_NAME ${name}`]);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ letter: 'dear all' });
}

test.each(['.CACHETTE', '.Ca\u200bchette', '．cachette'])(
  'an item with a name like that of our own folder (%s) stops only itself',
  async (name) => {
    const { ann, bob } = twoDevices(47);
    await expectOnlyItselfStopped(ann, bob, name);
    ann.user.removeTree(name);
    ann.user.writeFile(name, 'a file');
    await ann.sync();
    expect(problemsOf(ann)).toEqual([`E_UNSAFE_NAME ${name}`]);
    ann.user.rename(name, 'renamed');
    await ann.sync();
    expect(problemsOf(ann)).toEqual([]);
    await bob.sync();
    expect(bob.user.texts()).toEqual({ letter: 'dear all', renamed: 'a file' });
  },
);

test('a name that is longer than a vault can hold stops only itself', async () => {
  const vault = new SimVault(48);
  // As exFAT and NTFS, which count characters.
  const ann = new SimDevice(vault, 'ann', { ...linuxPersonality, nameMaxBytes: 765 });
  const bob = new SimDevice(vault, 'bob');
  const name = '漢'.repeat(100);
  await expectOnlyItselfStopped(ann, bob, name);
});
