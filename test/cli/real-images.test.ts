/**
 * Folders on real file systems that hold less than the vault does, mounted from image files. What a machine can't mount (it
 * takes root, loop devices, the kernel's driver or a FUSE one) is skipped there, and the reason is told. As each run of the
 * program takes its time, the shorter half on the first that can be mounted, unless CACHETTE_IMAGES=all (`npm run images`).
 */
import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FolderHands } from '../scenarios/folder-hands.ts';
import { imageKinds, mountImage, whatIsMissing, type ImageKind } from './disk-image.ts';
import { Program } from './program.ts';

interface Pair {
  readonly program: Program;
  /** In an ordinary folder. */
  readonly ann: FolderHands;
  /** In the folder on the image. */
  readonly bob: FolderHands;
  readonly sync: (...devices: readonly string[]) => Promise<void>;
  readonly remount: () => void;
}

async function pairOn(kind: ImageKind): Promise<Pair> {
  const program = await Program.open();
  fs.mkdirSync(program.at('store'));
  const mounted = mountImage(kind, program.at('image'), program.at('bob'));
  if (typeof mounted === 'string') throw new Error(mounted);
  onTestFinished(mounted.unmount);
  const key = await program.init('ann', program.storeUrl());
  await program.join('bob', program.storeUrl(), key);
  const sync = async (...devices: readonly string[]): Promise<void> => {
    for (const device of devices) expect({ [device]: await endOf(program, device) }).toEqual({ [device]: 'in agreement' });
  };
  return { program, ann: new FolderHands(program.at('ann')), bob: new FolderHands(program.at('bob')), sync, remount: mounted.remount };
}

/** How a sync ended, but for links that the disk can't hold. */
async function endOf(program: Program, device: string): Promise<string> {
  const { code, err } = await program.on(device, ['sync']);
  if (code === 0) return 'in agreement';
  if (code !== 3) return err;
  const problems = await program.json<{ path: string; code: string }[]>(device, ['problems']);
  const others = problems.filter((problem) => problem.code !== 'E_UNSUPPORTED' || problem.path !== 'link');
  return others.length === 0 ? 'in agreement' : JSON.stringify(others);
}

/** Path of the one file with that text. */
function pathOf(hands: FolderHands, text: string): string {
  const found = Object.entries(hands.texts()).filter(([, each]) => each === text);
  expect({ [text]: found.length }).toEqual({ [text]: 1 });
  return found[0]?.[0] ?? '';
}

function storedObjects(program: Program): string[] {
  const names = fs.readdirSync(program.at('store'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /^(?:journal|packs)\//.test(name)).toSorted();
}

function loseIndex(program: Program, device: string): void {
  const profile = program.profile(device);
  for (const name of fs.readdirSync(profile)) if (name.startsWith('index.')) fs.rmSync(`${profile}/${name}`);
}

const exactUs = 1_700_000_001_234_567;
/** What not every file system tells apart, or holds. */
const awkward: Readonly<Record<string, string>> = {
  'file.txt': 'lower',
  'File.txt': 'upper',
  'docs/a': 'a in docs',
  'Docs/A': 'A in Docs',
  '\u00e9t\u00e9.txt': 'composed',
  'e\u0301te\u0301.txt': 'decomposed',
  'a:b?.txt': 'with a colon',
  'nul.txt': 'a device of Windows',
  'tail.': 'with a dot',
  [`${'long '.repeat(45)}.txt`]: 'long',
  empty: '',
  program: 'v1',
};

const isWhole = process.env['CACHETTE_IMAGES'] === 'all';
const images = imageKinds.map((kind) => ({ kind, missing: whatIsMissing(kind) }));
const [firstImage] = images.filter(({ missing }) => missing === undefined);
for (const { kind, missing } of images)
  if (missing !== undefined) process.stderr.write(`SKIPPED: a folder on ${kind.title}, which this machine can not mount: ${missing}\n`);

describe.each(images)('a folder on $kind.title', ({ kind, missing }) => {
  test.skipIf(missing !== undefined || (!isWhole && kind !== firstImage?.kind))(
    'holds everything under some name, and tells the vault the true ones',
    async () => {
      const { program, ann, bob, sync, remount } = await pairOn(kind);
      for (const [path, text] of Object.entries(awkward)) {
        if (path.includes('/')) ann.makeFolder(path.slice(0, path.indexOf('/')));
        ann.writeFile(path, text);
      }
      ann.setMode('program', 0o755);
      ann.setTime('program', exactUs);
      ann.makeLink('program', 'link');
      await sync('ann', 'bob');
      expect(Object.values(bob.texts()).toSorted()).toEqual(Object.values(awkward).toSorted());
      const shown = bob.texts();
      const stored = storedObjects(program);
      // Nothing is left to do, also after it was away; and neither without an index.
      remount();
      await sync('bob');
      loseIndex(program, 'bob');
      await sync('bob', 'ann');
      expect(storedObjects(program)).toEqual(stored);
      expect(bob.texts()).toEqual(shown);
      expect(ann.texts()).toEqual(awkward);
      expect(ann.see('program')).toMatchObject({ executable: true, mtimeUs: exactUs });
      expect(ann.see('link')).toMatchObject({ kind: 'link', target: 'program' });
    },
  );

  test.skipIf(missing !== undefined || !isWhole)('what is edited, renamed, moved and removed there is so elsewhere', async () => {
    const { ann, bob, sync } = await pairOn(kind);
    for (const name of ['file', 'FILE', 'stays', 'goes', 'program', 'docs/plan']) {
      if (name.includes('/')) ann.makeFolder('docs');
      ann.writeFile(name, name);
    }
    ann.setMode('program', 0o755);
    ann.setTime('program', exactUs);
    await sync('ann', 'bob');
    bob.writeFile(pathOf(bob, 'FILE'), 'FILE, edited');
    bob.rename(pathOf(bob, 'file'), 'docs/file');
    bob.saveFile('stays', 'saved anew');
    bob.remove('goes');
    bob.rename('program', 'renamed');
    await sync('bob', 'ann');
    const texts = { FILE: 'FILE, edited', 'docs/file': 'file', 'docs/plan': 'plan', renamed: 'program', stays: 'saved anew' };
    expect(ann.texts()).toEqual({ ...texts, 'docs/plan': 'docs/plan' });
    expect(ann.see('renamed')).toMatchObject({ executable: true, mtimeUs: exactUs });
    ann.rename('docs', 'DOCS');
    ann.remove('stays');
    ann.writeFile('DOCS/PLAN', 'PLAN');
    bob.rename('renamed', 'Renamed');
    await sync('ann', 'bob', 'ann');
    const wanted = { FILE: 'FILE, edited', 'DOCS/file': 'file', 'DOCS/plan': 'docs/plan', 'DOCS/PLAN': 'PLAN', Renamed: 'program' };
    expect(ann.texts()).toEqual(wanted);
    const marked = Object.entries(bob.texts()).filter(([path]) => path.includes('~cachette-'));
    expect(marked.length).toBeLessThanOrEqual(2);
    expect({ ...bob.texts() }).toMatchObject({ Renamed: 'program' });
    expect(Object.values(bob.texts()).toSorted()).toEqual(Object.values(wanted).toSorted());
  });
});
