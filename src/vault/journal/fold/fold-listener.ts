/** What the fold tells the engine, always inside the transaction in which it happens. Nothing here may wait. */
import type { PackDirectory, TreeChange } from '../../../model/change.ts';
import type { Content } from '../../../model/node.ts';
import type { VersionedNode } from '../../../model/node.ts';
import type { ConflictRecord } from '../../entry/node-record.ts';
import type { DeviceId, EntryName, NodeId, Version } from '../../../model/ids.ts';

/** A change of the tree that this device wrote through this book. */
export interface OwnChange {
  readonly entry: EntryName;
  readonly change: TreeChange;
  /** The version that the change gives the node. */
  readonly version: Version;
  /** The node as it was, of the version that the change was made upon; undefined where it makes the node. */
  readonly before: VersionedNode | undefined;
  /** The node as it is by this change; undefined where it removes the node. */
  readonly after: VersionedNode | undefined;
}

/** Content that stands, or stood, at a node. */
export interface NodeContent {
  readonly node: NodeId;
  readonly content: Content;
}

/** What an entry brings beside its changes of the tree, whether or not these are void. */
export interface Delivery {
  /** undefined: from a snapshot. */
  readonly entry: EntryName | undefined;
  /** Author; undefined: from a snapshot. */
  readonly device: DeviceId | undefined;
  /** Written by this device through this book: its chunks need no check before they are built on. */
  readonly mine: boolean;
  readonly packs: readonly PackDirectory[];
  /** One for each put of a file. */
  readonly contents: readonly NodeContent[];
}

/**
 * The engine's ear. Own changes move the base tree, with one rule that is its own inverse:
 * - `applied`: where base[node] is what `before` says (same version, or absent for undefined), it becomes `after`;
 * - `revoked`: where base[node] is what `after` says (same version, or absent for undefined), or was made upon that (a
 *   version of a later entry: void with it), it becomes `before`.
 * Anything else means that the engine has moved on from there, and the base stays.
 *
 * A change is applied once when it is first folded, revoked when an entry that arrives late makes it void, applied again
 * when a later arrival undoes that. In one transaction all revocations come first, newest change first; then all
 * applications, oldest first. A change that is folded anew with the same outcome is not told of.
 */
export interface FoldListener {
  applied(own: OwnChange): void;
  revoked(own: OwnChange): void;
  /** A conflict that nobody had settled is no more, once for each refold: its copy was removed, or the change that told of it is void. */
  ended(conflict: ConflictRecord): void;
  /** Once for each entry that arrives (own ones too), and for each part of a snapshot that is loaded. */
  delivered(delivery: Delivery): void;
}
