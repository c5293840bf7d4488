import type { ContentId, NodeId } from '../model/ids.ts';
import type { VersionedNode } from '../model/node.ts';
import type { FoldTree } from '../model/trees.ts';
import { idToBytes } from './id-bytes.ts';
import { copyVersioned, versionedFromRow, type VersionedRow } from './node-row.ts';
import type { PastTable } from './past-table.ts';
import { TreeTable, type TreeDeps } from './tree-table.ts';

/** What the journal says. Notes for each file which contents it has had: those that were void do not count. */
export class RemoteTree extends TreeTable<'remote', VersionedRow> implements FoldTree {
  readonly #past: PastTable;

  constructor(deps: TreeDeps, past: PastTable) {
    super(deps, 'remote');
    this.#past = past;
  }

  outlive(node: VersionedNode): void {
    const content = contentOf(node);
    if (content !== undefined) this.#past.add(node.id, content);
  }

  /** Whether the node has, or once had, this content. */
  hasHad(id: NodeId, content: ContentId): boolean {
    return contentOf(this.find(id)) === content || this.#past.has(id, content);
  }

  /** Nodes in the order of their ids, `after` excluded, at most `limit`: for snapshots. */
  nodesAfter(after: NodeId | undefined, limit: number): readonly VersionedNode[] {
    this.nodes.flush();
    const sql = `${this.selectRow} WHERE node.id > ? AND remote_kind IS NOT NULL ORDER BY node.id LIMIT ?`;
    return this.decodeAll(this.database.prepare<VersionedRow>(sql).all(after === undefined ? new Uint8Array() : idToBytes(after), limit));
  }

  protected override fromRow(row: VersionedRow): VersionedNode {
    return versionedFromRow(row);
  }

  protected override copyOf(node: VersionedNode): VersionedNode {
    return copyVersioned(node);
  }
}

function contentOf(node: VersionedNode | undefined): ContentId | undefined {
  return node?.state.kind === 'file' ? node.state.content.id : undefined;
}
