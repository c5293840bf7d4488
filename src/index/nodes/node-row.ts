/** Node states between memory and the columns that each tree has for them (migrations/001-trees.ts). */
import { Failure, unreachable } from '../../base/failure.ts';
import { nameFromBytes, nameToBytes, type NodeName } from '../../model/name.ts';
import type { ContentId, NodeId } from '../../model/ids.ts';
import type { ContentRef, FileState, LocalNode, LocalState, NodeState, Place, VersionedNode } from '../../model/node.ts';
import { idToBytes, versionFromHex, versionToBytes } from '../file/id-bytes.ts';
import type { SqlValue } from '../file/statement.ts';

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
  /** Of a file: 1 where it is executable, 2 where it came from outside, added up. */
  readonly bits: number | null;
  readonly target: string;
}

/** A local node as the index keeps it. */
export interface KeyedNode extends LocalNode {
  /** Under what the disk finds it (model/shown-name.ts), where that is not its own name. */
  readonly key?: string | undefined;
}

export interface VersionedRow extends StateRow {
  readonly version: string;
}

export interface LocalRow extends StateRow {
  readonly content_size: number | null;
  readonly identity: string;
  readonly fingerprint: string;
  readonly shown: string;
  readonly key: string;
}

type FileBits = Pick<FileState, 'executable' | 'fromOutside'>;

const placeColumns = ['parent', 'name'] as const;
const payloadColumns = ['kind', 'epoch', 'content', 'size', 'mtime', 'bits', 'target'] as const;

/** Columns of a base or remote node, in the order of `placeValues` and `versionedRest`. */
export const versionedColumns = { place: placeColumns, rest: [...payloadColumns, 'version'], identity: [] } as const;
/** Columns of a local node, in the order of `placeValues`, `localRest` and its identity. */
export const localColumns = {
  place: placeColumns,
  rest: [...payloadColumns, 'content_size', 'fingerprint', 'shown', 'key'],
  identity: ['identity'],
} as const;

/** All columns of a layout. */
export function allColumns({ place, rest, identity }: typeof versionedColumns | typeof localColumns): readonly string[] {
  return [...place, ...rest, ...identity];
}

const blobColumns = new Set(['parent', 'name', 'content', 'target', 'version', 'shown', 'key']);

/** What to select for a row of these columns; in the table their names start with `prefix`, in the row with `as`. */
export function selectList(prefix: string, columns: readonly string[], as = ''): string {
  return columns
    .map((name) => (blobColumns.has(name) ? `lower(hex(${prefix}${name})) AS ${as}${name}` : `${prefix}${name} AS ${as}${name}`))
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

export function placeValues({ parent, name }: Place): SqlValue[] {
  return [idToBytes(parent), nameToBytes(name)];
}

function bitsOf({ executable, fromOutside }: FileBits): number {
  return (executable ? 1 : 0) + (fromOutside ? 2 : 0);
}

function bitsFromRow({ bits }: StateRow): FileBits {
  return { executable: ((bits ?? 0) & 1) !== 0, fromOutside: ((bits ?? 0) & 2) !== 0 };
}

function payloadValues(state: LocalState | NodeState): SqlValue[] {
  const kind = kindNumber(state.kind);
  switch (state.kind) {
    case 'file': {
      const { content } = state;
      const named = content === undefined ? [null, null] : [content.epoch, idToBytes(content.id)];
      return [kind, ...named, sizeOf(state), state.mtimeUs, bitsOf(state), null];
    }
    case 'folder':
      return [kind, null, null, null, null, null, null];
    case 'link':
      return [kind, null, null, null, state.mtimeUs, null, nameToBytes(state.target)];
    default:
      return unreachable(state);
  }
}

/** All but place of a base or remote node. */
export function versionedRest({ state, version }: VersionedNode): SqlValue[] {
  return [...payloadValues(state), versionToBytes(version)];
}

/** All but place and identity of a local node. */
export function localRest({ state, fingerprint, shown, key }: KeyedNode): SqlValue[] {
  const contentSize = state.kind === 'file' ? (state.content?.sizeBytes ?? null) : null;
  return [
    ...payloadValues(state),
    contentSize,
    fingerprint,
    shown === undefined ? null : nameToBytes(shown),
    key === undefined ? null : nameToBytes(key),
  ];
}

/** The node with all that it has, and nothing else. */
export function copyVersioned({ id, version, state }: VersionedNode): VersionedNode {
  return { id, version, state: copyState(state) };
}

/** The node with all that it has, and nothing else. */
export function copyLocal({ id, state, identity, fingerprint, shown }: LocalNode): LocalNode {
  const marked = shown === undefined || shown === state.name ? {} : { shown };
  if (state.kind !== 'file') return { id, state: copyState(state), identity, fingerprint, ...marked };
  const { parent, name, content, sizeBytes, mtimeUs, executable, fromOutside } = state;
  return {
    id,
    state: { kind: 'file', parent, name, content: content && copyContent(content), sizeBytes, mtimeUs, executable, fromOutside },
    identity,
    fingerprint,
    ...marked,
  };
}

function copyState<State extends NodeState>(state: State): State;
function copyState(state: NodeState): NodeState {
  const { kind, parent, name } = state;
  if (kind === 'folder') return { kind, parent, name };
  if (kind === 'link') return { kind, parent, name, target: state.target, mtimeUs: state.mtimeUs };
  const { content, mtimeUs, executable, fromOutside } = state;
  return { kind, parent, name, content: copyContent(content), mtimeUs, executable, fromOutside };
}

/** Some contents know more of themselves: their chunks. */
function copyContent({ epoch, id, sizeBytes }: ContentRef): ContentRef {
  return { epoch, id, sizeBytes };
}

/** The node of a base or remote row. Throws E_INDEX_DAMAGED where the columns do not fit its kind. */
export function versionedFromRow(row: VersionedRow): VersionedNode {
  return { id: row.id as NodeId, version: versionFromHex(row.version), state: stateFromRow(row) };
}

/** The node of a local row. Throws E_INDEX_DAMAGED where the columns do not fit its kind. */
export function localFromRow(row: LocalRow): KeyedNode {
  const node = { id: row.id as NodeId, state: localStateFromRow(row), identity: row.identity, fingerprint: row.fingerprint };
  if (row.shown === '' && row.key === '') return node;
  const names = { shown: row.shown === '' ? undefined : textFromHex(row.shown), key: row.key === '' ? undefined : textFromHex(row.key) };
  return { ...node, ...names };
}

function stateFromRow(row: StateRow): NodeState {
  if (row.kind !== 0) return plainStateFromRow(row);
  const content = { epoch: given(row.epoch), id: given(row.content) as ContentId, sizeBytes: given(row.size) };
  return { kind: 'file', ...placeFromRow(row), content, mtimeUs: given(row.mtime), ...bitsFromRow(row) };
}

function localStateFromRow(row: LocalRow): LocalState {
  if (row.kind !== 0) return plainStateFromRow(row);
  const content =
    row.content === '' ? undefined : { epoch: given(row.epoch), id: row.content as ContentId, sizeBytes: given(row.content_size) };
  const meta = { sizeBytes: given(row.size), mtimeUs: given(row.mtime), ...bitsFromRow(row) };
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
