/** Node states between memory and the columns that each tree has for them (migrations/001-trees.ts). */
import { Failure } from '../base/failure.ts';
import { nameFromBytes, nameToBytes, type NodeName } from '../model/name.ts';
import type { ContentId, NodeId } from '../model/ids.ts';
import type { LocalNode, LocalState, NodeState, Place, VersionedNode } from '../model/node.ts';
import { idToBytes, versionFromHex, versionToBytes } from './id-bytes.ts';
import type { SqlValue } from './statement.ts';

/**
 * The columns of a state as they are selected. Which are null depends on the kind: 0 file, 1 folder, 2 link.
 * Blobs are selected as lower-case hexadecimal text ('' for null): a third of the time that a blob takes to cross over.
 */
export interface StateRow {
  readonly id: string;
  readonly parent: string;
  readonly name: string;
  readonly kind: number;
  readonly epoch: number | null;
  readonly content: string;
  readonly size: number | null;
  readonly mtime: number | null;
  readonly executable: number | null;
  readonly target: string;
}

export interface VersionedRow extends StateRow {
  readonly version: string;
}

export interface LocalRow extends StateRow {
  readonly content_size: number | null;
  readonly identity: string;
  readonly fingerprint: string;
}

const stateColumns = ['parent', 'name', 'kind', 'epoch', 'content', 'size', 'mtime', 'executable', 'target'];
/** Columns in the order of `versionedValues`, after the id. */
export const versionedColumns: readonly string[] = [...stateColumns, 'version'];
/** Columns in the order of `localValues`, after the id. */
export const localColumns: readonly string[] = [...stateColumns, 'content_size', 'identity', 'fingerprint'];

const blobColumns = new Set(['parent', 'name', 'content', 'target', 'version']);

/** What to select for a row of these columns; in the table their names start with `prefix`. */
export function selectList(prefix: string, columns: readonly string[]): string {
  return columns
    .map((name) => (blobColumns.has(name) ? `lower(hex(${prefix}${name})) AS ${name}` : `${prefix}${name} AS ${name}`))
    .join(', ');
}

/** Bytes of a file; 0 for anything else. */
export function sizeOf(state: LocalState | NodeState): number {
  if (state.kind !== 'file') return 0;
  return 'sizeBytes' in state ? state.sizeBytes : state.content.sizeBytes;
}

/** The number that stands for a kind. */
export function kindNumber(kind: NodeState['kind']): 0 | 1 | 2 {
  return kind === 'file' ? 0 : kind === 'folder' ? 1 : 2;
}

function stateValues(id: NodeId, state: LocalState | NodeState): SqlValue[] {
  const start = [idToBytes(id), idToBytes(state.parent), nameToBytes(state.name), kindNumber(state.kind)];
  switch (state.kind) {
    case 'file': {
      const { content } = state;
      const named = content === undefined ? [null, null] : [content.epoch, idToBytes(content.id)];
      return [...start, ...named, sizeOf(state), state.mtimeUs, state.executable ? 1 : 0, null];
    }
    case 'folder':
      return [...start, null, null, null, null, null, null];
    case 'link':
      return [...start, null, null, null, state.mtimeUs, null, nameToBytes(state.target)];
  }
}

export function versionedValues(node: VersionedNode): SqlValue[] {
  return [...stateValues(node.id, node.state), versionToBytes(node.version)];
}

export function localValues(node: LocalNode): SqlValue[] {
  const contentSize = node.state.kind === 'file' ? (node.state.content?.sizeBytes ?? null) : null;
  return [...stateValues(node.id, node.state), contentSize, node.identity, node.fingerprint];
}

/** The node of a base or remote row. Throws E_INDEX_DAMAGED where the columns do not fit its kind. */
export function versionedFromRow(row: VersionedRow): VersionedNode {
  return { id: row.id as NodeId, version: versionFromHex(row.version), state: stateFromRow(row) };
}

/** The node of a local row. Throws E_INDEX_DAMAGED where the columns do not fit its kind. */
export function localFromRow(row: LocalRow): LocalNode {
  return { id: row.id as NodeId, state: localStateFromRow(row), identity: row.identity, fingerprint: row.fingerprint };
}

function stateFromRow(row: StateRow): NodeState {
  if (row.kind !== 0) return plainStateFromRow(row);
  const content = { epoch: given(row.epoch), id: given(row.content) as ContentId, sizeBytes: given(row.size) };
  return { kind: 'file', ...placeFromRow(row), content, mtimeUs: given(row.mtime), executable: row.executable === 1 };
}

function localStateFromRow(row: LocalRow): LocalState {
  if (row.kind !== 0) return plainStateFromRow(row);
  const content =
    row.content === '' ? undefined : { epoch: given(row.epoch), id: row.content as ContentId, sizeBytes: given(row.content_size) };
  const meta = { sizeBytes: given(row.size), mtimeUs: given(row.mtime), executable: row.executable === 1 };
  return { kind: 'file', ...placeFromRow(row), content, ...meta };
}

function plainStateFromRow(row: StateRow): Exclude<NodeState, { readonly kind: 'file' }> {
  if (row.kind === 1) return { kind: 'folder', ...placeFromRow(row) };
  return { kind: 'link', ...placeFromRow(row), target: textFromHex(row.target), mtimeUs: given(row.mtime) };
}

function placeFromRow(row: StateRow): Place {
  return { parent: row.parent as NodeId, name: textFromHex(row.name) };
}

function textFromHex(hex: string): NodeName {
  return nameFromBytes(Buffer.from(hex, 'hex'));
}

function given<Value>(value: Value | null): Value {
  if (value === null || value === '') throw new Failure('E_INDEX_DAMAGED', 'the index is damaged: a node lacks a part of its state');
  return value;
}
