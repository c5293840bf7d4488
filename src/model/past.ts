/** What the vault's tree was: the states that nodes had, and who began and ended each of them. */
import type { DeviceId, EntryName, NodeId, Version } from './ids.ts';
import type { FoldPosition, PastState } from './journal-book.ts';
import type { NodeName } from './name.ts';
import type { VersionedNode } from './node.ts';
import type { TreeReader } from './trees.ts';

/** Who wrote an entry, and when. */
export interface PastEntry extends FoldPosition {
  readonly name: EntryName;
  readonly device: DeviceId;
  /** By its author's clock. */
  readonly timeMs: number;
}

/** Read access to all of it, in pages of at most `limit`, each in a fixed order, `after` excluded. */
export interface PastReader {
  /** The tree as it is. */
  readonly current: TreeReader<VersionedNode>;
  /** undefined where it is older than what this device knows of. */
  findEntry(name: EntryName): PastEntry | undefined;
  /** In the journal's order; `after` undefined: from the first. */
  entriesAfter(after: FoldPosition | undefined, limit: number): readonly PastEntry[];
  /** The state that this change ended. */
  findEnded(by: Version): PastState | undefined;
  /** Past states of a node, those that ended last first. */
  statesOf(node: NodeId, after: PastState | undefined, limit: number): readonly PastState[];
  /** Past states that stood at this place, by the change that ended them. */
  statesAt(parent: NodeId, name: NodeName, after: PastState | undefined, limit: number): readonly PastState[];
  /** Past states that stood in this folder, by name, then by the change that ended them. */
  statesIn(parent: NodeId, after: PastState | undefined, limit: number): readonly PastState[];
  /** States that ended by removal, those removed last first. */
  removed(after: PastState | undefined, limit: number): readonly PastState[];
}
