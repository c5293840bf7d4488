import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { rootId } from '../../src/model/ids.ts';
import { nameFromBytes } from '../../src/model/name.ts';
import type { LocalState, NodeState, VersionedNode } from '../../src/model/node.ts';
import { failureCode } from '../crypto/failure-code.ts';
import { useIndexFolder } from './with-index-folder.ts';
import { asLocal, contentOf, fileState, folderState, localNode, nameOf, nodeId, versionAt, versionedNode } from './sample-nodes.ts';

const { pathOf } = useIndexFolder();

const a = nodeId('a');
const b = nodeId('b');
const c = nodeId('c');
const open = (): SyncIndex => SyncIndex.open(':memory:');

const states: readonly NodeState[] = [
  fileState('plain.txt'),
  fileState('old.bin', { mtimeUs: -1, executable: true, text: '' }),
  fileState('setup.exe', { fromOutside: true }),
  fileState('setup.run', { executable: true, fromOutside: true }),
  fileState('far.txt', { mtimeUs: 8_000_000_000_000_000, parent: nodeId('folder') }),
  folderState('folder'),
  { kind: 'link', parent: rootId, name: nameOf('link'), target: '../a/b', mtimeUs: 5 },
];

describe('a node comes back as it was written', () => {
  test.each(states)('in all three trees: $name', (state) => {
    const index = open();
    index.local.write(localNode(a, state));
    index.base.write(versionedNode(a, state, versionAt(999_999_999_999, 65_535)));
    index.remote.write(versionedNode(a, state, versionAt(1)));
    expect(index.local.find(a)).toStrictEqual(localNode(a, state));
    expect(index.base.find(a)).toStrictEqual(versionedNode(a, state, versionAt(999_999_999_999, 65_535)));
    expect(index.remote.find(a)).toStrictEqual(versionedNode(a, state, versionAt(1)));
  });

  test('with content that was not read yet, or that was of another size than the file is now', () => {
    const index = open();
    const unread: LocalState = { ...fileState('x'), content: undefined, sizeBytes: 77 };
    index.local.write(localNode(a, unread));
    expect(index.local.find(a)?.state).toStrictEqual(unread);
    const grown: LocalState = { ...fileState('x'), content: contentOf('abc'), sizeBytes: 77 };
    index.local.write(localNode(a, grown));
    expect(index.local.find(a)?.state).toStrictEqual(grown);
  });

  test('with any bytes as name and as link text', () => {
    const index = open();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (name, target) => {
        const state: NodeState = { kind: 'link', parent: rootId, name: nameFromBytes(name), target: nameFromBytes(target), mtimeUs: 0 };
        index.remote.write(versionedNode(a, state));
        index.local.write(localNode(a, state));
        expect(index.remote.find(a)?.state).toStrictEqual(state);
        expect(index.remote.childNamed(rootId, state.name)?.id).toBe(a);
        expect(index.local.childrenOf(rootId, undefined, 5)).toStrictEqual([localNode(a, state)]);
      }),
    );
  });

  test('with a kind of its own after it was another one', () => {
    const index = open();
    index.local.write(localNode(a, fileState('x')));
    index.local.write(localNode(a, folderState('x')));
    expect(index.local.find(a)?.state).toStrictEqual(folderState('x'));
  });
});

describe('a tree', () => {
  test('holds nothing of another tree, and nothing that was erased', () => {
    const index = open();
    index.base.write(versionedNode(a, fileState('x')));
    expect(index.local.find(a)).toBeUndefined();
    expect(index.remote.find(a)).toBeUndefined();
    expect(index.remote.childNamed(rootId, nameOf('x'))).toBeUndefined();
    index.base.erase(a);
    index.base.erase(a);
    expect(index.base.find(a)).toBeUndefined();
    expect(index.base.hasChildren(rootId)).toBe(false);
  });

  test('lists children page by page in the order of their bytes', () => {
    const index = open();
    const names = ['b', 'a', 'é', 'Z', '\u{10000}', '\uffee', 'ab', '\udc80'];
    for (const name of names) index.remote.write(versionedNode(nodeId(name), fileState(name)));
    index.remote.write(versionedNode(nodeId('elsewhere'), fileState('aa', { parent: a })));
    expect(index.remote.hasChildren(rootId)).toBe(true);
    const found: string[] = [];
    for (
      let page = index.remote.childrenOf(rootId, undefined, 3);
      page.length > 0;
      page = index.remote.childrenOf(rootId, page.at(-1)?.state.name, 3)
    ) {
      expect(page.length).toBeLessThanOrEqual(3);
      found.push(...page.map(({ state }) => state.name));
    }
    expect(found).toEqual(['Z', 'a', 'ab', 'b', '\udc80', 'é', '\uffee', '\u{10000}']);
  });

  test('counts what it holds', () => {
    const index = open();
    index.local.write(localNode(a, fileState('x', { text: 'four' })));
    index.local.write(localNode(b, folderState('f')));
    index.remote.write(versionedNode(b, folderState('f')));
    expect(index.local.count()).toEqual({ files: 1, folders: 1, links: 0, bytes: 4 });
    index.local.write(localNode(a, fileState('x', { text: 'longer' })));
    index.local.erase(b);
    index.local.write(localNode(c, { kind: 'link', parent: rootId, name: nameOf('l'), target: 'x', mtimeUs: 0 }));
    expect(index.local.count()).toEqual({ files: 1, folders: 0, links: 1, bytes: 6 });
    expect(index.remote.count()).toEqual({ files: 0, folders: 1, links: 0, bytes: 0 });
  });

  test.each(['local', 'remote'] as const)('refuses a second node at one place, and is unchanged by it: %s', (tree) => {
    const index = open();
    const write = (id: typeof a, name: string): void => {
      if (tree === 'local') index.local.write(localNode(id, fileState(name)));
      else index.remote.write(versionedNode(id, fileState(name)));
    };
    write(a, 'x');
    write(b, 'y');
    expect(failureCode(() => write(b, 'x'))).toBe('E_FAILED');
    expect(index[tree].childNamed(rootId, nameOf('x'))?.id).toBe(a);
    expect(index[tree].childNamed(rootId, nameOf('y'))?.id).toBe(b);
    expect(index[tree].count().files).toBe(2);
  });
});

describe('the base', () => {
  test('lets two nodes claim one place while they swap names', () => {
    const index = open();
    index.base.write(versionedNode(a, fileState('x')));
    index.base.write(versionedNode(b, fileState('y')));
    index.base.write(versionedNode(b, fileState('x')));
    expect(index.base.childNamed(rootId, nameOf('x'))?.id).toBe(a);
    index.base.write(versionedNode(a, fileState('y')));
    expect(index.base.childNamed(rootId, nameOf('x'))?.id).toBe(b);
    expect(index.base.childNamed(rootId, nameOf('y'))?.id).toBe(a);
  });

  test.each([1, 2, 3, 4, 5])('lists every one of them, with pages of %i', (limit) => {
    const index = open();
    const names = ['m', 'n', 'n', 'n', 'o', 'p', 'p'];
    for (const [at, name] of names.entries()) index.base.write(versionedNode(nodeId(at), fileState(name)));
    const found: string[] = [];
    for (
      let page = index.base.childrenOf(rootId, undefined, limit);
      page.length > 0;
      page = index.base.childrenOf(rootId, page.at(-1)?.state.name, limit)
    ) {
      found.push(...page.map(({ id }) => id));
      if (page.length < limit) break;
    }
    expect(found).toEqual(names.map((_, at) => nodeId(at)));
  });

  test('finds the files of a content that the local tree does not show', () => {
    const index = open();
    const content = contentOf('same');
    for (const id of [a, b, c]) index.base.write(versionedNode(id, fileState(id, { text: 'same' })));
    index.base.write(versionedNode(nodeId('other'), fileState('other')));
    index.local.write(localNode(b, fileState('moved', { text: 'changed' })));
    expect(index.base.vanishedWithContent(content.id, 10).map(({ id }) => id)).toEqual([a, c].toSorted());
    expect(index.base.vanishedWithContent(content.id, 1)).toHaveLength(1);
    index.base.erase(a);
    index.local.erase(b);
    expect(index.base.vanishedWithContent(content.id, 10).map(({ id }) => id)).toEqual([b, c].toSorted());
    expect(index.base.vanishedWithContent(contentOf('nobody').id, 10)).toEqual([]);
  });
});

describe('the remote tree', () => {
  test('tells what a file has held, also before it was removed, and nothing that never stood there', () => {
    const index = open();
    const holding = (text: string): VersionedNode => versionedNode(a, fileState('x', { text }));
    for (const text of ['one', 'two']) index.remote.outlive(holding(text));
    index.remote.write(holding('void'));
    index.remote.write(holding('three'));
    const hasHad = (text: string): boolean => index.remote.hasHad(a, contentOf(text).id);
    expect(['one', 'two', 'three', 'void', 'four'].map(hasHad)).toEqual([true, true, true, false, false]);
    index.remote.outlive(holding('three'));
    index.remote.erase(a);
    expect(hasHad('three')).toBe(true);
    expect(index.remote.hasHad(b, contentOf('three').id)).toBe(false);
  });
});

describe('the local tree', () => {
  test('finds nodes by identity, but none by the empty one', () => {
    const index = open();
    index.local.write(localNode(a, fileState('a'), '17:5'));
    index.local.write(localNode(b, fileState('b'), '17:5'));
    index.local.write(localNode(c, fileState('c'), ''));
    expect(index.local.findByIdentity('17:5').map(({ id }) => id)).toEqual([a, b]);
    expect(index.local.findByIdentity('')).toEqual([]);
    index.local.write(localNode(a, fileState('a'), '18:5'));
    expect(index.local.findByIdentity('17:5').map(({ id }) => id)).toEqual([b]);
  });

  test('gives a node another id, for its children too', () => {
    const index = open();
    index.local.write(localNode(a, folderState('f'), '1:1'));
    const children = Array.from({ length: 2_345 }, (_, at) => localNode(nodeId(at), fileState(`child ${at}`, { parent: a })));
    index.transaction(() => children.forEach((child) => index.local.write(child)));
    index.remote.write(versionedNode(b, folderState('f')));
    index.base.write(versionedNode(b, folderState('f')));
    index.local.adopt(a, b);
    expect(index.local.find(a)).toBeUndefined();
    expect(index.local.hasChildren(a)).toBe(false);
    expect(index.local.findByIdentity('1:1')).toEqual([localNode(b, folderState('f'), '1:1')]);
    expect(index.local.childrenOf(b, undefined, 5_000)).toHaveLength(children.length);
    expect(index.local.find(nodeId(7))?.state.parent).toBe(b);
    expect(index.dirty.has(a)).toBe(false);
    expect(index.dirty.has(b)).toBe(false);
    expect(index.local.count()).toMatchObject({ files: children.length, folders: 1 });
  });

  test('what has its id for a name, since a scan looks for it, has the other id for one then', () => {
    const index = open();
    index.local.write(localNode(a, fileState(a, { parent: c })));
    index.local.adopt(a, b);
    index.local.write(localNode(a, fileState(a, { parent: c })));
    expect([a, b].map((id) => index.local.childNamed(c, nameOf(id))?.id)).toEqual([a, b]);
  });

  test('does not give away an id that is taken, nor one that is not there', () => {
    const index = open();
    index.local.write(localNode(a, fileState('a')));
    index.local.write(localNode(b, fileState('b')));
    expect(failureCode(() => index.local.adopt(a, b))).toBe('E_FAILED');
    expect(failureCode(() => index.local.adopt(c, nodeId('d')))).toBe('E_FAILED');
    index.local.adopt(a, a);
    expect(index.local.find(a)).toEqual(localNode(a, fileState('a')));
    expect(asLocal(fileState('b'))).toEqual(index.local.find(b)?.state);
  });
});

describe('what another process wrote', () => {
  test('is found by the next transaction, whatever was remembered', () => {
    const [owner, other] = [SyncIndex.open(pathOf('index')), SyncIndex.open(pathOf('index'))];
    const node = versionedNode(a, fileState('file'));
    owner.base.write(node);
    owner.remote.write(node);
    expect(other.base.find(a)).toStrictEqual(node);
    other.base.erase(a);
    expect(owner.transaction(() => owner.base.find(a))).toBeUndefined();
    owner.remote.erase(a);
    expect([other.transaction(() => other.remote.find(a)), other.dirty.count()]).toStrictEqual([undefined, 0]);
    owner.close();
    other.close();
  });
});
