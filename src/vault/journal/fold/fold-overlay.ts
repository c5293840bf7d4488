/** A state that is read from the book and written only in memory: for folding what may never come to be. */
import type { NodeId } from '../../../model/ids.ts';
import type { JournalBook, RecordKind } from '../../../model/journal-book.ts';
import type { NodeName } from '../../../model/name.ts';
import type { VersionedNode } from '../../../model/node.ts';
import type { FoldTree } from '../../../model/trees.ts';
import type { FoldRecords } from './fold-state.ts';

const pageSize = 1000;

type TreeAct = { readonly do: 'write' | 'outlive'; readonly node: VersionedNode } | { readonly do: 'erase'; readonly id: NodeId };

export class OverlayTree implements FoldTree {
  readonly #below: FoldTree;
  /** What was done, in order. */
  readonly #acts: TreeAct[] = [];
  /** Everything written or erased here. */
  readonly #nodes = new Map<NodeId, VersionedNode | undefined>();
  readonly #children = new Map<NodeId, Map<NodeName, VersionedNode>>();

  constructor(below: FoldTree) {
    this.#below = below;
  }

  find(id: NodeId): VersionedNode | undefined {
    return this.#nodes.has(id) ? this.#nodes.get(id) : this.#below.find(id);
  }

  childNamed(parent: NodeId, name: NodeName): VersionedNode | undefined {
    const here = this.#children.get(parent)?.get(name);
    if (here !== undefined) return here;
    const below = this.#below.childNamed(parent, name);
    return below === undefined || this.#nodes.has(below.id) ? undefined : below;
  }

  hasChildren(parent: NodeId): boolean {
    return (this.#children.get(parent)?.size ?? 0) > 0 || this.childrenOf(parent, undefined, 1).length > 0;
  }

  /** In the order of the tree below, then those that came here. */
  childrenOf(parent: NodeId, after: NodeName | undefined, limit: number): readonly VersionedNode[] {
    const all = [...this.#childrenBelow(parent), ...(this.#children.get(parent)?.values() ?? [])];
    const start = after === undefined ? 0 : all.findIndex(({ state }) => state.name === after) + 1;
    return all.slice(start, start + limit);
  }

  write(node: VersionedNode): void {
    this.#acts.push({ do: 'write', node });
    this.#leave(node.id);
    this.#nodes.set(node.id, node);
    const { parent, name } = node.state;
    const siblings = this.#children.get(parent) ?? new Map<NodeName, VersionedNode>();
    this.#children.set(parent, siblings.set(name, node));
  }

  erase(id: NodeId): void {
    this.#acts.push({ do: 'erase', id });
    this.#leave(id);
  }

  #leave(id: NodeId): void {
    const here = this.#nodes.get(id);
    if (here !== undefined) this.#children.get(here.state.parent)?.delete(here.state.name);
    this.#nodes.set(id, undefined);
  }

  outlive(node: VersionedNode): void {
    // Nobody asks here what it was; should it come to be, the tree below is told.
    this.#acts.push({ do: 'outlive', node });
  }

  /** Does to a tree what was done to this one. */
  replay(tree: FoldTree): void {
    for (const act of this.#acts) {
      if (act.do === 'write') tree.write(act.node);
      else if (act.do === 'erase') tree.erase(act.id);
      else tree.outlive(act.node);
    }
  }

  #childrenBelow(parent: NodeId): VersionedNode[] {
    const found: VersionedNode[] = [];
    let page = this.#below.childrenOf(parent, undefined, pageSize);
    for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
      found.push(...page.filter(({ id }) => !this.#nodes.has(id)));
      page = this.#below.childrenOf(parent, last.state.name, pageSize);
    }
    return found;
  }
}

export class OverlayRecords implements FoldRecords {
  readonly #book: JournalBook;
  readonly #written = new Map<string, string | undefined>();
  readonly #acts: (readonly [RecordKind, string, string | undefined])[] = [];

  constructor(book: JournalBook) {
    this.#book = book;
  }

  findRecord(kind: RecordKind, key: string): string | undefined {
    return this.#written.has(kind + key) ? this.#written.get(kind + key) : this.#book.findRecord(kind, key);
  }

  writeRecord(kind: RecordKind, key: string, value: string | undefined): void {
    this.#written.set(kind + key, value);
    this.#acts.push([kind, key, value]);
  }

  /** Does to other records what was done to these. */
  replay(records: FoldRecords): void {
    for (const [kind, key, value] of this.#acts) records.writeRecord(kind, key, value);
  }
}
