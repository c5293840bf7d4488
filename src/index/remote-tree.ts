import type { NodeId } from '../model/ids.ts';
import type { VersionedNode } from '../model/node.ts';
import type { FoldTree } from '../model/trees.ts';
import { idToBytes } from './id-bytes.ts';
import { versionedColumns, versionedFromRow, versionedValues, type VersionedRow } from './node-row.ts';
import type { PastTable } from './past-table.ts';
import { TreeTable, type TreeDeps } from './tree-table.ts';

/** What the journal says. Notes for each file which contents it has had: those that were void never were in this tree. */
export class RemoteTree extends TreeTable<VersionedNode, VersionedRow> implements FoldTree {
  readonly #past: PastTable;

  constructor(deps: TreeDeps, past: PastTable) {
    super(deps, { tree: 'remote', columns: versionedColumns, values: versionedValues, fromRow: versionedFromRow });
    this.#past = past;
  }

  override write(node: VersionedNode): void {
    super.write(node);
    if (node.state.kind === 'file') this.#past.add(node.id, node.state.content.id);
  }

  /** Nodes in the order of their ids, `after` excluded, at most `limit`: for snapshots. */
  nodesAfter(after: NodeId | undefined, limit: number): readonly VersionedNode[] {
    const sql = `${this.selectRow} WHERE node.id > ? AND remote_kind IS NOT NULL ORDER BY node.id LIMIT ?`;
    return this.decodeAll(this.database.prepare<VersionedRow>(sql).all(after === undefined ? new Uint8Array() : idToBytes(after), limit));
  }
}
