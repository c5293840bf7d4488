import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { topPath } from '../../src/disk/disk.ts';
import { linkFolder } from '../../src/disk/link-folder.ts';
import { nodeCalls } from '../../src/disk/calls/node-calls.ts';
import { openNodeDisk } from '../../src/disk/node-disk.ts';
import { openDisk, type OpenDisk } from '../../src/disk/open-disk.ts';
import { at, lookAt, nowOf, placeText, stageText } from '../contract/disk/disk-contract.ts';

let parent: string;
let root: string;
let disk: OpenDisk;

beforeEach(async () => {
  parent = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-node-disk-'));
  root = path.join(parent, 'root');
  fs.mkdirSync(root);
  await linkFolder(root, 'mark');
  disk = openNodeDisk({ rootDir: root, clock: systemClock, random: systemRandom, mark: 'mark' });
});
afterEach(() => fs.rmSync(parent, { recursive: true, force: true }));

const inRoot = (name: string): string => path.join(root, name);

/** A child that has said something, so that it is at work. */
async function startChild(script: URL, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  await awaitDots(child, 1);
  return child;
}

function awaitDots(child: ChildProcess, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = 0;
    const onData = (data: Buffer): void => {
      seen += data.length;
      if (seen < count) return;
      child.stdout?.off('data', onData);
      resolve();
    };
    child.stdout?.on('data', onData);
    child.once('exit', (code, signal) => reject(new Error(`the child ended by itself: ${code ?? signal}`)));
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGKILL');
  await ended;
}

function checkWhole(file: string): void {
  const text = fs.readFileSync(file, 'utf8');
  expect(text.length).toBe(4 * 4096 * 16);
  expect(text).toBe(text.slice(0, 16).repeat(4 * 4096));
}

describe('kill -9', () => {
  test('a file that is replaced without rest is whole at every moment and after every kill', async () => {
    fs.writeFileSync(inRoot('here'), 'wanderer');
    for (let round = 1; round <= 4; round += 1) {
      const child = await startChild(new URL('restless-child.ts', import.meta.url), root, 'mark');
      const killed = awaitDots(child, 5 + ((round * 7) % 20)).then(() => stopChild(child));
      let reads = 0;
      for (let running = true; running; reads += 1) {
        checkWhole(inRoot('steady'));
        running = await Promise.race([killed.then(() => false), new Promise<boolean>((resolve) => setImmediate(resolve, true))]);
      }
      expect(reads).toBeGreaterThan(1);
      checkWhole(inRoot('steady'));
      // A move without native calls has both names for microseconds.
      const wanderers = ['here', 'there'].filter((name) => fs.existsSync(inRoot(name)));
      expect(wanderers.length).toBeGreaterThan(0);
      for (const name of wanderers) expect(fs.readFileSync(inRoot(name), 'utf8')).toBe('wanderer');
      if (wanderers.length === 2) fs.unlinkSync(inRoot('there'));
      await disk.checkRoot();
      await disk.clearStaged();
      expect(fs.readdirSync(inRoot('.cachette/staged'))).toEqual([]);
      expect(new Set(fs.readdirSync(root))).toEqual(new Set(['.cachette', wanderers[0], 'steady']));
    }
  });
});

describe.runIf(process.platform === 'linux')('a folder is swapped for a link', () => {
  test('nothing is ever written, removed or read outside', async () => {
    const outside = path.join(parent, 'outside');
    fs.mkdirSync(outside);
    fs.writeFileSync(path.join(outside, 'canary'), 'secret');
    fs.mkdirSync(inRoot('a'));
    fs.writeFileSync(inRoot('a/canary'), 'public');
    const canary = await lookAt(disk, 'a/canary');
    const child = await startChild(new URL('swapping-child.ts', import.meta.url), inRoot('a'), outside);
    const counts = { placed: 0, changed: 0, removed: 0, read: 0 };
    try {
      for (let round = 1; round <= 20_000 && Math.min(...Object.values(counts)) < 25; round += 1) {
        const name = `a/file ${round}`;
        const outcome = await placeText(disk, name, 'text');
        if (outcome === 'changed') counts.changed += 1;
        else counts.placed += 1;
        if (outcome !== 'changed' && (await disk.discard(at(name), outcome.now)) === 'gone') counts.removed += 1;
        await disk.makeFolder(at(`a/folder ${round}`));
        const blocks: Uint8Array[] = [];
        const read = await disk.read(at('a/canary'), canary, (block) => void blocks.push(block), 100);
        if (read !== 'changed') counts.read += 1;
        expect(Buffer.concat(blocks).toString()).not.toContain('secret');
        const listing = await disk.list(at('a'));
        if (typeof listing === 'object')
          expect(listing.entries.find((entry) => entry.name === 'canary')?.identity ?? canary.identity).toBe(canary.identity);
      }
    } finally {
      await stopChild(child);
    }
    expect(fs.readdirSync(outside)).toEqual(['canary']);
    expect(counts.placed).toBeGreaterThan(0);
  });
});

describe('times, bits and names of this machine', () => {
  test('every time from 1902 to 2105 comes back to the microsecond', async () => {
    fs.writeFileSync(inRoot('file'), '');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -(2 ** 31 - 2) * 1_000_000, max: 2 ** 32 * 1_000_000 - 1 }), async (mtimeUs) => {
        const now = nowOf(await disk.setMeta(at('file'), await lookAt(disk, 'file'), { mtimeUs, executable: false, fromOutside: false }));
        expect(now.mtimeUs).toBe(mtimeUs);
        expect((await lookAt(disk, 'file')).mtimeUs).toBe(mtimeUs);
      }),
      { numRuns: 2000, examples: [[0], [-1], [1], [-1_000_000], [999_999], [-999_999], [1_700_000_000_123_457]] },
    );
    await disk.settle();
  });

  test('new files have 0644 or 0755 less the umask; a file that is replaced keeps its mode but for the one bit', async () => {
    const umask = process.umask(0o027);
    const modeOf = (name: string): string => (fs.statSync(inRoot(name)).mode & 0o7777).toString(8);
    const plain = { mtimeUs: 0, executable: false, fromOutside: false };
    const program = { mtimeUs: 0, executable: true, fromOutside: false };
    try {
      await placeText(disk, 'plain', 'x', 'absent', plain);
      await placeText(disk, 'program', 'x', 'absent', program);
      await disk.makeFolder(at('folder'));
      expect(['plain', 'program', 'folder'].map((name) => modeOf(name))).toEqual(['640', '750', '750']);
      fs.chmodSync(inRoot('plain'), 0o6606);
      await placeText(disk, 'plain', 'y', await lookAt(disk, 'plain'), program);
      expect(modeOf('plain')).toBe('706');
      fs.chmodSync(inRoot('plain'), 0o4711);
      await disk.setMeta(at('plain'), await lookAt(disk, 'plain'), { mtimeUs: 0, executable: false, fromOutside: false });
      expect(modeOf('plain')).toBe('611');
    } finally {
      process.umask(umask);
    }
    await disk.settle();
  });

  test('the private folder and what is staged is for the owner alone', async () => {
    const staged = await stageText(disk, 'text');
    await disk.discard(at('nothing'), 'absent');
    for (const name of ['.cachette', '.cachette/staged']) expect(fs.statSync(inRoot(name)).mode & 0o777).toBe(0o700);
    expect(fs.statSync(inRoot('.cachette/mark')).mode & 0o777).toBe(0o600);
    await staged.discard();
  });

  test.runIf(process.platform === 'linux')('a path longer than the system takes at once is reached', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `${index}`.padEnd(200, 'x'));
    for (let depth = 1; depth <= names.length; depth += 1) nowOf(await disk.makeFolder(at(names.slice(0, depth).join('/'))));
    const file = [...names, 'file'].join('/');
    const now = nowOf(await placeText(disk, file, 'text'));
    expect(await disk.look(at(file))).toEqual(now);
    expect(await disk.discard(at(file), now)).toBe('gone');
    await disk.settle();
  });

  test('sockets are other things, and nothing hangs on them', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => {
      server.listen(inRoot('socket'), resolve);
    });
    const socket = await lookAt(disk, 'socket');
    expect(socket.kind).toBe('other');
    expect(await disk.read(at('socket'), { ...socket, kind: 'file' }, () => undefined, 100)).toBe('changed');
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  test.runIf(process.platform === 'linux')('nothing stays open', async () => {
    const before = fs.readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 30; round += 1) {
      await disk.makeFolder(at(`folder ${round}`));
      const now = nowOf(await placeText(disk, `folder ${round}/file`, 'text'));
      await placeText(disk, `folder ${round}/file`, 'other', now);
      await placeText(disk, `missing/file`, 'text');
      await disk.setMeta(at(`folder ${round}/file`), await lookAt(disk, `folder ${round}/file`), {
        mtimeUs: round,
        executable: true,
        fromOutside: false,
      });
      await disk.list(at(`folder ${round}`));
      await disk.list(at(`folder ${round}/file`));
    }
    await disk.settle();
    expect(fs.readdirSync('/proc/self/fd').length).toBe(before);
  });

  test('more folders than may be open are touched in one batch', async () => {
    const count = 400;
    for (let index = 0; index < count; index += 1) {
      fs.mkdirSync(inRoot(`folder ${index}`));
      nowOf(await disk.makeFolder(at(`folder ${index}/inner`)));
    }
    if (process.platform === 'linux') expect(fs.readdirSync('/proc/self/fd').length).toBeLessThan(count);
    await disk.settle();
    expect(fs.readdirSync(root).length).toBe(count + 1);
  });
});

describe('linking a folder', () => {
  test('again with the same mark is harmless, with another one is refused', async () => {
    await linkFolder(root, 'mark');
    await expect(linkFolder(root, 'other')).rejects.toMatchObject({ code: 'E_FOLDER_OWNED' });
    await disk.checkRoot();
  });

  test('a folder in a linked folder is refused', async () => {
    fs.mkdirSync(inRoot('a/b'), { recursive: true });
    await expect(linkFolder(inRoot('a/b'), 'other')).rejects.toMatchObject({ code: 'E_FOLDER_OWNED' });
    expect(fs.readdirSync(inRoot('a/b'))).toEqual([]);
  });

  test('what is no folder is refused', async () => {
    fs.writeFileSync(inRoot('file'), '');
    await expect(linkFolder(path.join(parent, 'file'), 'x')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(linkFolder(path.join(parent, 'missing'), 'x')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  test('a folder that moved is missing where it was', async () => {
    await disk.checkRoot();
    fs.renameSync(root, `${root}.moved`);
    await expect(disk.checkRoot()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    await expect(disk.list(topPath)).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    fs.mkdirSync(root);
    await expect(disk.list(topPath)).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    fs.rmdirSync(root);
    fs.renameSync(`${root}.moved`, root);
    await disk.checkRoot();
  });

  test('a folder may be reached by a link', async () => {
    fs.symlinkSync(root, path.join(parent, 'link'));
    const linked = openNodeDisk({ rootDir: path.join(parent, 'link'), clock: systemClock, random: systemRandom, mark: 'mark' });
    nowOf(await placeText(linked, 'file', 'text'));
    expect(fs.readFileSync(inRoot('file'), 'utf8')).toBe('text');
    await linked.settle();
  });
});

describe('room for a large file', () => {
  const large = 3 * 1024 * 1024;
  const stagedFiles = (): string[] => fs.readdirSync(inRoot('.cachette/staged'));

  test('is set aside before it is written, and its length stays what is in it', async () => {
    const staged = await disk.stage(large);
    const [name = ''] = stagedFiles();
    const { size, blocks } = fs.statSync(inRoot(`.cachette/staged/${name}`));
    expect(size).toBe(0);
    // Where there is no call for it, nothing is set aside.
    expect([0, true]).toContain(blocks * 512 >= large || blocks);
    await staged.write(new Uint8Array(large).fill(7), 0);
    await staged.finish({ mtimeUs: 1_700_000_000_000_000, executable: false, fromOutside: false });
    expect(fs.statSync(inRoot(`.cachette/staged/${name}`)).size).toBe(large);
    await staged.discard();
    expect(stagedFiles()).toEqual([]);
  });

  test('that the system has not leaves nothing behind', async () => {
    const calls = nodeCalls(root);
    const full = openDisk(
      {
        ...calls,
        allocate: () => {
          throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        },
      },
      { clock: systemClock, random: systemRandom, mark: 'mark' },
    );
    await expect(full.stage(large)).rejects.toMatchObject({ code: 'E_DISK', message: expect.stringContaining('full') as string });
    expect(stagedFiles()).toEqual([]);
  });
});
