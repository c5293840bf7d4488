/** Conflicts that are no edits of one file: all are listed on every device, and decided on any of them. */
import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { DeviceRig } from './device-rig.ts';
import { WindowRig } from './window/window-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

interface Listed {
  readonly id: string;
  readonly path: string;
  readonly copy: string;
  readonly kind: string;
  readonly ours: { readonly device: string; readonly kind: string };
  readonly theirs: { readonly device: string; readonly kind: string };
}

type Act = (rig: DeviceRig, device: string) => void;

/** Both begin with these files; bob's act is in the vault first. */
async function met(base: readonly string[], acts: { readonly ann: Act; readonly bob: Act }): Promise<DeviceRig> {
  const rig = await DeviceRig.withDevices('ann', 'bob');
  for (const name of base) rig.write('ann', name, `${name} at first`);
  await rig.sync('ann', 'bob');
  acts.bob(rig, 'bob');
  acts.ann(rig, 'ann');
  await rig.sync('bob', 'ann', 'bob', 'ann');
  return rig;
}

function tree(rig: DeviceRig, device: string): Record<string, string> {
  const paths = fs.readdirSync(rig.at(device), { recursive: true, encoding: 'utf8' }).filter((path) => !path.startsWith('.cachette'));
  const what = (path: string): string => {
    const stats = fs.lstatSync(rig.at(device, path));
    if (stats.isSymbolicLink()) return `-> ${fs.readlinkSync(rig.at(device, path))}`;
    return stats.isDirectory() ? 'folder' : fs.readFileSync(rig.at(device, path), 'utf8');
  };
  return Object.fromEntries(paths.toSorted().map((path) => [path.replace(/\d{4}-\d\d-\d\d/, 'DAY'), what(path)]));
}

/** What both devices list, which must be the same. */
async function listed(rig: DeviceRig): Promise<readonly Listed[]> {
  const [ann, bob] = [await rig.json<Listed[]>('ann', ['conflicts']), await rig.json<Listed[]>('bob', ['conflicts'])];
  expect(bob).toEqual(ann);
  return ann;
}

const writes =
  (name: string, text: string): Act =>
  (rig, device) =>
    rig.write(device, name, text);
const moves =
  (from: string, to: string): Act =>
  (rig, device) =>
    fs.renameSync(rig.at(device, from), rig.at(device, to));
const links =
  (name: string, target: string): Act =>
  (rig, device) =>
    fs.symlinkSync(target, rig.at(device, name));
/** A folder with one file in it, in the place of whatever stood there. */
const makesFolder =
  (name: string): Act =>
  (rig, device) => {
    fs.rmSync(rig.at(device, name), { recursive: true, force: true });
    fs.mkdirSync(rig.at(device, name));
    rig.write(device, `${name}/in`, `in ${name} of ${device}`);
  };

const kinds = [
  ['a file here, a folder there', [], { ann: writes('d', 'file d'), bob: makesFolder('d') }, 'mixed', ['file', 'dir']],
  ['a folder here, a file there', [], { ann: makesFolder('d'), bob: writes('d', 'file d') }, 'mixed', ['file', 'dir']],
  ['two files moved to one name', ['x', 'y'], { ann: moves('x', 'd'), bob: moves('y', 'd') }, 'file', ['file', 'file']],
  ['an edit here, a folder in its place there', ['d'], { ann: writes('d', 'edited'), bob: makesFolder('d') }, 'mixed', ['file', 'dir']],
  ['a folder in its place here, an edit there', ['d'], { ann: makesFolder('d'), bob: writes('d', 'edited') }, 'mixed', ['file', 'dir']],
  ['links to two targets', [], { ann: links('d', 'a.txt'), bob: links('d', 'b.txt') }, 'link', ['link', 'link']],
] as const;

describe('a conflict of', () => {
  test.each(kinds)('%s is listed on both devices, and decided by the copy', async (_, base, acts, kind, sides) => {
    const rig = await met(base, acts);
    const [conflict, ...others] = await listed(rig);
    expect(others).toEqual([]);
    expect(conflict).toMatchObject({ path: 'd', kind, ours: { kind: sides[0] }, theirs: { kind: sides[1] } });
    expect(conflict?.copy).toMatch(/^d \(conflict /);
    expect(new Set([conflict?.ours.device, conflict?.theirs.device])).toEqual(new Set(['ann', 'bob']));
    const before = tree(rig, 'ann');
    const copy = conflict?.copy.replace(/\d{4}-\d\d-\d\d/, 'DAY') ?? '';
    expect(await rig.json('bob', ['resolve', conflict?.id ?? '', '--keep', 'local'])).toEqual({ resolved: 1 });
    await rig.sync('ann');
    expect(await listed(rig)).toEqual([]);
    expect(tree(rig, 'ann')).toEqual({ 'a.txt': 'from ann', d: before[copy] });
    expect(tree(rig, 'bob')).toEqual(tree(rig, 'ann'));
  });

  test('two folders moved to one name: the one that had it stays, the other goes with all that is in it', async () => {
    const rig = await DeviceRig.withDevices('ann', 'bob');
    for (const name of ['x', 'y']) makesFolder(name)(rig, 'ann');
    await rig.sync('ann', 'bob');
    moves('x', 'd')(rig, 'ann');
    moves('y', 'd')(rig, 'bob');
    await rig.sync('bob', 'ann', 'bob');
    expect(await listed(rig)).toMatchObject([{ path: 'd', kind: 'dir', ours: { device: 'ann' }, theirs: { device: 'bob' } }]);
    await rig.must('ann', ['resolve', '--all', '--keep', 'remote']);
    await rig.sync('bob');
    expect(tree(rig, 'bob')).toEqual({ 'a.txt': 'from ann', d: 'folder', 'd/in': 'in y of ann' });
    expect(tree(rig, 'ann')).toEqual(tree(rig, 'bob'));
  });

  test('what lies in what would go is not decided by that, and goes on as two ordinary items when both are kept', async () => {
    const rig = await met([], { ann: writes('d', 'file d'), bob: makesFolder('d') });
    const [conflict] = await listed(rig);
    moves(conflict?.copy ?? '', 'd/copy')(rig, 'ann');
    await rig.sync('ann', 'bob');
    const refused = await rig.on('ann', ['resolve', '--all', '--keep', 'local']);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('E_IN_THE_WAY')]);
    await rig.must('ann', ['resolve', '--all', '--keep', 'both']);
    expect(tree(rig, 'ann')).toEqual({ 'a.txt': 'from ann', d: 'folder', 'd/copy': 'file d', 'd/in': 'in d of bob' });
    expect(await rig.json('ann', ['conflicts'])).toEqual([]);
  });

  test('a file and a folder is shown and decided in the window, too', async () => {
    const rig = await met([], { ann: writes('d', 'file d'), bob: makesFolder('d') });
    const ann = await WindowRig.start(rig, 'ann');
    await ann.settle();
    const { rows } = await ann.ask('list-conflicts', { limit: 10 });
    expect(rows).toMatchObject([{ path: 'd', kind: 'mixed', theirs: { device: 'bob', mtime: null, size: null } }]);
    expect(await ann.ask('read-side', { conflict: rows[0]?.id ?? '', side: 'theirs', maxBytes: 100 })).toEqual({ is: 'gone' });
    // What a folder held is brought back from the history.
    expect(await ann.ask('decide', { conflicts: 'all', keep: 'local' })).toEqual({ resolved: 1, undo: null });
    expect(tree(rig, 'ann')).toEqual({ 'a.txt': 'from ann', d: 'file d' });
  });
});
