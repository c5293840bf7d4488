import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ActOutcome,
  type Disk,
  type DiskPath,
  type Expected,
  type FileToFinish,
  type Listed,
  type Observed,
  type SmallFile,
  topPath,
  type FileMeta,
  type FileToPlace,
} from '../../../src/disk/disk.ts';
import { Failure } from '../../../src/base/failure.ts';
import type { NodeName } from '../../../src/model/name.ts';
import type { Subject, SubjectKind } from './disk-subject.ts';

export const at = (path: string): DiskPath => path as DiskPath;
const meta = { mtimeUs: 1_700_000_000_000_000, executable: false, fromOutside: false };

export async function stageText(disk: Disk, text: string, about = meta): ReturnType<Disk['stage']> {
  const staged = await disk.stage(text.length);
  await staged.write(Buffer.from(text), 0);
  await staged.finish(about);
  return staged;
}

export async function placeText(disk: Disk, path: string, text: string, expected: Expected = 'absent', about = meta): Promise<ActOutcome> {
  return disk.place(await stageText(disk, text, about), at(path), expected);
}

export async function lookAt(disk: Disk, path: string): Promise<Observed> {
  const observed = await disk.look(at(path));
  if (observed === undefined) throw new Error(`nothing stands at ${path}`);
  return observed;
}

/** What reading a file tells beside a look, where nobody noted that it came from outside. */
function unnoted({ traits }: Subject): Pick<Observed, 'fromOutside'> {
  return traits.hasOriginNotes ? { fromOutside: false } : {};
}

export function nowOf(outcome: ActOutcome | 'unreadable'): Observed {
  if (typeof outcome === 'string') throw new Error(`the act ended with ${outcome}`);
  return outcome.now;
}

async function listNames(disk: Disk, path: string): Promise<string[]> {
  return entriesOf(await disk.list(at(path)))
    .map((entry) => entry.name)
    .toSorted();
}

function entriesOf(listing: Awaited<ReturnType<Disk['list']>>): readonly Listed[] {
  if (typeof listing === 'string') throw new Error(`the listing is ${listing}`);
  return listing.entries;
}

/** Content of everything in the trash, sorted. */
export function trashTexts({ hands }: Subject): string[] {
  return Object.values(hands.texts('.cachette/trash')).toSorted();
}

async function readText(disk: Disk, path: string, expected: Expected, blockBytes = 64): Promise<string | undefined> {
  const blocks: Uint8Array[] = [];
  const outcome = await disk.read(at(path), expected, (block) => void blocks.push(block), blockBytes);
  return typeof outcome === 'string' ? outcome : Buffer.concat(blocks).toString();
}

function smallFile(path: string, { kind, identity, fingerprint, sizeBytes }: Observed): SmallFile {
  return { path: at(path), expected: { kind, identity, fingerprint }, sizeBytes };
}

/** What every Disk must do; `kind` opens an empty linked folder for each test. */
export function describeDisk(kind: SubjectKind): void {
  describe(kind.title, () => {
    let subject: Subject;
    let disk: Disk;
    let hands: Subject['hands'];
    beforeEach(async () => {
      subject = await kind.open();
      ({ disk, hands } = subject);
    });
    afterEach(async () => {
      await disk.settle();
      subject.close();
    });

    describe('looking', () => {
      test('a listing shows what stands there, and nothing of our own', async () => {
        hands.makeFolder('folder/inner');
        hands.writeFile('file', 'four');
        if (subject.traits.hasLinks) hands.makeLink('some/where', 'link');
        hands.makePipe('pipe');
        await disk.discard(at('nothing'), 'absent');
        const entries = entriesOf(await disk.list(topPath)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
        expect(entries.map(({ name, kind, sizeBytes, target }) => ({ name, kind, sizeBytes, target }))).toEqual([
          { name: 'file', kind: 'file', sizeBytes: 4, target: '' },
          { name: 'folder', kind: 'folder', sizeBytes: 0, target: '' },
          ...(subject.traits.hasLinks ? [{ name: 'link', kind: 'link', sizeBytes: 0, target: 'some/where' }] : []),
          { name: 'pipe', kind: 'other', sizeBytes: 0, target: '' },
        ]);
        expect(await listNames(disk, 'folder')).toEqual(['inner']);
        expect(await disk.look(at('file'))).toEqual({ ...entries[0], name: undefined });
      });

      test('no folder is gone, whatever else stands there', async () => {
        hands.writeFile('file', '');
        hands.makeFolder('folder');
        const paths = ['missing', 'missing/below', 'file', 'file/below'];
        if (subject.traits.hasLinks) {
          hands.makeLink('folder', 'link');
          paths.push('link', 'link/below');
        }
        const listings = await Promise.all(paths.map((path) => disk.list(at(path))));
        expect(listings).toEqual(paths.map(() => 'gone'));
      });

      test('nothing is seen through a link', async () => {
        if (!subject.traits.hasLinks) return;
        hands.makeFolder('folder');
        hands.writeFile('folder/file', 'text');
        hands.makeLink('folder', 'link');
        expect(await disk.look(at('link/file'))).toBeUndefined();
        expect((await lookAt(disk, 'link')).kind).toBe('link');
        expect(await disk.read(at('link/file'), await lookAt(disk, 'folder/file'), () => undefined, 10)).toBe('changed');
      });

      test('names come back as they are', async () => {
        const { names: kind, nameMaxBytes, unicode } = subject.traits;
        const names = [' leading', '-dash', '.dot', 'ümlaut', 'e\u0301', '日本', '🙂', 'x'.repeat(nameMaxBytes), '~', '\ufffd'];
        if (kind !== 'windows') names.push('two\nlines', 'back\\slash', '*');
        if (kind === 'bytes') names.push('\udcff\udcfe', 'half\udce2\udc82.txt');
        for (const name of names) hands.writeFile(name, name);
        const form = (name: string): string => (unicode === 'nfd' ? name.normalize('NFD') : name);
        expect(await listNames(disk, '')).toEqual(names.map((name) => form(name)).toSorted());
        for (const name of names) expect(await readText(disk, name, await lookAt(disk, name))).toBe(Buffer.from(name).toString());
      });

      test('identity stays through a rename and goes with the item', async () => {
        hands.writeFile('a', 'text');
        const before = await lookAt(disk, 'a');
        hands.rename('a', 'b');
        const after = await lookAt(disk, 'b');
        expect(after.identity).toBe(before.identity);
        hands.remove('b');
        hands.writeFile('b', 'text');
        const other = await lookAt(disk, 'b');
        expect(subject.traits.hasBirthTimes ? other.identity !== before.identity : other.identity === '').toBe(true);
      });

      test('a write of the same size shows in the fingerprint, even with the old time put back', async () => {
        hands.writeFile('a', 'one');
        hands.setTime('a', 1_600_000_000_000_000);
        const before = await lookAt(disk, 'a');
        hands.writeFile('a', 'two');
        hands.setTime('a', 1_600_000_000_000_000);
        const after = await lookAt(disk, 'a');
        expect(after.mtimeUs).toBe(before.mtimeUs);
        expect(after.fingerprint).not.toBe(before.fingerprint);
      });

      test('a folder has no fingerprint, and its identity stays when it is filled', async () => {
        hands.makeFolder('folder');
        const before = await lookAt(disk, 'folder');
        hands.writeFile('folder/file', '');
        expect(before).toMatchObject({ kind: 'folder', fingerprint: '', executable: false });
        expect((await lookAt(disk, 'folder')).identity).toBe(before.identity);
      });

      test('an entry that vanishes during the listing is left out, one that was renamed is not missed', async () => {
        hands.makeFolder('folder');
        for (const name of ['a', 'b', 'c']) hands.writeFile(`folder/${name}`, name);
        let done = false;
        subject.listen(({ verb }) => {
          // Where a folder is listed with one call, nothing comes in between.
          if ((verb !== 'lstat' && verb !== 'listFolder') || done) return;
          done = true;
          hands.remove('folder/a');
          hands.rename('folder/c', 'folder/d');
        });
        expect(await listNames(disk, 'folder')).toEqual(['b', 'd']);
      });

      test('the folder itself can be looked at', async () => {
        expect(await lookAt(disk, '')).toMatchObject({ kind: 'folder', fingerprint: '' });
      });
    });

    describe('finishing many', () => {
      test('gives each its identity, time and bits, and their places; what has its place is not discarded', async () => {
        const files: FileToFinish[] = [];
        for (let number = 0; number < 150; number += 1) {
          const staged = await disk.stage(10);
          await staged.write(Buffer.from(`text ${number}`), 0);
          files.push({ staged, meta: { mtimeUs: meta.mtimeUs + 2_000_000 * number, executable: number % 2 === 1, fromOutside: false } });
        }
        const ends = await disk.finishAll(files);
        for (const [number, { staged, meta: about }] of files.entries()) {
          if (number === 7) continue;
          const now = nowOf(await disk.place(staged, at(`file ${number}`), 'absent'));
          expect(now.identity).toBe(ends[number]);
          expect(now).toMatchObject({ mtimeUs: about.mtimeUs, sizeBytes: `text ${number}`.length });
          if (subject.traits.hasExecuteBits) expect(now.executable).toBe(about.executable);
          await staged.discard();
          expect(hands.readText(`file ${number}`)).toBe(`text ${number}`);
        }
        await files[7]?.staged.discard();
        expect(hands.texts('.cachette/staged')).toEqual({});
        expect(await disk.finishAll([])).toEqual([]);
      });

      test('small and large ones, written in any parts or not at all, are whole', async () => {
        const long = 'long '.repeat(20_000);
        const parts: readonly (readonly (readonly [text: string, offset: number])[])[] = [
          [],
          [['whole', 0]],
          [
            ['text', 4],
            ['some', 0],
          ],
          [
            ['three', 0],
            ['parts', 5],
            ['here', 10],
          ],
          [[long, 0]],
          [
            ['more than was said: ', 0],
            [long, 20],
          ],
          [
            [long.slice(0, 70_000), 0],
            [long.slice(70_000), 70_000],
          ],
        ];
        const files: FileToFinish[] = [];
        for (const [number, written] of parts.entries()) {
          const staged = await disk.stage(number === 6 ? long.length : 10);
          await Promise.all(written.map(([text, offset]) => staged.write(Buffer.from(text), offset)));
          files.push({ staged, meta: { ...meta, executable: number % 2 === 0 } });
        }
        const ends = await disk.finishAll(files);
        for (const [number, { staged }] of files.entries()) {
          expect(nowOf(await disk.place(staged, at(`file ${number}`), 'absent')).identity).toBe(ends[number]);
          expect(hands.readText(`file ${number}`)).toBe(
            (parts[number] ?? [])
              .toSorted((a, b) => a[1] - b[1])
              .map(([text]) => text)
              .join(''),
          );
        }
        expect(hands.texts('.cachette/staged')).toEqual({});
      });

      test('what was written may change afterwards, and one that is given up leaves nothing', async () => {
        const bytes = Buffer.from('text');
        const staged = await disk.stage(4);
        await staged.write(bytes, 0);
        bytes.fill(0);
        const dropped = await disk.stage(4);
        await dropped.write(bytes, 0);
        await dropped.discard();
        await staged.finish(meta);
        nowOf(await disk.place(staged, at('file'), 'absent'));
        expect(hands.readText('file')).toBe('text');
        expect(hands.texts('.cachette/staged')).toEqual({});
      });

      test('after it was discarded, a file is not finished', async () => {
        const staged = await disk.stage(1);
        await staged.discard();
        const [end] = await disk.finishAll([{ staged, meta }]);
        expect(end).toMatchObject({ code: 'E_FAILED' });
      });
    });

    describe('reading', () => {
      test('blocks are at most as large as asked for, and each is a buffer of its own', async () => {
        hands.writeFile('file', 'abcdefghij');
        const blocks: Uint8Array[] = [];
        const outcome = await disk.read(at('file'), await lookAt(disk, 'file'), (block) => void blocks.push(block), 4);
        expect(nowOf(outcome)).toEqual({ ...(await lookAt(disk, 'file')), ...unnoted(subject) });
        expect(blocks.map((block) => Buffer.from(block).toString())).toEqual(['abcd', 'efgh', 'ij']);
        expect(new Set(blocks.map((block) => block.buffer)).size).toBe(3);
        for (const block of blocks) expect(block.buffer.byteLength).toBe(block.byteLength);
      });

      test('an empty file is read', async () => {
        hands.writeFile('file', '');
        expect(await readText(disk, 'file', await lookAt(disk, 'file'))).toBe('');
      });

      describe.each([4, 8])('by %i bytes', (blockBytes) => {
        test.each(['append', 'shrink', 'same size', 'replace', 'remove'])('a file that changes meanwhile is changed (%s)', async (how) => {
          hands.writeFile('file', 'abcdefgh');
          const change = (): void => {
            if (how === 'append') hands.append('file', '!');
            if (how === 'shrink') hands.writeFile('file', 'a');
            if (how === 'same size') hands.writeFile('file', 'ABCDEFGH');
            if (how === 'replace') hands.saveFile('file', 'abcdefgh');
            if (how === 'remove' && hands.exists('file')) hands.remove('file');
          };
          expect(await disk.read(at('file'), await lookAt(disk, 'file'), change, blockBytes)).toBe('changed');
        });
      });

      test('many small files are read at once, each for itself and in their order', async () => {
        for (const folder of ['one', 'two']) hands.makeFolder(folder);
        const paths = ['one/a', 'one/empty', 'top', 'two/b', 'one/c', 'one/d', 'two/e', 'two/gone', 'lost/f', 'one/pipe'];
        hands.makeFolder('lost');
        for (const path of paths) hands.writeFile(path, path.endsWith('empty') ? '' : `text of ${path}`);
        if (subject.traits.hasLinks) hands.makeLink('a', 'one/link');
        const files: SmallFile[] = [];
        for (const path of paths) files.push(smallFile(path, await lookAt(disk, path)));
        if (subject.traits.hasLinks) files.push({ ...smallFile('one/link', await lookAt(disk, 'one/a')) });
        hands.append('one/c', '!');
        hands.saveFile('one/d', 'text of one/D');
        hands.remove('two/gone');
        hands.rename('lost', 'elsewhere');
        hands.remove('one/pipe');
        hands.makePipe('one/pipe');
        const readings = await disk.readWhole(files);
        const shown = readings.map((reading) => (typeof reading === 'string' ? reading : Buffer.from(reading.bytes).toString()));
        const expected = [
          'text of one/a',
          '',
          'text of top',
          'text of two/b',
          'changed',
          'changed',
          'text of two/e',
          'changed',
          'changed',
          'changed',
        ];
        expect(shown).toEqual(subject.traits.hasLinks ? [...expected, 'changed'] : expected);
        for (const [at, reading] of readings.entries())
          if (typeof reading !== 'string') expect(reading.now).toEqual({ ...(await lookAt(disk, paths[at] ?? '')), ...unnoted(subject) });
        expect(await disk.readWhole([])).toEqual([]);
      });

      test('a small file of another size than it is said to have is changed, or read as it is', async () => {
        hands.writeFile('file', 'abcdefgh');
        const now = await lookAt(disk, 'file');
        for (const sizeBytes of [0, 7, 9]) {
          const [reading] = await disk.readWhole([{ ...smallFile('file', now), sizeBytes }]);
          expect(typeof reading === 'object' ? Buffer.from(reading.bytes).toString() : reading).toMatch(/^(?:changed|abcdefgh)$/);
        }
      });

      test('what is not expected is not read', async () => {
        hands.writeFile('file', 'text');
        const expected = await lookAt(disk, 'file');
        hands.append('file', '!');
        expect(await readText(disk, 'file', expected)).toBe('changed');
        expect(await readText(disk, 'file', 'absent')).toBe('changed');
        expect(await readText(disk, 'missing', expected)).toBe('changed');
      });

      test('a pipe that takes the place of a file does not hang', async () => {
        hands.writeFile('file', 'text');
        const expected = await lookAt(disk, 'file');
        hands.remove('file');
        hands.makePipe('file');
        expect(await readText(disk, 'file', expected)).toBe('changed');
        expect(await readText(disk, 'file', await lookAt(disk, 'file'))).toBe('changed');
      });
    });

    describe('placing', () => {
      test('a new file stands there with its content, time and bit', async () => {
        const { now } = {
          now: nowOf(
            await placeText(disk, 'file', 'text', 'absent', { mtimeUs: 1_700_000_000_123_456, executable: true, fromOutside: false }),
          ),
        };
        expect(now).toEqual(await lookAt(disk, 'file'));
        expect(now).toMatchObject({ kind: 'file', sizeBytes: 4, target: '' });
        if (subject.traits.mtimeTickNs === 1n) expect(now.mtimeUs).toBe(1_700_000_000_123_456);
        expect(now.executable).toBe(true);
        expect(hands.texts()).toEqual({ file: 'text' });
        expect(hands.texts('.cachette/staged')).toEqual({});
      });

      test('which item a staged file is going to be is known before it gets its place', async () => {
        hands.writeFile('old', 'old');
        for (const [path, expected] of [
          ['new', 'absent'],
          ['old', await lookAt(disk, 'old')],
        ] as const) {
          const staged = await disk.stage(4);
          await staged.write(Buffer.from('text'), 0);
          const identity = await staged.finish(meta);
          expect(nowOf(await disk.place(staged, at(path), expected)).identity).toBe(identity);
        }
        expect(hands.texts()).toEqual({ new: 'text', old: 'text' });
      });

      test('a taken name is left alone, and the staged file can be placed elsewhere', async () => {
        hands.writeFile('file', 'mine');
        const staged = await stageText(disk, 'theirs');
        expect(await disk.place(staged, at('file'), 'absent')).toBe('changed');
        expect(await disk.place(staged, at('missing/file'), 'absent')).toBe('changed');
        expect(hands.texts()).toEqual({ file: 'mine' });
        nowOf(await disk.place(staged, at('other'), 'absent'));
        expect(hands.texts()).toEqual({ file: 'mine', other: 'theirs' });
      });

      test('many new files get their places with one call, and what stands in the way is left alone', async () => {
        hands.makeFolder('folder');
        hands.writeFile('folder/file 1', 'mine');
        const about = (number: number): FileMeta => ({
          mtimeUs: meta.mtimeUs + 2_000_000 * number,
          executable: number % 2 === 1,
          fromOutside: false,
        });
        const files: FileToPlace[] = [];
        for (let number = 0; number < 5; number += 1) {
          files.push({ staged: await stageText(disk, `text ${number}`, about(number)), name: `file ${number}` as NodeName });
        }
        const ends = await disk.placeNew(files, at('folder'));
        expect(ends).toHaveLength(5);
        for (const [number, { staged }] of files.entries()) {
          const outcome = ends[number] ?? (await disk.place(staged, at(`folder/file ${number}`), 'absent'));
          if (number === 1) expect(outcome).toBe('changed');
          else expect(nowOf(outcome)).toEqual(await lookAt(disk, `folder/file ${number}`));
        }
        expect(hands.texts()).toEqual({
          'folder/file 0': 'text 0',
          'folder/file 1': 'mine',
          'folder/file 2': 'text 2',
          'folder/file 3': 'text 3',
          'folder/file 4': 'text 4',
        });
        // What has its place is not discarded with what has none.
        for (const { staged } of files) await staged.discard();
        expect(Object.keys(hands.texts())).toHaveLength(5);
        expect(hands.texts('.cachette/staged')).toEqual({});
        expect(await disk.placeNew([], at('folder'))).toEqual([]);
      });

      test('many are not put into a folder that is not there, nor under a name of ours', async () => {
        const [first, second] = [await stageText(disk, 'one'), await stageText(disk, 'two')];
        const files = [first, second].map((staged, number) => ({ staged, name: `file ${number}` as NodeName }));
        for (const end of await disk.placeNew(files, at('missing'))) expect(end ?? 'changed').toBe('changed');
        await expect(
          disk
            .placeNew([{ staged: first, name: '.cachette' as NodeName }], topPath)
            .then(([end]) => end ?? disk.place(first, at('.cachette'), 'absent')),
        ).rejects.toMatchObject({ code: 'E_UNSAFE_NAME' });
        expect(hands.texts()).toEqual({});
        for (const [number, { staged, name }] of files.entries())
          nowOf((await disk.placeNew([{ staged, name }], topPath))[0] ?? (await disk.place(staged, at(`file ${number}`), 'absent')));
        expect(hands.texts()).toEqual({ 'file 0': 'one', 'file 1': 'two' });
      });

      test('what was expected goes to the trash, at its path', async () => {
        hands.makeFolder('folder');
        hands.writeFile('folder/file', 'old');
        const now = nowOf(await placeText(disk, 'folder/file', 'new', await lookAt(disk, 'folder/file')));
        expect(now).toEqual(await lookAt(disk, 'folder/file'));
        expect(hands.texts()).toEqual({ 'folder/file': 'new' });
        expect(Object.entries(hands.texts('.cachette/trash'))).toEqual([
          [expect.stringMatching(/^\.cachette\/trash\/[^/]+Z\/folder\/file$/), 'old'],
        ]);
      });

      test('the same path goes to the trash many times in a second', async () => {
        hands.writeFile('file', '0');
        for (let count = 1; count <= 5; count += 1) nowOf(await placeText(disk, 'file', String(count), await lookAt(disk, 'file')));
        expect(trashTexts(subject)).toEqual(['0', '1', '2', '3', '4']);
      });

      test('what is not expected is left alone', async () => {
        hands.writeFile('file', 'old');
        const expected = await lookAt(disk, 'file');
        hands.writeFile('file', 'user');
        expect(await placeText(disk, 'file', 'new', expected)).toBe('changed');
        hands.remove('file');
        expect(await placeText(disk, 'file', 'new', expected)).toBe('changed');
        hands.makeFolder('file');
        expect(await placeText(disk, 'file', 'new', expected)).toBe('changed');
        expect(hands.texts()).toEqual({});
        expect(trashTexts(subject)).toEqual([]);
      });

      test('other mode bits than the owner’s execute bit stay, setuid goes', async () => {
        if (!subject.traits.hasExecuteBits) return;
        hands.writeFile('file', 'old');
        hands.setMode('file', 0o4640);
        const now = nowOf(await placeText(disk, 'file', 'new', await lookAt(disk, 'file'), { ...meta, executable: true }));
        expect(now.executable).toBe(true);
        expect(nowOf(await disk.setMeta(at('file'), now, meta)).executable).toBe(false);
      });

      test('that a file came from outside is noted where the disk has such notes, goes along with it, and is taken off', async () => {
        const told = (fromOutside: boolean): boolean | undefined => (subject.traits.hasOriginNotes ? fromOutside : undefined);
        const read = async (path: string): Promise<boolean | undefined> => {
          const outcome = await disk.read(at(path), await lookAt(disk, path), () => undefined, 100);
          const [whole] = await disk.readWhole([{ path: at(path), expected: await lookAt(disk, path), sizeBytes: 4 }]);
          if (typeof outcome === 'string' || whole === undefined || typeof whole === 'string') throw new Error('not read');
          expect(whole.now.fromOutside).toBe(outcome.now.fromOutside);
          return outcome.now.fromOutside;
        };
        nowOf(await placeText(disk, 'plain', 'text', 'absent', meta));
        nowOf(await placeText(disk, 'file', 'text', 'absent', { ...meta, fromOutside: true }));
        expect([await read('plain'), await read('file')]).toEqual([told(false), told(true)]);
        nowOf(await disk.move(at('file'), at('moved'), await lookAt(disk, 'file')));
        expect(await read('moved')).toBe(told(true));
        nowOf(await placeText(disk, 'moved', 'next', await lookAt(disk, 'moved'), meta));
        expect(await read('moved')).toBe(told(false));
        for (const fromOutside of [true, true, false, false]) {
          const now = nowOf(await disk.setMeta(at('moved'), await lookAt(disk, 'moved'), { ...meta, fromOutside }));
          expect(now.mtimeUs).toBe(meta.mtimeUs);
          expect(await read('moved')).toBe(told(fromOutside));
        }
        expect(hands.texts()).toEqual({ plain: 'text', moved: 'next' });
      });

      test('a file takes the place of an empty folder, never of a filled one', async () => {
        hands.makeFolder('full');
        hands.writeFile('full/file', 'text');
        hands.makeFolder('empty');
        expect(await placeText(disk, 'full', 'new', await lookAt(disk, 'full'))).toBe('changed');
        nowOf(await placeText(disk, 'empty', 'new', await lookAt(disk, 'empty')));
        expect(hands.texts()).toEqual({ empty: 'new', 'full/file': 'text' });
      });

      test('links are made, and replace and are replaced', async () => {
        if (!subject.traits.hasLinks) return;
        const first = nowOf(await disk.placeLink({ target: 'a\udcffb', mtimeUs: 1_700_000_001_000_000 }, at('link'), 'absent'));
        expect(first).toMatchObject({ kind: 'link', target: 'a\udcffb' });
        expect(first).toEqual(await lookAt(disk, 'link'));
        if (subject.traits.mtimeTickNs === 1n) expect(first.mtimeUs).toBe(1_700_000_001_000_000);
        expect(await disk.placeLink({ target: 'other', mtimeUs: 0 }, at('link'), 'absent')).toBe('changed');
        const second = nowOf(await disk.placeLink({ target: 'other', mtimeUs: 0 }, at('link'), first));
        expect(second.target).toBe('other');
        nowOf(await placeText(disk, 'link', 'file', second));
        expect(hands.texts()).toEqual({ link: 'file' });
      });

      test('parts are written in any order', async () => {
        const staged = await disk.stage(9);
        await Promise.all([staged.write(Buffer.from('ghi'), 6), staged.write(Buffer.from('abc'), 0), staged.write(Buffer.from('def'), 3)]);
        await staged.finish(meta);
        nowOf(await disk.place(staged, at('file'), 'absent'));
        expect(hands.texts()).toEqual({ file: 'abcdefghi' });
      });

      test('a staged file that is given up leaves nothing, placed or not', async () => {
        const dropped = await disk.stage(3);
        await dropped.write(Buffer.from('abc'), 0);
        await dropped.discard();
        const placed = await stageText(disk, 'text');
        nowOf(await disk.place(placed, at('file'), 'absent'));
        await placed.discard();
        await placed.discard();
        expect(hands.texts()).toEqual({ file: 'text' });
        expect(hands.texts('.cachette/staged')).toEqual({});
      });

      test('what a crash left is cleared', async () => {
        await stageText(disk, 'text');
        expect(Object.values(hands.texts('.cachette/staged'))).toEqual(['text']);
        await disk.clearStaged();
        expect(hands.texts('.cachette/staged')).toEqual({});
      });
    });

    describe('folders and moves', () => {
      test('nothing is put into another folder than the one that is meant, whatever its name', async () => {
        const { hasBirthTimes, hasLinks } = subject.traits;
        const meant = nowOf(await disk.makeFolder(at('folder'))).identity;
        expect(meant === '').toBe(!hasBirthTimes);
        hands.writeFile('file', 'text');
        const placeNew = async (): Promise<ActOutcome> => {
          const staged = await stageText(disk, 'new');
          const [outcome] = await disk.placeNew([{ staged, name: 'together' as NodeName }], at('folder'), meant);
          return outcome ?? disk.place(staged, at('folder/together'), 'absent', meant);
        };
        const put = async (): Promise<ActOutcome[]> => [
          await disk.place(await stageText(disk, 'new'), at('folder/new'), 'absent', meant),
          await placeNew(),
          ...(hasLinks ? [await disk.placeLink({ target: 'target', mtimeUs: 0 }, at('folder/link'), 'absent', meant)] : []),
          await disk.makeFolder(at('folder/made'), meant),
          await disk.move(at('file'), at('folder/moved'), await lookAt(disk, 'file'), meant),
        ];
        expect(await disk.list(at('folder'))).toMatchObject({ identity: meant });
        if (!hasBirthTimes) return;
        hands.rename('folder', 'elsewhere');
        hands.makeFolder('folder');
        expect(new Set(await put())).toEqual(new Set(['changed']));
        expect(hands.texts()).toEqual({ file: 'text' });
        expect(await disk.list(at('folder'))).not.toMatchObject({ identity: meant });
        hands.rename('folder', 'other');
        hands.rename('elsewhere', 'folder');
        for (const outcome of await put()) nowOf(outcome);
        expect(hands.texts()).toEqual({ 'folder/moved': 'text', 'folder/new': 'new', 'folder/together': 'new' });
      });

      test('a folder is made where nothing stands', async () => {
        const now = nowOf(await disk.makeFolder(at('folder')));
        expect(now).toEqual(await lookAt(disk, 'folder'));
        expect(await disk.makeFolder(at('folder'))).toBe('changed');
        expect(await disk.makeFolder(at('missing/folder'))).toBe('changed');
        if (!subject.traits.hasLinks) return;
        hands.makeLink('folder', 'link');
        expect(await disk.makeFolder(at('link/inner'))).toBe('changed');
        expect(await listNames(disk, 'folder')).toEqual([]);
      });

      test.each(['file', 'folder', 'link', 'pipe'])('a %s moves with its identity', async (kind) => {
        if (kind === 'link' && !subject.traits.hasLinks) return;
        hands.makeFolder('to');
        if (kind === 'file') hands.writeFile('item', 'text');
        if (kind === 'folder') hands.makeFolder('item/inner');
        if (kind === 'link') hands.makeLink('target', 'item');
        if (kind === 'pipe') hands.makePipe('item');
        const before = await lookAt(disk, 'item');
        const now = nowOf(await disk.move(at('item'), at('to/other'), before));
        expect(now).toEqual(await lookAt(disk, 'to/other'));
        expect(now).toMatchObject({ kind: before.kind, identity: before.identity, target: before.target });
        if (kind !== 'folder') expect(now.mtimeUs).toBe(before.mtimeUs);
        expect(hands.exists('item')).toBe(false);
        expect(trashTexts(subject)).toEqual([]);
      });

      test('a move never replaces anything', async () => {
        hands.makeFolder('from/inner');
        hands.makeFolder('empty');
        hands.writeFile('a', 'a');
        hands.writeFile('b', 'b');
        const folder = await lookAt(disk, 'from');
        const file = await lookAt(disk, 'a');
        expect(await disk.move(at('from'), at('empty'), folder)).toBe('changed');
        expect(await disk.move(at('from'), at('b'), folder)).toBe('changed');
        expect(await disk.move(at('a'), at('b'), file)).toBe('changed');
        expect(await disk.move(at('a'), at('empty'), file)).toBe('changed');
        expect(await disk.move(at('a'), at('missing/a'), file)).toBe('changed');
        expect(await disk.move(at('from'), at('from/inner/x'), folder).catch(() => 'changed')).toBe('changed');
        expect(hands.texts()).toEqual({ a: 'a', b: 'b' });
      });

      test('what is not expected is not moved', async () => {
        hands.writeFile('a', 'a');
        const before = await lookAt(disk, 'a');
        hands.append('a', '!');
        expect(await disk.move(at('a'), at('b'), before)).toBe('changed');
        expect(hands.texts()).toEqual({ a: 'a!' });
      });

      test('another hard link is not taken for the item itself', async () => {
        if (!subject.traits.hasHardLinks) return;
        hands.writeFile('a', 'a');
        hands.hardLink('a', 'b');
        expect(await disk.move(at('a'), at('b'), await lookAt(disk, 'a'))).toBe('changed');
        expect(hands.texts()).toEqual({ a: 'a', b: 'a' });
      });

      test('a name can change its case', async () => {
        hands.writeFile('name', 'text');
        hands.makeFolder('folder');
        nowOf(await disk.move(at('name'), at('NAME'), await lookAt(disk, 'name')));
        nowOf(await disk.move(at('folder'), at('Folder'), await lookAt(disk, 'folder')));
        expect(await listNames(disk, '')).toEqual(['Folder', 'NAME']);
      });
    });

    describe('times and bits', () => {
      test('the time is exact to the microsecond', async () => {
        if (subject.traits.mtimeTickNs !== 1n) return;
        const times = [
          0, 1, -1, 999_999, -999_999, 1_000_001, -1_000_001, 1_234_567_890_123_457, 1_700_000_000_999_999, 4_102_444_800_000_001,
          -2_000_000_000_000_001,
        ];
        hands.writeFile('file', 'text');
        for (const mtimeUs of times) {
          const now = nowOf(await disk.setMeta(at('file'), await lookAt(disk, 'file'), { mtimeUs, executable: false, fromOutside: false }));
          expect(now.mtimeUs).toBe(mtimeUs);
          expect((await lookAt(disk, 'file')).mtimeUs).toBe(mtimeUs);
          const placed = nowOf(
            await placeText(disk, 'file', 'text', await lookAt(disk, 'file'), { mtimeUs, executable: false, fromOutside: false }),
          );
          expect(placed.mtimeUs).toBe(mtimeUs);
          if (!subject.traits.hasLinks) continue;
          await disk.placeLink({ target: 'target', mtimeUs }, at(`link ${mtimeUs}`), 'absent');
          expect((await lookAt(disk, `link ${mtimeUs}`)).mtimeUs).toBe(mtimeUs);
        }
      });

      test('only what is expected is set', async () => {
        hands.writeFile('file', 'text');
        const before = await lookAt(disk, 'file');
        hands.append('file', '!');
        expect(await disk.setMeta(at('file'), before, meta)).toBe('changed');
        hands.remove('file');
        expect(await disk.setMeta(at('file'), before, meta)).toBe('changed');
      });

      test('the execute bit alone can be set, and then the fingerprint holds', async () => {
        if (!subject.traits.hasExecuteBits) return;
        hands.writeFile('file', 'text');
        const before = await lookAt(disk, 'file');
        const now = nowOf(await disk.setMeta(at('file'), before, { mtimeUs: before.mtimeUs, executable: true, fromOutside: false }));
        expect(now).toEqual(await lookAt(disk, 'file'));
        expect(now).toMatchObject({ executable: true, mtimeUs: before.mtimeUs });
      });

      test('the time of a link can be set', async () => {
        if (!subject.traits.hasLinks) return;
        hands.makeLink('target', 'link');
        const now = nowOf(
          await disk.setMeta(at('link'), await lookAt(disk, 'link'), {
            mtimeUs: 1_700_000_002_000_000,
            executable: false,
            fromOutside: false,
          }),
        );
        expect(now).toEqual(await lookAt(disk, 'link'));
        expect(now).toMatchObject({ kind: 'link', mtimeUs: 1_700_000_002_000_000, target: 'target' });
      });
    });

    describe('discarding', () => {
      test('a file and a link go to the trash', async () => {
        hands.makeFolder('folder');
        hands.writeFile('folder/file', 'text');
        expect(await disk.discard(at('folder/file'), await lookAt(disk, 'folder/file'))).toBe('gone');
        expect(trashTexts(subject)).toEqual(['text']);
        if (!subject.traits.hasLinks) return;
        hands.makeLink('target', 'link');
        expect(await disk.discard(at('link'), await lookAt(disk, 'link'))).toBe('gone');
        expect(hands.exists('folder/file') || hands.exists('link')).toBe(false);
        expect(trashTexts(subject)).toEqual(['text']);
      });

      test('a folder goes only when it is empty', async () => {
        hands.makeFolder('folder');
        hands.writeFile('folder/file', 'text');
        expect(await disk.discard(at('folder'), await lookAt(disk, 'folder'))).toBe('not-empty');
        hands.remove('folder/file');
        expect(await disk.discard(at('folder'), await lookAt(disk, 'folder'))).toBe('gone');
        expect(hands.exists('folder')).toBe(false);
      });

      test('what is not expected stays', async () => {
        hands.writeFile('file', 'text');
        const before = await lookAt(disk, 'file');
        hands.append('file', '!');
        expect(await disk.discard(at('file'), before)).toBe('changed');
        expect(await disk.discard(at('file'), 'absent')).toBe('changed');
        expect(await disk.discard(at('other'), before)).toBe('changed');
        expect(await disk.discard(at('other'), 'absent')).toBe('gone');
        expect(await disk.discard(at('missing/other'), 'absent')).toBe('gone');
        expect(hands.texts()).toEqual({ file: 'text!' });
      });

      test('what went may hold what is needed as a folder next', async () => {
        hands.writeFile('name', 'file');
        await disk.discard(at('name'), await lookAt(disk, 'name'));
        hands.makeFolder('name');
        hands.writeFile('name/below', 'below');
        await disk.discard(at('name/below'), await lookAt(disk, 'name/below'));
        expect(trashTexts(subject)).toEqual(['below', 'file']);
      });

      test('the trash can be emptied', async () => {
        hands.writeFile('file', 'text');
        await disk.discard(at('file'), await lookAt(disk, 'file'));
        expect(await subject.disk.emptyTrash(30)).toBe(0);
        expect(trashTexts(subject)).toEqual(['text']);
        expect(await subject.disk.emptyTrash(0)).toBe(1);
        expect(trashTexts(subject)).toEqual([]);
      });
    });

    describe('releasing', () => {
      test('a file, a link and an empty folder are gone for good', async () => {
        hands.makeFolder('folder');
        hands.writeFile('folder/file', 'text');
        const { hasLinks } = subject.traits;
        if (hasLinks) hands.makeLink('target', 'folder/link');
        expect(await disk.release(at('folder'), await lookAt(disk, 'folder'))).toBe('not-empty');
        for (const path of ['folder/file', ...(hasLinks ? ['folder/link'] : []), 'folder']) {
          expect(await disk.release(at(path), await lookAt(disk, path))).toBe('gone');
        }
        expect(hands.exists('folder')).toBe(false);
        expect(trashTexts(subject)).toEqual([]);
        await subject.disk.emptyTrash(30);
        expect(hands.exists('.cachette/trash')).toBe(true);
        expect(hands.texts('.cachette/trash')).toEqual({});
      });

      test('what is not expected stays', async () => {
        hands.writeFile('file', 'text');
        const before = await lookAt(disk, 'file');
        hands.append('file', '!');
        expect(await disk.release(at('file'), before)).toBe('changed');
        expect(await disk.release(at('file'), 'absent')).toBe('changed');
        expect(hands.texts()).toEqual({ file: 'text!' });
      });

      test('a name of one of two hard links goes, the other stays', async () => {
        if (!subject.traits.hasHardLinks) return;
        hands.writeFile('file', 'text');
        hands.hardLink('file', 'other');
        expect(await disk.release(at('file'), await lookAt(disk, 'file'))).toBe('gone');
        expect(hands.texts()).toEqual({ other: 'text' });
      });
    });

    test.each([
      '..',
      '.',
      'a/../b',
      '/a',
      'a//b',
      'a/',
      '.cachette',
      '.cachette/mark',
      '.Cachette/mark',
      '.ca\u200dchette/x',
      'nul\0',
      `.cachette-${'0'.repeat(32)}`,
      'x'.repeat(256),
    ])('nothing is done at %j', async (path) => {
      const staged = await stageText(disk, 'text');
      for (const act of [
        () => disk.look(at(path)),
        () => disk.place(staged, at(path), 'absent'),
        ...(subject.traits.hasLinks ? [() => disk.placeLink({ target: 'target', mtimeUs: 0 }, at(path), 'absent')] : []),
        () => disk.makeFolder(at(path)),
        () => disk.discard(at(path), 'absent'),
        () => disk.release(at(path), 'absent'),
      ]) {
        await expect(act()).rejects.toMatchObject({ code: 'E_UNSAFE_NAME' });
      }
      expect(hands.texts()).toEqual({});
    });

    test('what the file system can hold is found out, and nothing is left of it', async () => {
      const { foldsCase, unicode, names, nameMaxBytes, hasExecuteBits, hasOriginNotes, hasLinks, mtimeTickNs } = subject.traits;
      expect(await disk.probeTraits()).toEqual({
        foldsCase,
        unicode: { bytes: 'kept', folded: 'folded', nfd: 'converted' }[unicode],
        names,
        nameMaxBytes,
        keepsExecutable: hasExecuteBits,
        keepsOrigin: hasOriginNotes,
        keepsLinks: hasLinks,
        mtimeTickUs: Math.max(1, Number(mtimeTickNs / 1000n)),
      });
      expect(hands.texts('.cachette/staged')).toEqual({});
    });

    test('every failure is one of ours', async () => {
      const failure = await disk.move(topPath, at('a'), 'absent').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Failure);
    });
  });
}
