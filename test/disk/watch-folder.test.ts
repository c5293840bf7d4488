import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FolderWatch, watchFolder } from '../../src/disk/watch-folder.ts';

let root: string;
let watch: FolderWatch;
/** Since the last wait. */
const hints: (string | undefined)[] = [];
const allHints: (string | undefined)[] = [];
let onHint: () => void = () => undefined;

beforeEach(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-watch-'));
  fs.mkdirSync(path.join(root, '.cachette/staged'), { recursive: true });
  fs.mkdirSync(path.join(root, 'folder/inner'), { recursive: true });
  fs.writeFileSync(path.join(root, 'folder/file'), 'text');
  hints.length = 0;
  allHints.length = 0;
  watch = watchFolder(root, (hint) => {
    hints.push(hint);
    allHints.push(hint);
    onHint();
  });
  expect(await watch.ready).toBe('complete');
});
afterEach(() => {
  watch.close();
  fs.rmSync(root, { recursive: true, force: true });
});

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
    watch = watchFolder(root, (hint) => {
      if (hint?.endsWith('/short') === true) resolve();
    });
  });
  await watch.ready;
  fs.mkdirSync(`/proc/self/fd/${folder}/${'x'.repeat(255)}`);
  fs.mkdirSync(`/proc/self/fd/${folder}/short`);
  await isHeard;
  expect(watch.isPartial).toBe(true);
  fs.closeSync(folder);
});
