/** What a plan asks for. Disk operations name nodes, never paths: where a node stands is looked up when its turn comes. */
import type { FailureCode } from '../base/failure.ts';
import type { DiskTraits } from '../model/disk-traits.ts';
import type { NodeId } from '../model/ids.ts';
import type { ContentRef, FileState, FolderState, LinkState, LocalPlace, Place } from '../model/node.ts';

/** A conflict copy's story: which item has the name that it gave up, and the content both came from. */
export interface CopyOf {
  readonly of: NodeId;
  readonly ancestor: ContentRef | undefined;
  /** Whether what the copy holds is the vault's: an item of this device keeps the name. */
  readonly isTheirs?: boolean;
  /** Whether only the name says so: nothing is told of two items of which a conflict is told the other way round. */
  readonly isByName?: boolean;
}

/**
 * One step towards agreement on this device. They run in the order given; 'fetch' steps may run beside each other and
 * beside steps that touch neither their node nor a folder above. A step that finds the disk changed does nothing: the
 * node stays dirty and is planned again.
 */
export type Operation =
  /** Read the local file: 'hash' finds its content id with the keys of `epoch`; 'upload' also brings new chunks to the store. */
  | { readonly do: 'read'; readonly node: NodeId; readonly how: 'hash' | 'upload'; readonly epoch: number }
  | { readonly do: 'make-folder'; readonly node: NodeId; readonly place: LocalPlace }
  | { readonly do: 'make-link'; readonly node: NodeId; readonly place: LocalPlace; readonly target: string; readonly mtimeUs: number }
  /** Bring the content and put it at the place, replacing the node's own local file where there is one. */
  | {
      readonly do: 'fetch';
      readonly node: NodeId;
      readonly place: LocalPlace;
      readonly content: ContentRef;
      readonly mtimeUs: number;
      readonly executable: boolean;
      readonly fromOutside: boolean;
    }
  /** Rename on this disk. With `copy`, what stands there is a conflict copy of that item from now on. */
  | { readonly do: 'move'; readonly node: NodeId; readonly place: LocalPlace; readonly copy: CopyOf | undefined }
  | {
      readonly do: 'set-meta';
      readonly node: NodeId;
      readonly mtimeUs: number;
      readonly executable: boolean;
      readonly fromOutside: boolean;
    }
  /** To the trash; a folder only when it is empty by then. */
  | { readonly do: 'discard'; readonly node: NodeId }
  /** Freed on this disk, where it is there (a folder only when it is empty by then); the base forgets it. The vault keeps it. */
  | { readonly do: 'leave-out'; readonly node: NodeId }
  /** The local item `local` is the vault's node `remote`: it takes that identity, and with `copy` its story goes along. */
  | { readonly do: 'adopt'; readonly local: NodeId; readonly remote: NodeId; readonly copy?: CopyOf | undefined }
  /** The local content of the node goes on as a new node at the same place; the node itself is then absent here. */
  | { readonly do: 'fork'; readonly node: NodeId; readonly ancestor: ContentRef | undefined }
  /** The base takes what the remote tree says of the node: nothing is left to bring here. */
  | { readonly do: 'record'; readonly node: NodeId }
  /** The node, and all below it that was removed with it, counts as new on the side that still has it. */
  | { readonly do: 'record-below'; readonly node: NodeId }
  /** Nothing to do until something changes. With a code it is a problem that the user should see. */
  | { readonly do: 'hold'; readonly node: NodeId; readonly code: FailureCode | undefined; readonly reason: string };

/** A change to publish; the content's chunk list is filled in from the index. */
export type Draft =
  | { readonly do: 'put'; readonly node: NodeId; readonly state: FileState | FolderState | LinkState; readonly copy: CopyOf | undefined }
  | { readonly do: 'move'; readonly node: NodeId; readonly place: Place; readonly copy?: CopyOf | undefined }
  | { readonly do: 'remove'; readonly node: NodeId };

/** What to do next for some dirty nodes. */
export interface Plan {
  readonly operations: readonly Operation[];
  /** In an order in which each can be applied; a group's drafts hold together. */
  readonly groups: readonly (readonly Draft[])[];
  /** Nodes that wait for something else in this plan or for an earlier round's result. */
  readonly waiting: readonly NodeId[];
  /** New items here that differ from what the vault has in their places, and may be older versions of that: only the past would tell, and it is not known here. */
  readonly inDoubt: readonly NodeId[];
}

/** What a plan depends on beside the trees. */
export interface PlanContext {
  /** Name of this device, for conflict names. */
  readonly device: string;
  /** YYYY-MM-DD, for conflict names. */
  readonly date: string;
  /** Current epoch, for new content. */
  readonly epoch: number;
  /** What this disk can hold. */
  readonly traits: DiskTraits;
  /** Whether selective sync leaves the vault's node out on this device. */
  isLeftOut(node: NodeId): boolean;
  /** Whether the index was lost, and what is left out may therefore stand on this disk as if it were new. */
  readonly isRebuilding: boolean;
  /** Whether the node stands on a disk that is away: nothing is known of it here, and nothing is done to it. */
  isOutOfSight(node: NodeId): boolean;
  /** Whether the node is part of a mass change that a person has not confirmed: it stays as it is, on both sides. */
  isHeldBack(node: NodeId): boolean;
  /** Whether every chunk of the content is known to be in the store. */
  isStored(content: ContentRef): boolean;
  /** Whether this content once stood at this node: then a local file that holds it is merely old. */
  isPast(node: NodeId, content: ContentRef): boolean;
  /** Whether that is known of all the vault's past, or can't be. */
  readonly isPastKnown: boolean;
  /** Epochs in whose terms contents of that size once stood at this node, rising. */
  pastEpochs(node: NodeId, sizeBytes: number): readonly number[];
  /** Whether a new file of that size can't be read now, on a disk that would not tell it from one that was moved. */
  isAnyUnreadable(sizeBytes: number): boolean;
  /** Whether the node takes part in a conflict that nobody has decided. */
  isInConflict(node: NodeId): boolean;
  /** Whether a conflict copy of the vault's node is not yet published. */
  isCopied(node: NodeId): boolean;
  /** Story of a local node that is a conflict copy not yet published. */
  copyOf(node: NodeId): CopyOf | undefined;
}
