import { Failure } from '../base/failure.ts';
import type { NodeId } from '../model/ids.ts';
import type { LocalNode } from '../model/node.ts';
import { copyLocal, localFromRow, type LocalRow } from './node-row.ts';
import { TreeTable, type TreeDeps } from './tree-table.ts';

/** Children that change their parent at once, so that memory stays bounded. */
const adoptPage = 1000;

/** What the disk showed. */
export class LocalTree extends TreeTable<'local', LocalRow> {
  constructor(deps: TreeDeps) {
    super(deps, 'local');
  }

  /** Nodes with this identity, first seen first; none for the empty one. More than one where hard links or reused numbers make it so. */
  findByIdentity(identity: string): LocalNode[] {
    this.nodes.flush();
    const sql = `${this.selectRow} WHERE local_identity = ? AND local_identity > '' ORDER BY number`;
    return this.decodeAll(this.database.prepare<LocalRow>(sql).all(identity));
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

  protected override fromRow(row: LocalRow): LocalNode {
    return localFromRow(row);
  }

  protected override copyOf(node: LocalNode): LocalNode {
    return copyLocal(node);
  }
}
