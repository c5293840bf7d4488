import { describe, expect, test } from 'vitest';
import type { FolderTree } from '../../renderer/settings/folder-tree.ts';
import { FolderTreeLoader, pageRows, type AskFolders } from '../../renderer/settings/folder-tree-loader.ts';

/** An agent with these folders in each folder, and the questions that it was asked. */
class Rig {
  readonly folders = new Map<string, string[]>();
  readonly asked: string[] = [];
  tree: FolderTree | undefined;
  failure: unknown;
  /** What is asked from now on is answered after this. */
  hold: Promise<void> | undefined;
  readonly loader: FolderTreeLoader;

  constructor(top: readonly string[]) {
    this.folders.set('', [...top]);
    const ask: AskFolders = async ({ path, skip, limit }) => {
      this.asked.push(`${path}>${skip}`);
      const names = this.folders.get(path);
      await this.hold;
      if (names === undefined) return { ok: false, failure: { code: 'E_NOT_FOUND', message: 'gone', action: '' } };
      const rows = names.slice(skip, skip + limit).map((name) => ({
        path: path === '' ? name : `${path}/${name}`,
        name,
        hasFolders: this.folders.has(name),
        chosen: 'all' as const,
        files: 1,
        bytes: 1,
      }));
      return { ok: true, answer: { rows, total: names.length } };
    };
    this.loader = new FolderTreeLoader(ask, (tree, failure) => {
      this.tree = tree;
      this.failure = failure;
    });
  }

  /** Of those that are loaded. */
  namesIn(parent: string): readonly string[] | undefined {
    return this.tree?.levels.get(parent)?.flatMap((row) => row?.name ?? []);
  }

  see(page: number, parent = ''): Promise<void> {
    return this.loader.want([{ parent, page }]);
  }
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `f${String(at).padStart(6, '0')}`);

describe('a tree of folders', () => {
  test('loads its end without what is before', async () => {
    const rig = new Rig(numbered(40_000));
    await rig.see(0);
    await rig.see(40_000 / pageRows - 1);
    expect(rig.asked).toEqual(['>0', `>${40_000 - pageRows}`]);
    expect(rig.tree?.levels.get('')).toHaveLength(40_000);
    expect(rig.namesIn('')?.at(-1)).toBe('f039999');
  });

  test('loads nothing of what a person only passes by', async () => {
    const rig = new Rig(numbered(40_000));
    await rig.see(0);
    rig.asked.length = 0;
    const dragging = rig.see(1);
    for (let page = 2; page <= 100; page += 1) void rig.see(page);
    await dragging;
    expect(rig.asked).toEqual([`>${pageRows}`, `>${100 * pageRows}`]);
  });

  test('keeps all rows that were loaded when news come, with what is new among them', async () => {
    const rig = new Rig(numbered(5000));
    for (const page of [0, 1, 7]) await rig.see(page);
    rig.folders.set('', ['e', ...numbered(5000).filter((name) => name !== 'f000002')]);
    await rig.loader.again();
    expect(rig.namesIn('')?.slice(0, 4)).toEqual(['e', 'f000000', 'f000001', 'f000003']);
    expect(rig.namesIn('')?.length).toBe(3 * pageRows);
    expect(rig.namesIn('')?.at(-1)).toBe(rig.folders.get('')?.[8 * pageRows - 1]);
    rig.folders.set('', ['e']);
    await rig.loader.again();
    expect(rig.namesIn('')).toEqual(['e']);
    expect(rig.tree?.levels.get('')).toHaveLength(1);
  });

  test('a page that was on its way while all was loaded again is asked for anew', async () => {
    const rig = new Rig(numbered(3000));
    await rig.see(0);
    const held = Promise.withResolvers<void>();
    rig.hold = held.promise;
    const seeing = rig.see(1);
    rig.hold = undefined;
    rig.folders.set('', ['a', ...numbered(3000)]);
    await rig.loader.again();
    held.resolve();
    await seeing;
    expect(rig.asked).toEqual(['>0', `>${pageRows}`, '>0', `>${pageRows}`]);
    expect(rig.namesIn('')).toEqual(rig.folders.get('')?.slice(0, 2 * pageRows));
  });

  test('news that come while all is loaded again make one more round, not one for each', async () => {
    const rig = new Rig(numbered(10));
    await rig.see(0);
    rig.asked.length = 0;
    const first = rig.loader.again();
    for (let more = 0; more < 20; more++) void rig.loader.again();
    await first;
    expect(rig.asked).toEqual(['>0', '>0']);
  });

  test('what is folded away is not loaded again, but when it is opened', async () => {
    const rig = new Rig(['a', 'b']);
    rig.folders.set('a', ['x']);
    await rig.see(0);
    rig.loader.setOpen('a', true);
    await rig.see(0, 'a');
    rig.loader.setOpen('a', false);
    rig.folders.set('a', ['x', 'y']);
    rig.asked.length = 0;
    await rig.loader.again();
    expect(rig.asked).toEqual(['>0']);
    expect(rig.namesIn('a')).toBeUndefined();
    rig.loader.setOpen('a', true);
    await rig.see(0, 'a');
    expect(rig.namesIn('a')).toEqual(['x', 'y']);
  });

  test('a folder that is gone is empty, and is not asked for again', async () => {
    const rig = new Rig(['a']);
    await rig.see(0);
    await rig.see(0, 'a');
    await rig.see(0, 'a');
    expect(rig.asked).toEqual(['>0', 'a>0']);
    expect(rig.namesIn('a')).toEqual([]);
    expect(rig.failure).toMatchObject({ code: 'E_NOT_FOUND' });
  });
});
