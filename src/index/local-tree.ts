import { Failure } from '../base/failure.ts';
import type { NodeId } from '../model/ids.ts';
import { fullTraits, type DiskTraits } from '../model/disk-traits.ts';
import { nameToBytes, type NodeName } from '../model/name.ts';
import { shownOf, type LocalNode } from '../model/node.ts';
import { nameKey } from '../model/shown-name.ts';
import type { LocalReader } from '../model/trees.ts';
import { idToBytes } from './id-bytes.ts';
import { localColumnsOf, type RecordRow } from './node-record.ts';
import { copyLocal, localFromRow, type KeyedNode } from './node-row.ts';
import { TreeTable, type TreeDeps } from './tree-table.ts';

/** Children that change their parent at once, so that memory stays bounded. */
const adoptPage = 1000;
/** Rows whose keys are made anew at once. */
const keyPage = 1000;

/** What the disk showed. */
export class LocalTree extends TreeTable<'local'> implements LocalReader {
  /** How the disk tells names apart. */
  #traits: DiskTraits = fullTraits;

  constructor(deps: TreeDeps) {
    super(deps, 'local');
  }

  /** Nodes with this identity, first seen first; none for the empty one. More than one where hard links or reused numbers make it so. */
  findByIdentity(identity: string): LocalNode[] {
    this.nodes.flush();
    const sql = `${this.selectRow} WHERE local_identity = ? AND local_identity > '' ORDER BY number`;
    return this.decodeAll(this.database.prepareArrays<RecordRow>(sql).all(identity));
  }

  /**
   * Gives the local node `from` the id `to` (found to be the same thing), for its children too. Costs O(children).
   * E_FAILED where `from` is not there or `to` is.
   */
  adopt(from: NodeId, to: NodeId): void {
    if (from === to) return;
    this.database.transaction(() => {
      const node = this.find(from);
      if (node === undefined) throw new Failure('E_FAILED', 'no such local node');
      if (this.find(to) !== undefined) throw new Failure('E_FAILED', 'a local node can not take the id of another one');
      this.erase(from);
      this.write({ ...node, id: to });
      for (;;) {
        const children = this.childrenOf(from, undefined, adoptPage);
        for (const child of children) this.write({ ...child, state: { ...child.state, parent: to } });
        if (children.length < adoptPage) return;
      }
    });
  }

  /** How the disk tells names apart, as it was when the rows were written. */
  useTraits(traits: DiskTraits): void {
    this.#traits = traits;
  }

  /** The disk tells names apart in another way than before. Costs O(nodes). */
  changeTraits(traits: DiskTraits): void {
    const isSame = traits.foldsCase === this.#traits.foldsCase && traits.unicode === this.#traits.unicode;
    this.#traits = traits;
    if (isSame) return;
    for (let after = 0; ;) {
      const page = this.nodes.page(after, keyPage);
      this.database.transaction(() => {
        for (const [, { local }] of page) if (local !== undefined) this.write(local);
      });
      after = page.at(-1)?.[1].number ?? 0;
      if (page.length < keyPage) return;
    }
  }

  childShown(parent: NodeId, shown: NodeName): LocalNode | undefined {
    const key = nameKey(shown, this.#traits);
    this.nodes.flushChildren('local', parent);
    const sql = `${this.selectRow} WHERE local_parent = ? AND local_key = ? ORDER BY number LIMIT 1`;
    const [found] = this.decodeAll(this.database.prepareArrays<RecordRow>(sql).all(idToBytes(parent), nameToBytes(key)));
    if (found !== undefined) return found;
    const named: KeyedNode | undefined = this.childNamed(parent, key as NodeName);
    return named?.key === undefined ? named : undefined;
  }

  /** Children that bear another name on the disk than their own. */
  markedIn(parent: NodeId, limit: number): readonly LocalNode[] {
    this.nodes.flushChildren('local', parent);
    const sql = `${this.selectRow} WHERE local_parent = ? AND local_shown IS NOT NULL ORDER BY number LIMIT ?`;
    return this.decodeAll(this.database.prepareArrays<RecordRow>(sql).all(idToBytes(parent), limit));
  }

  /** All that bear another name on the disk than their own, or the first of them. */
  marked(limit: number): readonly LocalNode[] {
    this.nodes.flush();
    const sql = `${this.selectRow} WHERE local_parent > x'' AND local_shown IS NOT NULL LIMIT ?`;
    return this.decodeAll(this.database.prepareArrays<RecordRow>(sql).all(limit));
  }

  protected override fromRow(row: RecordRow): KeyedNode {
    return localFromRow(localColumnsOf(row, 1));
  }

  protected override copyOf(node: LocalNode): KeyedNode {
    const copy = copyLocal(node);
    const key = nameKey(shownOf(copy), this.#traits);
    return key === copy.state.name ? copy : { ...copy, key };
  }
}
