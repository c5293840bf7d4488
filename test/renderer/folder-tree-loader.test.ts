import { describe, expect, test } from 'vitest';
import type { FolderTree } from '../../renderer/settings/folder-tree.ts';
import { FolderTreeLoader, type AskFolders } from '../../renderer/settings/folder-tree-loader.ts';

/** An agent with these folders in each folder; `answered` questions, and how often rows were told. */
class Rig {
  readonly folders = new Map<string, string[]>();
  readonly asked: string[] = [];
  tree: FolderTree | undefined;
  /** Before the next answer. */
  meanwhile: (() => void) | undefined;
  readonly loader: FolderTreeLoader;

  constructor(top: readonly string[]) {
    this.folders.set('', [...top]);
    const ask: AskFolders = async ({ path, limit, after }) => {
      this.asked.push(`${path}>${after ?? ''}`);
      const names = (this.folders.get(path) ?? []).filter((name) => after === undefined || name > after);
      const rows = names.slice(0, limit).map((name) => ({
        path: path === '' ? name : `${path}/${name}`,
        name,
        hasFolders: this.folders.has(name),
        chosen: 'all' as const,
        files: 1,
        bytes: 1,
      }));
      await Promise.resolve();
      this.meanwhile?.();
      this.meanwhile = undefined;
      return { ok: true, answer: { rows, hasMore: names.length > rows.length } };
    };
    this.loader = new FolderTreeLoader(ask, (tree) => {
      this.tree = tree;
    });
  }

  namesIn(parent: string): readonly string[] | undefined {
    return this.tree?.levels.get(parent)?.rows.map(({ name }) => name);
  }
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `f${String(at).padStart(6, '0')}`);

async function scrollTo(rig: Rig, count: number): Promise<void> {
  while ((rig.namesIn('')?.length ?? 0) < count) await rig.loader.load('');
}

describe('a tree of folders', () => {
  test('keeps all rows that were loaded when news come, with what is new among them', async () => {
    const rig = new Rig(numbered(5000));
    await scrollTo(rig, 3500);
    rig.folders.set('', ['e', ...numbered(5000).filter((name) => name !== 'f000002')]);
    await rig.loader.again();
    expect(rig.namesIn('')?.slice(0, 4)).toEqual(['e', 'f000000', 'f000001', 'f000003']);
    expect(rig.namesIn('')?.length).toBe(4000);
    await rig.loader.load('');
    expect(rig.namesIn('')).toEqual(rig.folders.get('')?.slice(0, 4500));
  });

  test('a page that was on its way while all was loaded again is asked for anew', async () => {
    const rig = new Rig(numbered(3000));
    await scrollTo(rig, 500);
    let reloaded: Promise<void> | undefined;
    rig.meanwhile = () => {
      rig.folders.set('', ['a', ...numbered(3000)]);
      reloaded = rig.loader.again();
    };
    await rig.loader.load('');
    await reloaded;
    const names = rig.namesIn('') ?? [];
    expect(names).toEqual(rig.folders.get('')?.slice(0, names.length));
    expect(names.length).toBeGreaterThan(500);
  });

  test('news that come while all is loaded again make one more round, not one for each', async () => {
    const rig = new Rig(numbered(10));
    await rig.loader.load('');
    rig.asked.length = 0;
    const first = rig.loader.again();
    for (let more = 0; more < 20; more++) void rig.loader.again();
    await first;
    expect(rig.asked).toEqual(['>', '>']);
  });

  test('what is folded away is not loaded again, but when it is opened', async () => {
    const rig = new Rig(['a', 'b']);
    rig.folders.set('a', ['x']);
    await rig.loader.load('');
    rig.loader.setOpen('a', true);
    await rig.loader.load('a');
    rig.loader.setOpen('a', false);
    rig.folders.set('a', ['x', 'y']);
    rig.asked.length = 0;
    await rig.loader.again();
    expect(rig.asked).toEqual(['>']);
    expect(rig.namesIn('a')).toBeUndefined();
    rig.loader.setOpen('a', true);
    await rig.loader.load('a');
    expect(rig.namesIn('a')).toEqual(['x', 'y']);
  });
});
