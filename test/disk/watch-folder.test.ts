import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Native, NativeWatches } from '../../src/base/native.ts';
import { type FolderWatch, watchFolder } from '../../src/disk/watch/watch-folder.ts';
import { nativeOrNone } from '../native/native-or-none.ts';

let root: string;
let watch: FolderWatch;
/** Since the last wait. */
const hints: (string | undefined)[] = [];
const allHints: (string | undefined)[] = [];
let onHint: () => void = () => undefined;

const note = (hint: string | undefined): void => {
  hints.push(hint);
  allHints.push(hint);
  onHint();
};

const at = (name: string): string => path.join(root, name);

/** Waits for a hint that leads to this path: itself, or a folder above it. */
async function expectHint(...wanted: string[]): Promise<void> {
  await new Promise<void>((resolve) => {
    onHint = () => {
      if (wanted.every((name) => hints.some((hint) => hint === undefined || hint === name || name.startsWith(`${hint}/`)))) resolve();
    };
    onHint();
  });
  hints.length = 0;
}

describe.each(nativeOrNone.map((code) => ({ by: code === 'none' ? 'node:fs' : 'native code', code })))('watched by $by', ({ code }) => {
  // Not only left out: what is not given is the native code that there is.
  const given = code === 'none' ? ({} as Native) : code;

  beforeEach(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-watch-'));
    fs.mkdirSync(path.join(root, '.cachette/staged'), { recursive: true });
    fs.mkdirSync(path.join(root, 'folder/inner'), { recursive: true });
    fs.writeFileSync(path.join(root, 'folder/file'), 'text');
    hints.length = 0;
    allHints.length = 0;
    watch = watchFolder(root, note, given);
    expect(await watch.ready).toBe('complete');
  });
  afterEach(() => {
    watch.close();
    fs.rmSync(root, { recursive: true, force: true });
  });

  test('changes of content, bits and names are hinted at', async () => {
    fs.writeFileSync(at('new'), '');
    await expectHint('new');
    fs.appendFileSync(at('folder/file'), 'more');
    await expectHint('folder/file');
    fs.chmodSync(at('folder/file'), 0o755);
    await expectHint('folder/file');
    fs.renameSync(at('folder/file'), at('folder/inner/other'));
    await expectHint('folder/file', 'folder/inner/other');
    fs.rmSync(at('folder/inner/other'));
    await expectHint('folder/inner/other');
  });

  test('native code tells what its writer is done with', async () => {
    const whole: (string | undefined)[] = [];
    const told = watchFolder(root, (hint, kind) => void (kind !== undefined && kind !== 'changed' && whole.push(hint)), given);
    onTestFinished(() => told.close());
    await told.ready;
    const open = fs.openSync(at('folder/file'), 'a');
    fs.writeSync(open, 'more');
    await expectHint('folder/file');
    expect(whole).toEqual([]);
    fs.closeSync(open);
    fs.renameSync(at('folder/file'), at('folder/inner/moved'));
    fs.writeFileSync(at('last'), 'text');
    await expectHint('folder/inner/moved', 'last');
    await expect.poll(() => new Set(whole)).toEqual(new Set(code === 'none' ? [] : ['folder/file', 'folder/inner/moved', 'last']));
  });

  test('native code tells what was removed from what was moved away', async () => {
    const kinds = new Map<string | undefined, Set<string>>();
    const told = watchFolder(
      root,
      (hint, kind = 'changed') => void kinds.set(hint, (kinds.get(hint) ?? new Set<string>()).add(kind)),
      given,
    );
    onTestFinished(() => told.close());
    await told.ready;
    fs.writeFileSync(at('other'), 'text');
    fs.writeFileSync(at('then'), 'text');
    // What comes of the one stands before what comes of the other; half of it may be told a moment before the rest.
    await expect.poll(() => kinds.has('then')).toBe(true);
    kinds.clear();
    fs.renameSync(at('other'), path.join(root, '.cachette/staged/other'));
    fs.rmSync(at('folder'), { recursive: true });
    fs.writeFileSync(at('last'), 'text');
    await expect.poll(() => kinds.has('last')).toBe(true);
    const removed = code === 'none' ? ['changed'] : ['removed'];
    const went = ['other', 'folder/inner', 'folder/file', 'folder'].map((name) => [...(kinds.get(name) ?? [])]);
    expect(went).toEqual([['changed'], removed, removed, removed]);
  });

  test('folders that are made later are watched', async () => {
    fs.mkdirSync(at('a/b/c'), { recursive: true });
    fs.writeFileSync(at('a/b/c/file'), '');
    await expectHint('a/b/c/file');
    fs.mkdirSync(at('a/b/c/d'));
    await expectHint('a/b/c/d');
    fs.writeFileSync(at('a/b/c/d/file'), '');
    await expectHint('a/b/c/d/file');
  });

  test('a renamed folder is watched under its new name', async () => {
    fs.renameSync(at('folder'), at('renamed'));
    await expectHint('folder', 'renamed');
    fs.writeFileSync(at('renamed/inner/file'), 'text');
    await expectHint('renamed/inner/file');
  });

  test.runIf(process.platform === 'linux')('names that are no text are hinted at', async () => {
    fs.writeFileSync(Buffer.concat([Buffer.from(at('bad')), Buffer.from([0xff])]), '');
    await expectHint('bad\udcff');
  });

  test('our own folder and temporary files are not', async () => {
    fs.writeFileSync(at('.cachette/staged/file'), '');
    fs.writeFileSync(at(`.cachette-${'0'.repeat(32)}`), '');
    fs.writeFileSync(at('last'), '');
    await expectHint('last');
    fs.writeFileSync(at('last'), 'more');
    await expectHint('last');
    expect(allHints.filter((hint) => hint !== 'last')).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('what is made where no path leads is no reason to fail', async () => {
    watch.close();
    // Each folder is made in an open one, the last so deep that a long name in it is beyond the longest path.
    let way = root;
    let folder = fs.openSync(root, fs.constants.O_DIRECTORY);
    while (way.length < 4000) {
      const name = 'n'.repeat(Math.min(250, 4000 - way.length));
      fs.mkdirSync(`/proc/self/fd/${folder}/${name}`);
      const below = fs.openSync(`/proc/self/fd/${folder}/${name}`, fs.constants.O_DIRECTORY);
      fs.closeSync(folder);
      folder = below;
      way += `/${name}`;
    }
    const isHeard = new Promise<void>((resolve) => {
      const onShort = (hint: string | undefined): void => {
        if (hint?.endsWith('/short') === true) resolve();
      };
      watch = watchFolder(root, onShort, given);
    });
    await watch.ready;
    fs.mkdirSync(`/proc/self/fd/${folder}/${'x'.repeat(255)}`);
    fs.mkdirSync(`/proc/self/fd/${folder}/short`);
    await isHeard;
    expect(watch.isPartial).toBe(true);
    fs.closeSync(folder);
  });

  test.runIf(process.platform === 'linux')(
    'a folder moved into a new one is watched there, and so is one that took its place',
    async () => {
      fs.mkdirSync(at('new'));
      fs.renameSync(at('folder'), at('new/folder'));
      fs.mkdirSync(at('folder/inner'), { recursive: true });
      await expectHint('new', 'folder');
      await expectHint('new', 'folder');
      fs.writeFileSync(at('new/folder/inner/one'), '');
      fs.writeFileSync(at('folder/inner/two'), '');
      await expectHint('new/folder/inner/one', 'folder/inner/two');
      expect(watch.isPartial).toBe(false);
    },
  );

  test.runIf(code !== 'none')('more news than the system keeps make it look anywhere', async () => {
    watch.close();
    const most = Number(fs.readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
    const isLost = new Promise<void>((resolve) => {
      const onLost = (hint: string | undefined): void => {
        if (hint === undefined) resolve();
      };
      watch = watchFolder(root, onLost, given);
    });
    await watch.ready;
    // No two alike in a row, which would be told as one.
    for (let count = 0; count <= most; count += 1) fs.utimesSync(at(count % 2 === 0 ? 'folder/file' : 'folder/inner'), count, count);
    await isLost;
    expect(watch.isPartial).toBe(false);
  });
});

/** Of what is drawn: made, moved to where nothing stands, removed, or a name for another one. */
const act = fc.record({
  does: fc.constantFrom('make', 'make', 'make', 'move', 'move', 'swap', 'remove', 'turn'),
  one: fc.nat(),
  other: fc.nat(),
  name: fc.nat(3),
});

/** Folders below, and the one itself, from the top to the bottom. */
function foldersIn(root: string, below = ''): string[] {
  const inside = fs.readdirSync(path.join(root, below), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [below, ...inside.flatMap(({ name }) => foldersIn(root, path.join(below, name)))];
}

function perform(root: string, { does, one, other, name }: typeof act extends fc.Arbitrary<infer Act> ? Act : never): void {
  const folders = foldersIn(root);
  const [from, into] = [one, other].map((each) => path.join(root, folders[each % folders.length] ?? ''));
  if (from === undefined || into === undefined) return;
  const place = path.join(into, `f${name}`);
  if (does === 'make') fs.mkdirSync(place, { recursive: true });
  // Itself, or into itself: nothing happens.
  if (from === root || `${place}/`.startsWith(`${from}/`)) return;
  if (does === 'remove') fs.rmSync(from, { recursive: true });
  if (does === 'turn') fs.chmodSync(from, 0o700 + name);
  if (fs.existsSync(place) && does !== 'swap') return;
  if (does === 'move') fs.renameSync(from, place);
  if (does === 'swap' && fs.existsSync(place) && !`${from}/`.startsWith(`${place}/`)) {
    fs.renameSync(from, path.join(root, 'between'));
    fs.renameSync(place, from);
    fs.renameSync(path.join(root, 'between'), place);
  }
}

test.each(nativeOrNone.map((code) => ({ by: code === 'none' ? 'node:fs' : 'native code', code })))(
  'after any row of moves each folder is heard of, under its own name, by $by',
  { timeout: 10 * 60_000 },
  async ({ code }) => {
    const run = async (acts: readonly Parameters<typeof perform>[1][], pauseAfter: number): Promise<void> => {
      const root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-watch-'));
      let heard = new Set<string | undefined>();
      let onLast: (() => void) | undefined;
      const onHint = (hint: string | undefined): void => {
        heard.add(hint);
        if (hint === 'last') onLast?.();
      };
      const watch = watchFolder(root, onHint, code === 'none' ? ({} as Native) : code);
      await watch.ready;
      for (const [number, each] of acts.entries()) {
        perform(root, each);
        if (number % pauseAfter === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const folders = foldersIn(root).filter((folder) => folder !== '');
      const wanted = folders.map((folder) => path.join(folder, 'probe'));
      let round = 0;
      const missing = async (): Promise<string[]> => {
        round += 1;
        heard = new Set();
        for (const probe of wanted) fs.writeFileSync(path.join(root, probe), `${round}`);
        const isLast = new Promise<void>((resolve) => {
          onLast = resolve;
        });
        fs.writeFileSync(path.join(root, 'last'), `${round}`);
        await isLast;
        return wanted.filter((probe) => !heard.has(probe));
      };
      // What is found only now is watched soon; what is never watched stays missing.
      await expect.poll(missing, { timeout: 60_000, interval: 5 }).toEqual([]);
      const strangers = [...heard].filter((hint) => hint !== undefined && hint.endsWith('probe') && !wanted.includes(hint));
      watch.close();
      fs.rmSync(root, { recursive: true });
      expect(strangers).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(fc.array(act, { maxLength: 40, size: 'max' }), fc.integer({ min: 1, max: 12 }), run), {
      numRuns: Number(process.env['CACHETTE_WATCH_RUNS'] ?? 25),
    });
  },
);

test('a folder that is found where it was moved to, before that was told, is watched there', async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-watch-'));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  fs.mkdirSync(path.join(root, 'old/inner'), { recursive: true });
  const system = new ToldByHand();
  const hints: (string | undefined)[] = [];
  const watch = watchFolder(root, (hint) => hints.push(hint), system.code);
  await watch.ready;
  fs.mkdirSync(path.join(root, 'new'));
  fs.renameSync(path.join(root, 'old'), path.join(root, 'new/old'));
  system.tell(root, 'new');
  // Told of once it is watched with all below.
  await expect.poll(() => hints.includes('new') && hints.length > 1).toBe(true);
  hints.length = 0;
  system.tell(root, 'old');
  system.tell(path.join(root, 'new/old/inner'), 'file');
  expect(hints).toEqual(['old', 'new/old/inner/file']);
  expect(watch.isPartial).toBe(false);
  watch.close();
});

test('a folder that stands at two places is heard of at the first, and looked for at the other', async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-watch-'));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  fs.mkdirSync(path.join(root, 'one'));
  const system = new ToldByHand();
  const watch = watchFolder(root, () => undefined, system.code);
  expect(await watch.ready).toBe('complete');
  watch.close();
  // As if it were mounted there.
  fs.mkdirSync(path.join(root, 'two'));
  const lstat = vi.spyOn(fs, 'lstatSync').mockReturnValue(fs.lstatSync(root));
  onTestFinished(() => lstat.mockRestore());
  const twice = new ToldByHand((text) => (text.endsWith('/two') ? `${root}/one` : text));
  const hints: (string | undefined)[] = [];
  const again = watchFolder(root, (hint) => hints.push(hint), twice.code);
  expect(await again.ready).toBe('partial');
  twice.tell(path.join(root, 'one'), 'file');
  expect(hints).toHaveLength(1);
  again.close();
});

/** The system's part by hand: a folder's number is that of its place on the disk, and what happens is told when the test says so. */
class ToldByHand {
  readonly code: Native;
  readonly #really: (path: string) => string;
  #onNews: (names: string, numbers: Float64Array) => void = () => undefined;

  constructor(really: (path: string) => string = (text) => text) {
    this.#really = really;
    const watches: NativeWatches = {
      open: (onNews) => {
        this.#onNews = onNews;
        return {};
      },
      watch: (_, text) => this.#numberOf(text),
      unwatch: () => undefined,
      close: () => undefined,
    };
    this.code = { watches } as unknown as Native;
  }

  /** That an item of this name came or went. */
  tell(folder: string, name: string): void {
    this.#onNews(name, new Float64Array([this.#numberOf(folder), 1]));
  }

  #numberOf(text: string): number {
    return fs.statSync(this.#really(text)).ino;
  }
}
