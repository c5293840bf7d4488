import { createHash } from 'node:crypto';
import { entryName, rootId, versionOf, type ChunkId, type ContentId, type NodeId, type PackId, type Version } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { ContentRef, FileState, LocalNode, LocalState, NodeState, VersionedNode } from '../../src/model/node.ts';

function digest(text: string, characters: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, characters);
}

export const nodeId = (seed: string | number): NodeId => digest(`node ${seed}`, 32) as NodeId;
export const packId = (seed: string | number): PackId => digest(`pack ${seed}`, 32) as PackId;
export const chunkId = (seed: string | number): ChunkId => digest(`chunk ${seed}`, 64) as ChunkId;
export const nameOf = (text: string): NodeName => text as NodeName;

export function contentOf(text: string): ContentRef {
  return { epoch: 1, id: digest(`content ${text}`, 64) as ContentId, sizeBytes: text.length };
}

export function versionAt(lamport: number, index = 0): Version {
  return versionOf(entryName(lamport, digest(`entry ${lamport}`, 16)), index);
}

export interface FileSketch {
  readonly parent?: NodeId;
  readonly text?: string;
  readonly mtimeUs?: number;
  readonly executable?: boolean;
  readonly fromOutside?: boolean;
}

/** A file's state in the vault. */
export function fileState(
  name: string,
  { parent = rootId, text = name, mtimeUs = 1_700_000_000_123_456, executable = false, fromOutside = false }: FileSketch = {},
): FileState {
  return { kind: 'file', parent, name: nameOf(name), content: contentOf(text), mtimeUs, executable, fromOutside };
}

export function folderState(name: string, parent: NodeId = rootId): NodeState {
  return { kind: 'folder', parent, name: nameOf(name) };
}

/** The same state as the disk would show it, its content read. */
export function asLocal(state: NodeState): LocalState {
  return state.kind === 'file' ? { ...state, sizeBytes: state.content.sizeBytes } : state;
}

export function localNode(id: NodeId, state: NodeState | LocalState, identity = `ino of ${id}`): LocalNode {
  const shown = state.kind === 'file' && !('sizeBytes' in state) ? asLocal(state) : state;
  return { id, state: shown, identity, fingerprint: state.kind === 'folder' ? '' : `print of ${id}` };
}

export function versionedNode(id: NodeId, state: NodeState, version: Version = versionAt(1)): VersionedNode {
  return { id, version, state };
}
