/** The nouns of the tree: what a node is, and how the three trees record it. */
import type { ChunkId, ContentId, NodeId, Version } from './ids.ts';
import type { NodeName } from './name.ts';

/** Where a node stands. */
export interface Place {
  readonly parent: NodeId;
  readonly name: NodeName;
}

/** A file's bytes, named. Two contents of one epoch are equal exactly when their ids are. */
export interface ContentRef {
  /** Epoch whose keys made the ids (1 to 65,535). */
  readonly epoch: number;
  readonly id: ContentId;
  readonly sizeBytes: number;
}

/** How to put a content together. */
export interface Content extends ContentRef {
  /** Its chunks in order; empty for an empty file. One chunk: its id is the content's id. */
  readonly chunks: readonly ChunkId[];
  /** Chunks that hold the ids of `chunks` (32 bytes each), where the list is too long for a change; else empty. */
  readonly listChunks: readonly ChunkId[];
}

/** State of a regular file. */
export interface FileState extends Place {
  readonly kind: 'file';
  readonly content: ContentRef;
  /** Modification time, whole microseconds since 1970 (may be negative). */
  readonly mtimeUs: number;
  /** The owner's execute bit. */
  readonly executable: boolean;
  /** It came from outside of the person's computers (downloaded, from a mail): systems warn before they open such files. */
  readonly fromOutside: boolean;
}

/** State of a folder. Its times and mode are not synced. */
export interface FolderState extends Place {
  readonly kind: 'folder';
}

/** State of a symbolic link, kept as a link. */
export interface LinkState extends Place {
  readonly kind: 'link';
  /** Link text, bytes as in names. */
  readonly target: string;
  readonly mtimeUs: number;
}

/** What the vault says of a node. A node never changes its kind. */
export type NodeState = FileState | FolderState | LinkState;

/** A node in the remote tree, or in the base tree (then: as it was when disk and vault last agreed). */
export interface VersionedNode {
  readonly id: NodeId;
  readonly version: Version;
  readonly state: NodeState;
}

/** A local file whose content was not read since it changed has no content yet. */
export type LocalState =
  | (Omit<FileState, 'content'> & { readonly content: ContentRef | undefined; readonly sizeBytes: number })
  | FolderState
  | LinkState;

/** Where a node stands on this disk, and as what. */
export interface LocalPlace extends Place {
  /** Name that it bears there, where that is not its own (model/shown-name.ts). */
  readonly shown?: NodeName | undefined;
}

/** A node in the local tree: what the disk showed. */
export interface LocalNode {
  readonly id: NodeId;
  readonly state: LocalState;
  /** Inode number and birth time: stays through renames (empty where the file system has none). */
  readonly identity: string;
  /** Changes whenever content or metadata may have changed: inode, size, mtime, ctime. Empty for folders. */
  readonly fingerprint: string;
  /** Name that it bears on this disk, where that is not its own (model/shown-name.ts). */
  readonly shown?: NodeName | undefined;
}

/** The name that the node bears on this disk. */
export function shownOf({ shown, state }: LocalNode): NodeName {
  return shown ?? state.name;
}

/** Where the node stands on this disk, and as what. */
export function localPlaceOf({ shown, state: { parent, name } }: LocalNode): LocalPlace {
  return { parent, name, shown };
}

/** Whether two places are the same. */
export function samePlace(a: Place, b: Place): boolean {
  return a.parent === b.parent && a.name === b.name;
}

/** Whether two contents are known to be the same bytes. Ids of different epochs say nothing, except for empty files. */
export function sameContent(a: ContentRef, b: ContentRef): boolean {
  return a.sizeBytes === b.sizeBytes && ((a.epoch === b.epoch && a.id === b.id) || a.sizeBytes === 0);
}

/** Whether `sameContent` is the last word on them; else only reading with the other's keys tells. */
export function isComparable(a: ContentRef, b: ContentRef): boolean {
  return a.epoch === b.epoch || a.sizeBytes !== b.sizeBytes || a.sizeBytes === 0;
}

/** Whether local and vault state agree in everything that is synced. */
export function sameState(local: LocalState, state: NodeState): boolean {
  return samePlace(local, state) && samePayload(local, state);
}

/** Whether they agree in everything but the place. */
export function samePayload(local: LocalState, state: NodeState): boolean {
  if (local.kind === 'file') {
    return (
      state.kind === 'file' &&
      local.content !== undefined &&
      sameContent(local.content, state.content) &&
      local.mtimeUs === state.mtimeUs &&
      local.executable === state.executable &&
      local.fromOutside === state.fromOutside
    );
  }
  if (local.kind === 'link') return state.kind === 'link' && local.target === state.target && local.mtimeUs === state.mtimeUs;
  return state.kind === 'folder';
}

/** Whether what a person would call the content differs, or may differ. */
export function isEdited(a: LocalState | NodeState, b: NodeState): boolean {
  if (a.kind === 'file' && b.kind === 'file') return a.content === undefined || !sameContent(a.content, b.content);
  return a.kind === 'link' && b.kind === 'link' && a.target !== b.target;
}
