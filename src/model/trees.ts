/** Read access to the three trees. The planner sees nothing else, so that the same code plans over SQLite and over maps. */
import type { ContentId, NodeId } from './ids.ts';
import type { LocalNode, VersionedNode } from './node.ts';
import type { NodeName } from './name.ts';

/** One tree. Nothing here waits; the root itself is in no tree (its children have `rootId` as parent). */
export interface TreeReader<Node> {
  find(id: NodeId): Node | undefined;
  childNamed(parent: NodeId, name: NodeName): Node | undefined;
  hasChildren(parent: NodeId): boolean;
  /** Children in name order (by UTF-16 code unit or bytes: any fixed order), `after` excluded, at most `limit`. */
  childrenOf(parent: NodeId, after: NodeName | undefined, limit: number): readonly Node[];
}

/** The local tree, which also knows under what names its nodes stand on the disk. */
export interface LocalReader extends TreeReader<LocalNode> {
  /** Who stands on the disk under this name, as the disk tells names apart. */
  childShown(parent: NodeId, shown: NodeName): LocalNode | undefined;
}

/** The remote tree as the fold changes it. */
export interface FoldTree extends TreeReader<VersionedNode> {
  write(node: VersionedNode): void;
  erase(id: NodeId): void;
  /**
   * A change that counts takes the node's place: a local file that still holds this node's content is merely old. Not told
   * of what is taken back: content that turned out void never counted, and is some author's own until it is published anew.
   */
  outlive(node: VersionedNode): void;
}

/** The three observations that a plan is made from. */
export interface ThreeTrees {
  readonly local: LocalReader;
  readonly base: TreeReader<VersionedNode> & {
    /** Files of the base with this content that the local tree no longer shows: a new file with it is one of them, moved. */
    vanishedWithContent(content: ContentId, limit: number): readonly VersionedNode[];
  };
  readonly remote: TreeReader<VersionedNode>;
}
