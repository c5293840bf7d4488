/** That a file came from outside, among devices whose disks know it and one whose disk doesn't (A42). */
import { describe, expect, test } from 'vitest';
import {
  linuxPersonality,
  nativePersonality,
  type Personality,
  stickPersonality,
  windowsPersonality,
} from '../world/fake-disk/personality.ts';
import { HistoryWorld, restore, versionsAt } from './history-world.ts';
import { SimDevice } from './sim-device.ts';
import type { Disturb } from './sim-process.ts';
import { SimVault } from './sim-vault.ts';

const batches: Personality = { ...windowsPersonality, hasBatches: true, hasExchange: true };

class Three {
  readonly vault = new SimVault(61);
  readonly ann: SimDevice;
  /** On a disk that knows of no such notes. */
  readonly lin = new SimDevice(this.vault, 'lin', nativePersonality);
  readonly carl: SimDevice;

  constructor(personality: Personality = windowsPersonality) {
    this.ann = new SimDevice(this.vault, 'ann', personality);
    this.carl = new SimDevice(this.vault, 'carl', personality);
  }

  /** Ann downloads it, all have it. */
  async download(path: string, text = 'MZ'): Promise<void> {
    this.ann.user.writeFile(path, text);
    this.ann.user.noteOrigin(path, true);
    await this.settle();
  }

  async settle(): Promise<void> {
    const { ann, lin, carl } = this;
    for (const device of [ann, lin, carl, ann, lin, carl])
      expect({ [device.name]: await device.sync() }).toEqual({ [device.name]: 'done' });
    expect([...ann.user.tree()]).toEqual([...carl.user.tree()]);
    expect(ann.user.texts()).toEqual(lin.user.texts());
    for (const device of [ann, lin, carl]) expect({ [device.name]: device.index.dirty.count() }).toEqual({ [device.name]: 0 });
  }
}

/** Paths of files that a device shows as come from outside. */
function outsideOn({ user }: SimDevice): string[] {
  return [...user.tree()].filter(([, { fromOutside }]) => fromOutside).map(([path]) => path);
}

describe.each([
  ['single calls', windowsPersonality],
  ['calls that take many', batches],
])('on disks with %s', (_, personality) => {
  test('a file that was noted on one computer is noted on the other, and nothing else is', async () => {
    const three = new Three(personality);
    three.ann.user.writeFile('plain', 'p');
    three.ann.user.writeFile('large', 'l'.repeat(200_000));
    three.ann.user.noteOrigin('large', true);
    for (let at = 0; at < 20; at += 1) {
      three.ann.user.writeFile(`file ${at}`, `text ${at}`);
      if (at % 2 === 0) three.ann.user.noteOrigin(`file ${at}`, true);
    }
    await three.download('setup.exe');
    const noted = Array.from({ length: 10 }, (_each, at) => `file ${2 * at}`);
    expect(outsideOn(three.carl)).toEqual([...noted, 'large', 'setup.exe'].toSorted());
    expect(outsideOn(three.lin)).toEqual([]);
  });

  test('it is noted of files that were there before the disk could be asked what it holds', async () => {
    const three = new Three(personality);
    three.ann.user.writeFile('setup.exe', 'MZ');
    three.ann.user.noteOrigin('setup.exe', true);
    three.ann.user.writeFile('plain', 'p');
    // The random history `everything` 9970018.
    const refuse: Disturb = ({ verb, path }) => (verb === 'setFileMode' && path.includes('/Case-') ? { errno: 'EACCES' } : undefined);
    expect(await three.ann.sync({ disturb: refuse })).toBe('done');
    await three.settle();
    expect(outsideOn(three.carl)).toEqual(['setup.exe']);
  });

  test('it never stands there without its note', async () => {
    const three = new Three(personality);
    const { ann, carl } = three;
    for (const name of ['a', 'b', 'c']) {
      ann.user.writeFile(name, name);
      ann.user.noteOrigin(name, true);
    }
    await ann.sync();
    let looks = 0;
    carl.onCall = () => {
      for (const [path, { kind, fromOutside }] of carl.user.tree()) {
        if (kind !== 'file') continue;
        looks += 1;
        expect({ [path]: fromOutside }).toEqual({ [path]: true });
      }
    };
    await carl.sync();
    expect(outsideOn(carl)).toEqual(['a', 'b', 'c']);
    expect(looks, 'guard').toBeGreaterThan(3);
  });

  test('what is taken off on one is off on the other, and the file is as it was', async () => {
    const three = new Three(personality);
    await three.download('setup.exe');
    const before = three.carl.user.tree().get('setup.exe');
    three.ann.user.noteOrigin('setup.exe', false);
    three.ann.user.setTime('setup.exe', before?.mtimeUs ?? 0);
    await three.settle();
    expect(three.carl.user.tree().get('setup.exe')).toEqual({ ...before, fromOutside: false });
  });

  test('nothing is asked about files that are as they were', async () => {
    const three = new Three(personality);
    await three.download('setup.exe');
    const verbs: string[] = [];
    for (const device of [three.ann, three.carl, three.lin]) device.onCall = ({ verb }) => verbs.push(verb);
    await three.settle();
    expect(verbs, 'guard').toContain('openTop');
    expect(verbs.filter((verb) => verb.endsWith('Origin'))).toEqual([]);
  });
});

describe('through a disk that knows of no such notes', () => {
  test.each([
    ['written into', (three: Three) => three.lin.user.append('setup.exe', ' more'), 'setup.exe'],
    ['saved anew', (three: Three) => three.lin.user.saveFile('setup.exe', 'MZ 2'), 'setup.exe'],
    ['renamed', (three: Three) => three.lin.user.rename('setup.exe', 'renamed'), 'renamed'],
    ['made a program', (three: Three) => three.lin.user.setMode('setup.exe', 0o755), 'setup.exe'],
    [
      'copied elsewhere and deleted',
      (three: Three) => {
        three.lin.user.writeFile('copied', 'MZ');
        three.lin.user.remove('setup.exe');
      },
      'copied',
    ],
  ])('it stays with a file that is %s there', async (_, act, path) => {
    const three = new Three();
    await three.download('setup.exe');
    act(three);
    await three.settle();
    expect(outsideOn(three.ann)).toEqual([path]);
    expect(outsideOn(three.carl)).toEqual([path]);
  });

  test('it stays where it was taken off on one side and the other edited the file; and it goes where that only renamed it', async () => {
    for (const [act, left] of [
      [(three: Three) => three.lin.user.append('setup.exe', ' more'), ['setup.exe']],
      [(three: Three) => three.lin.user.rename('setup.exe', 'renamed'), []],
    ] as const) {
      const three = new Three();
      await three.download('setup.exe');
      three.ann.user.noteOrigin('setup.exe', false);
      act(three);
      await three.settle();
      expect(outsideOn(three.carl)).toEqual(left);
      expect(outsideOn(three.ann)).toEqual(left);
    }
  });

  test('each of two contents that became a conflict keeps its own', async () => {
    const three = new Three();
    await three.download('setup.exe');
    three.lin.user.writeFile('setup.exe', 'from lin');
    three.carl.user.writeFile('setup.exe', 'from carl');
    await three.settle();
    const names = [...three.ann.user.tree().keys()];
    expect(names).toHaveLength(2);
    expect(outsideOn(three.ann)).toEqual(names);
  });

  test('it is there again after the index was lost, here or there', async () => {
    const three = new Three();
    await three.download('setup.exe');
    three.lin.loseIndex();
    await three.settle();
    three.carl.loseIndex();
    await three.settle();
    expect(outsideOn(three.ann)).toEqual(['setup.exe']);
    expect(outsideOn(three.carl)).toEqual(['setup.exe']);
  });

  test.each([
    ['usual disk', nativePersonality],
    ['stick', stickPersonality],
  ])('it is not lost where an engine is killed that has just placed the file on a %s', async (_, personality) => {
    const vault = new SimVault(62);
    const ann = new SimDevice(vault, 'ann', windowsPersonality);
    const bob = new SimDevice(vault, 'bob', personality);
    ann.user.writeFile('setup.exe', 'MZ');
    ann.user.noteOrigin('setup.exe', true);
    await ann.sync();
    const end = await bob.sync({
      disturb: ({ verb, path }) => (verb === 'syncFolder' && path === '' && bob.user.exists('setup.exe') ? 'kill' : undefined),
    });
    expect(end).toBe('killed');
    for (const device of [bob, ann, bob]) await device.sync();
    expect(outsideOn(ann)).toEqual(['setup.exe']);
    expect(bob.index.dirty.count()).toBe(0);
    // And taken off, while the same happens.
    ann.user.noteOrigin('setup.exe', false);
    ann.user.writeFile('setup.exe', 'MZ 2');
    await ann.sync();
    await bob.sync({
      disturb: ({ verb, path }) => (verb === 'syncFolder' && path === '' && bob.user.readText('setup.exe') === 'MZ 2' ? 'kill' : undefined),
    });
    for (const device of [bob, ann, bob]) await device.sync();
    expect(outsideOn(ann)).toEqual([]);
    expect(ann.user.texts()).toEqual({ 'setup.exe': 'MZ 2' });
  });
});

test.each(['EINVAL', 'ENOTSUP'])(
  'a disk whose system knows such notes and that refuses them (%s) is as one that knows of none',
  async (errno) => {
    const vault = new SimVault(63);
    const ann = new SimDevice(vault, 'ann', windowsPersonality);
    const bob = new SimDevice(vault, 'bob', windowsPersonality);
    const disturb: Disturb = ({ verb }) => (verb.endsWith('Origin') ? { errno } : undefined);
    ann.user.writeFile('setup.exe', 'MZ');
    ann.user.noteOrigin('setup.exe', true);
    bob.user.writeFile('file', 'f');
    for (const device of [ann, bob, ann]) expect(await device.sync(device === bob ? { disturb } : {})).toBe('done');
    bob.user.append('setup.exe', ' more');
    bob.user.setTime('file', 1_700_000_000_000_000);
    ann.user.setTime('setup.exe', 1_600_000_000_000_000);
    for (const device of [bob, ann, bob]) expect(await device.sync(device === bob ? { disturb } : {})).toBe('done');
    expect(bob.index.problems.list(9)).toEqual([]);
    expect(bob.index.traits.current.keepsOrigin).toBe(false);
    expect(ann.user.texts()).toEqual({ file: 'f', 'setup.exe': 'MZ more' });
    expect(outsideOn(ann)).toEqual(['setup.exe']);
  },
);

describe('a version that is restored', () => {
  test.each([
    ['knows of no such notes', nativePersonality],
    ['knows of such notes', windowsPersonality],
    ['knows of no such notes nor of identities', stickPersonality],
  ])('is what it was then, on a disk that %s', async (_, personality) => {
    const world = new HistoryWorld();
    const win = new SimDevice(world.vault, 'win', windowsPersonality);
    const here = new SimDevice(world.vault, 'here', personality);
    const settle = (): Promise<number> => world.settle(win, here);
    for (const name of ['edited', 'deleted', 'taken off']) {
      win.user.writeFile(name, `${name} v1`);
      win.user.noteOrigin(name, true);
    }
    win.user.writeFile('noted', 'noted v1');
    await settle();
    win.user.noteOrigin('edited', false);
    win.user.writeFile('edited', 'edited v2');
    win.user.remove('deleted');
    win.user.noteOrigin('taken off', false);
    win.user.noteOrigin('noted', true);
    win.user.writeFile('noted', 'noted v2');
    await settle();
    expect(outsideOn(win)).toEqual(['noted']);
    for (const name of ['edited', 'deleted', 'taken off', 'noted']) {
      const version = versionsAt(here, name).findLast(({ isDeleted }) => !isDeleted)?.version;
      expect(await restore(here, name, { wish: { version: version ?? '' } })).toMatchObject({ files: 1 });
    }
    await restore(here, 'edited', { to: 'copy', wish: { version: versionsAt(here, 'edited').at(-1)?.version ?? '' } });
    await settle();
    await settle();
    expect(win.user.texts()).toMatchObject({ edited: 'edited v1', deleted: 'deleted v1', noted: 'noted v1', copy: 'edited v1' });
    expect(outsideOn(win)).toEqual(['copy', 'deleted', 'edited', 'taken off']);
    expect(here.index.dirty.count()).toBe(0);
    expect(here.index.intents.open()).toEqual([]);
    // What is taken off from then on stays off.
    win.user.noteOrigin('copy', false);
    await settle();
    here.user.append('copy', ' more');
    await settle();
    expect(outsideOn(win)).not.toContain('copy');
  });

  test.each([
    ['rename', false],
    ['copy', false],
    ['copy', true],
  ])('is what it was also on a disk that is mounted inside the folder, and reached by %s (killed: %s)', async (how, isKilled) => {
    const world = new HistoryWorld();
    const win = new SimDevice(world.vault, 'win', windowsPersonality);
    const here = new SimDevice(world.vault, 'here', linuxPersonality);
    here.user.makeFolder('top/disk');
    if (how === 'copy') here.user.mount('top/disk');
    here.user.writeFile('top/disk/there', 't');
    await world.settle(win, here);
    win.user.writeFile('top/disk/setup.exe', 'MZ');
    win.user.noteOrigin('top/disk/setup.exe', true);
    await world.settle(win, here);
    win.user.remove('top/disk/setup.exe');
    await world.settle(win, here);
    expect(here.user.texts(), 'guard').toEqual({ 'top/disk/there': 't' });
    // Killed where it has just got its place.
    const disturb: Disturb = () => (here.user.exists('top/disk/setup.exe') ? 'kill' : undefined);
    expect(await restore(here, 'top/disk/setup.exe', isKilled ? { disturb } : {})).toEqual(isKilled ? 'killed' : { files: 1, folders: 0 });
    await world.settle(here, win);
    expect(outsideOn(win)).toEqual(['top/disk/setup.exe']);
    expect(here.index.intents.open()).toEqual([]);
  });
});
