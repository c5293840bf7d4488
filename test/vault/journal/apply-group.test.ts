import { describe, expect, test } from 'vitest';
import type { Change } from '../../../src/model/change.ts';
import { entryName, parseId, rootId, versionOf, type EntryName, type NodeId } from '../../../src/model/ids.ts';
import type { NodeName } from '../../../src/model/name.ts';
import { applyEntry, undoEntry } from '../../../src/vault/journal/fold/apply-entry.ts';
import { StateSum } from '../../../src/crypto/state-root.ts';
import type { FoldState } from '../../../src/vault/journal/fold/fold-state.ts';
import { PreparedFold } from '../../../src/vault/journal/fold/prepared-fold.ts';
import { MemoryJournalBook } from '../../world/memory-journal-book.ts';
import { primitives } from './forge.ts';

/** A state that groups are applied to one after the other, each as an entry of its own. */
class Bench {
  readonly book = new MemoryJournalBook();
  readonly sum = StateSum.empty(primitives);
  readonly #state: FoldState & { readonly sum: StateSum } = { tree: this.book.tree, records: this.book, sum: this.sum };
  #entries = 0;

  /** 'applied', or why not. Taking it back and doing it again must come to the same, and so must doing what was found out before. */
  apply(...group: readonly Change[]): string {
    this.#entries += 1;
    const entry = { name: entryName(this.#entries, '0123456789abcdef'), groups: [group] };
    return this.book.transaction(() => {
      const before = { root: this.sum.root(), dump: this.book.dump() };
      const prepared = this.prepare(entry.name, group);
      expect({ root: this.sum.root(), dump: this.book.dump() }).toEqual(before);
      const first = applyEntry(this.#state, entry);
      const after = { root: this.sum.root(), dump: this.book.dump() };
      undoEntry(this.#state, first);
      expect({ root: this.sum.root(), dump: this.book.dump() }).toEqual(before);
      const again = prepared.take(this.#state) ?? applyEntry(this.#state, entry);
      expect({ root: this.sum.root(), dump: this.book.dump() }).toEqual(after);
      expect(again).toEqual(first);
      // Whoever comes too late does nothing.
      if (typeof first[0] !== 'string' && after.root !== before.root) expect(prepared.take(this.#state)).toBeUndefined();
      expect({ root: this.sum.root(), dump: this.book.dump() }).toEqual(after);
      const [outcome] = again;
      if (typeof outcome === 'string') expect(after).toEqual(before);
      return typeof outcome === 'string' ? outcome : 'applied';
    });
  }

  prepare(name: EntryName, group: readonly Change[]): PreparedFold {
    return new PreparedFold(this.book, this.sum, { name, body: { groups: [group], packs: [] } });
  }

  /** What is prepared is done at once, or not at all. */
  take(prepared: PreparedFold): ReturnType<PreparedFold['take']> {
    return this.book.transaction(() => prepared.take(this.#state));
  }

  /** All places. */
  get paths(): string[] {
    return [...this.book.tree.nodes.values()].map(({ id }) => this.#pathOf(id)).toSorted();
  }

  make(node: NodeId, name: string, parent: NodeId = rootId): Change {
    return { do: 'put', node, upon: undefined, state: { kind: 'folder', parent, name: name as NodeName } };
  }

  link(node: NodeId, name: string, parent: NodeId = rootId): Change {
    return { do: 'put', node, upon: undefined, state: { kind: 'link', parent, name: name as NodeName, target: 't', mtimeUs: 0 } };
  }

  move(node: NodeId, name: string, parent: NodeId = rootId): Change {
    return { do: 'move', node, upon: this.#version(node), parent, name: name as NodeName };
  }

  remove(node: NodeId): Change {
    return { do: 'remove', node, upon: this.#version(node) };
  }

  #version(node: NodeId): ReturnType<typeof versionOf> {
    return this.book.tree.find(node)?.version ?? versionOf(entryName(999, 'ffffffffffffffff'), 0);
  }

  #pathOf(id: NodeId): string {
    const node = this.book.tree.find(id);
    if (node === undefined) return '?';
    return node.state.parent === rootId ? node.state.name : `${this.#pathOf(node.state.parent)}/${node.state.name}`;
  }
}

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((digit) => parseId('NodeId', digit.repeat(32))) as [NodeId, NodeId, NodeId, NodeId];
const device = parseId('DeviceId', '1'.repeat(32));

describe('a fold that was prepared', () => {
  test('is not taken where the state is another one by now, or where its sum does not tell all', () => {
    const bench = new Bench();
    const prepared = bench.prepare(entryName(9, '0123456789abcdef'), [bench.make(a, 'a')]);
    bench.apply(bench.make(b, 'b'));
    expect(bench.take(prepared)).toBeUndefined();
    expect(bench.paths).toEqual(['b']);
    expect(bench.take(bench.prepare(entryName(9, '0123456789abcdef'), [{ do: 'retention', days: 3 }]))).toBeUndefined();
    expect(bench.take(bench.prepare(entryName(9, '0123456789abcdef'), [bench.make(a, 'a')]))).toBeDefined();
    expect(bench.paths).toEqual(['a', 'b']);
  });
});

describe('a group of changes', () => {
  test('swaps the names of two nodes', () => {
    const bench = new Bench();
    bench.apply(bench.make(a, 'one'), bench.make(b, 'two'));
    bench.apply(bench.link(c, 'in one', a));
    expect(bench.apply(bench.move(a, 'two'), bench.move(b, 'one'))).toBe('applied');
    expect(bench.paths).toEqual(['one', 'two', 'two/in one']);
  });

  test('turns a folder inside out', () => {
    const bench = new Bench();
    bench.apply(bench.make(a, 'a'), bench.make(b, 'b', a), bench.make(c, 'c', b));
    expect(bench.apply(bench.move(c, 'c'), bench.move(a, 'a', c))).toBe('applied');
    expect(bench.paths).toEqual(['c', 'c/a', 'c/a/b']);
  });

  test('removes a folder with all that is in it, in any order, or not at all', () => {
    const bench = new Bench();
    bench.apply(bench.make(a, 'a'), bench.link(b, 'b', a), bench.link(c, 'c', a));
    expect(bench.apply(bench.remove(a))).toBe('not-empty');
    expect(bench.apply(bench.remove(a), bench.remove(b))).toBe('not-empty');
    expect(bench.apply(bench.remove(a), bench.remove(b), bench.move(c, 'c'))).toBe('applied');
    expect(bench.paths).toEqual(['c']);
  });

  test('puts nothing into what it removes', () => {
    const bench = new Bench();
    bench.apply(bench.make(a, 'a'));
    expect(bench.apply(bench.remove(a), bench.link(b, 'b', a))).toBe('no-parent');
    expect(bench.paths).toEqual(['a']);
  });

  test('makes no circle', () => {
    const bench = new Bench();
    bench.apply(bench.make(a, 'a'), bench.make(b, 'b', a), bench.make(c, 'c', b));
    expect(bench.apply(bench.move(a, 'a', c))).toBe('cycle');
    expect(bench.apply(bench.move(a, 'a', a))).toBe('cycle');
    expect(bench.apply(bench.make(d, 'd', d))).toBe('cycle');
    expect(bench.apply(bench.move(a, 'a', b), bench.move(b, 'b', a))).toBe('cycle');
  });

  test('stands only in folders that are there', () => {
    const bench = new Bench();
    bench.apply(bench.link(a, 'a'));
    expect(bench.apply(bench.make(b, 'b', a))).toBe('no-parent');
    expect(bench.apply(bench.make(b, 'b', c))).toBe('no-parent');
    expect(bench.apply(bench.make(b, 'b', c), bench.make(c, 'c'))).toBe('applied');
    expect(bench.paths).toEqual(['a', 'c', 'c/b']);
  });

  test('takes no name that is taken, but one that becomes free', () => {
    const bench = new Bench();
    bench.apply(bench.make(a, 'name'));
    expect(bench.apply(bench.make(b, 'name'))).toBe('name-taken');
    expect(bench.apply(bench.make(b, 'other'), bench.make(c, 'other'))).toBe('name-taken');
    expect(bench.apply(bench.remove(a), bench.make(b, 'name'))).toBe('applied');
    expect(bench.paths).toEqual(['name']);
  });

  test('is bound to the version it was made upon, and to the kind of the node', () => {
    const bench = new Bench();
    bench.apply(bench.make(a, 'a'));
    const stale = bench.move(a, 'stale');
    bench.apply(bench.move(a, 'moved'));
    expect(bench.apply(stale)).toBe('changed');
    expect(bench.apply(bench.make(a, 'again'))).toBe('exists');
    const now = bench.book.tree.find(a);
    const asLink: Change = {
      do: 'put',
      node: a,
      upon: now?.version,
      state: { kind: 'link', parent: rootId, name: 'a' as NodeName, target: 't', mtimeUs: 0 },
    };
    expect(bench.apply(asLink)).toBe('exists');
    bench.apply(bench.remove(a));
    expect(bench.apply(bench.move(a, 'gone'))).toBe('changed');
    expect(bench.apply(bench.link(a, 'another kind'))).toBe('applied');
  });

  test('says one thing of a node, and nothing of the root', () => {
    const bench = new Bench();
    bench.apply(bench.make(a, 'a'));
    expect(bench.apply(bench.move(a, 'b'), bench.move(a, 'c'))).toBe('malformed');
    expect(bench.apply(bench.make(rootId, 'root'))).toBe('malformed');
  });

  test('goes down to 128 and not below, also where a subtree was moved deeper', () => {
    const bench = new Bench();
    const ids = Array.from({ length: 130 }, (_, at) => parseId('NodeId', String(at + 1).padStart(32, '0')));
    for (const [at, id] of ids.slice(0, 128).entries()) expect(bench.apply(bench.make(id, 'x', ids[at - 1] ?? rootId))).toBe('applied');
    expect(bench.apply(bench.make(a, 'too deep', ids[127]))).toBe('too-deep');
    bench.apply(bench.make(b, 'short'));
    bench.apply(bench.make(c, 'below', b));
    expect(bench.apply(bench.move(b, 'moved', ids[126]))).toBe('applied');
    expect(bench.apply(bench.make(d, 'deeper', c))).toBe('too-deep');
    expect(bench.apply(bench.move(c, 'out again'))).toBe('applied');
  });

  test('opens a conflict for a copy that is there, settles it once, and ends it with the copy', () => {
    const bench = new Bench();
    const conflict: Change = { do: 'conflict', copy: a, of: b, madeBy: device, ancestor: undefined };
    const settle: Change = { do: 'settle', copy: a, keep: 'both' };
    expect(bench.apply(conflict)).toBe('no-conflict');
    expect(bench.apply(conflict, bench.link(a, 'copy'))).toBe('applied');
    expect(bench.apply(conflict)).toBe('no-conflict');
    expect(bench.apply(bench.make(c, 'with it'), settle)).toBe('applied');
    expect(bench.apply(bench.make(d, 'without it'), settle)).toBe('no-conflict');
    expect(bench.paths).toEqual(['copy', 'with it']);
    expect(bench.apply(bench.remove(a))).toBe('applied');
    expect(bench.book.records('conflict').size).toBe(0);
    bench.apply(conflict, bench.link(a, 'copy'));
    expect(bench.apply(settle, bench.remove(a))).toBe('applied');
    expect(bench.book.records('conflict').size).toBe(0);
  });

  test('keeps the last word on retention, and every pack plan', () => {
    const bench = new Bench();
    bench.apply({ do: 'retention', days: 30 });
    bench.apply({ do: 'retention', days: 60 });
    bench.apply({ do: 'pack-plan', packs: [], notBeforeMs: 1 });
    bench.apply({ do: 'pack-plan', packs: [], notBeforeMs: 2 });
    expect([...bench.book.records('retention').values()]).toEqual(['60']);
    expect(bench.book.records('pack-plan').size).toBe(2);
  });
});
