import type { VersionedNode } from '../model/node.ts';
import type { FoldTree } from '../model/trees.ts';
import { versionedColumns, versionedFromRow, versionedValues, type VersionedRow } from './node-row.ts';
import { TreeTable, type TreeDeps } from './tree-table.ts';

/** What the journal says. */
export class RemoteTree extends TreeTable<VersionedNode, VersionedRow> implements FoldTree {
  constructor(deps: TreeDeps) {
    super(deps, { tree: 'remote', columns: versionedColumns, values: versionedValues, fromRow: versionedFromRow });
  }
}
