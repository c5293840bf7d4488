import type { ContentId, NodeId } from '../../model/ids.ts';
import { samePlace, type VersionedNode } from '../../model/node.ts';
import type { FoldTree } from '../../model/trees.ts';
import { idToBytes } from '../file/id-bytes.ts';
import { versionedColumnsOf, type RecordRow } from './node-record.ts';
import { copyVersioned, versionedFromRow } from './node-row.ts';
import type { LeftOut } from '../left-out.ts';
import type { PastTable } from '../past-table.ts';
import { selectRowOf, TreeTable, type TreeDeps } from './tree-table.ts';

const nodesInOrder = `${selectRowOf('remote')} WHERE node.id > ? AND remote_kind IS NOT NULL ORDER BY node.id LIMIT ?`;

/** What the journal says. Notes for each file which contents it has had: those that were void do not count. */
export class RemoteTree extends TreeTable<'remote'> implements FoldTree {
  readonly #past: PastTable;
  readonly #leftOut: LeftOut;

  constructor(deps: TreeDeps, past: PastTable, leftOut: LeftOut) {
    super(deps, 'remote');
    this.#past = past;
    this.#leftOut = leftOut;
  }

  outlive(node: VersionedNode): void {
    const content = contentOf(node);
    if (content !== undefined) this.#past.add(node.id, content);
  }

  override write(node: VersionedNode): void {
    this.database.transaction(() => {
      const before = this.find(node.id);
      super.write(node);
      if (before === undefined || !samePlace(before.state, node.state)) this.#leftOut.placed(node);
    });
  }

  override erase(id: NodeId): void {
    this.database.transaction(() => {
      super.erase(id);
      this.#leftOut.removed(id);
    });
  }

  /** Whether the node has, or once had, this content. */
  hasHad(id: NodeId, content: ContentId): boolean {
    return contentOf(this.find(id)) === content || this.#past.has(id, content);
  }

  /** Nodes in the order of their ids, `after` excluded, at most `limit`: for snapshots. */
  nodesAfter(after: NodeId | undefined, limit: number): readonly VersionedNode[] {
    this.nodes.flush();
    return this.decodeAll(
      this.database.prepareArrays<RecordRow>(nodesInOrder).all(after === undefined ? new Uint8Array() : idToBytes(after), limit),
    );
  }

  protected override fromRow(row: RecordRow): VersionedNode {
    return versionedFromRow(versionedColumnsOf(row, 1));
  }

  protected override copyOf(node: VersionedNode): VersionedNode {
    return copyVersioned(node);
  }
}

function contentOf(node: VersionedNode | undefined): ContentId | undefined {
  return node?.state.kind === 'file' ? node.state.content.id : undefined;
}
