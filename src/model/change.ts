/** What an entry of the journal can say. The byte layout stands in src/vault/FORMAT.md. */
import type { ChunkId, DeviceId, EntryHash, EntryName, KeyListHash, NodeId, PackId, StateRoot, Version } from './ids.ts';
import type { Content, ContentRef, FolderState, LinkState, FileState } from './node.ts';
import type { NodeName } from './name.ts';

/** State as a change brings it: a file's with the way to put its content together. */
export type PutState = (Omit<FileState, 'content'> & { readonly content: Content }) | FolderState | LinkState;

/** The node is now this: made (upon nothing: it must not be alive), edited, or edited and moved. */
export interface PutChange {
  readonly do: 'put';
  readonly node: NodeId;
  /** Version of the node that the author saw; undefined where there was none. */
  readonly upon: Version | undefined;
  readonly state: PutState;
}

/** The node stands elsewhere now; all below it comes along. */
export interface MoveChange {
  readonly do: 'move';
  readonly node: NodeId;
  readonly upon: Version;
  readonly parent: NodeId;
  readonly name: NodeName;
}

/** The node is gone. A folder must be empty by then. */
export interface RemoveChange {
  readonly do: 'remove';
  readonly node: NodeId;
  readonly upon: Version;
}

/** A change of the tree. */
export type TreeChange = PutChange | MoveChange | RemoveChange;

/** The two versions of a file that were made without knowing of each other; the copy is an ordinary file. */
export interface ConflictChange {
  readonly do: 'conflict';
  /** The copy with the conflict name; identifies the conflict. */
  readonly copy: NodeId;
  /** The file, folder or link that kept the name. */
  readonly of: NodeId;
  /** Device whose version the copy holds. */
  readonly madeBy: DeviceId;
  /** Content both versions came from, where there was one. */
  readonly ancestor: ContentRef | undefined;
}

/** A person decided the conflict; the files were changed by ordinary changes beside this one. */
export interface SettleChange {
  readonly do: 'settle';
  readonly copy: NodeId;
  readonly keep: 'local' | 'remote' | 'both';
}

/** "Complete up to `lamport`, with this vector": what is older and not in it is void. */
export interface CheckpointChange {
  readonly do: 'checkpoint';
  readonly lamport: number;
  readonly vector: SeenVector;
  /** Root of the tree that folding exactly that set gives. */
  readonly root: StateRoot;
  /** Object name of the snapshot's manifest, where one was written. */
  readonly snapshot: string | undefined;
}

/** The author gave up an entry of its own; it is void even if it turns up. */
export interface SkipChange {
  readonly do: 'skip';
  readonly entry: EntryName;
}

/** How long the vault keeps what is no longer in the tree. */
export interface RetentionChange {
  readonly do: 'retention';
  readonly days: number;
}

/** These packs may be deleted from the store, not before this time. */
export interface PackPlanChange {
  readonly do: 'pack-plan';
  readonly packs: readonly PackId[];
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number;
}

export type Change = TreeChange | ConflictChange | SettleChange | CheckpointChange | SkipChange | RetentionChange | PackPlanChange;

/** Changes that hold together: all are applied at once, or all are void. Mostly a single one. */
export type ChangeGroup = readonly Change[];

/** The last entry known of each device. */
export type SeenVector = ReadonlyMap<DeviceId, { readonly counter: number; readonly hash: EntryHash }>;

/** Where a sealed chunk lies in its pack. */
export interface ChunkPlace {
  readonly chunk: ChunkId;
  readonly offset: number;
  /** Bytes in the pack. */
  readonly sealedBytes: number;
  /** Bytes of the chunk itself. */
  readonly plainBytes: number;
}

/** A pack that an entry brings; a chunk's ordinal is its place in this list. */
export interface PackDirectory {
  readonly pack: PackId;
  readonly epoch: number;
  readonly sizeBytes: number;
  readonly chunks: readonly ChunkPlace[];
}

/** What an entry does. */
export interface EntryBody {
  readonly groups: readonly ChangeGroup[];
  readonly packs: readonly PackDirectory[];
}

/** Who wrote an entry, upon what. Signed. */
export interface EntryHeader {
  readonly name: EntryName;
  readonly lamport: number;
  readonly epoch: number;
  readonly device: DeviceId;
  /** 1 for a device's first entry, then one more each time. */
  readonly counter: number;
  /** Hash of the device's previous entry; undefined for its first. */
  readonly previous: EntryHash | undefined;
  readonly seen: SeenVector;
  readonly keyList: KeyListHash;
  /** Root of the tree after everything seen and this entry. */
  readonly root: StateRoot;
  /** Milliseconds since 1970 by the author's clock; for people, never for decisions. */
  readonly timeMs: number;
  /** BLAKE2b-256 of the sealed body, hex. */
  readonly bodyHash: string;
}
