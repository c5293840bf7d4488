/** All that the index holds of a node, and its row in the table `node` (migrations/001-trees.ts). */
import type { NodeId } from '../../model/ids.ts';
import { nameToBytes } from '../../model/name.ts';
import { samePlace, type Place, type VersionedNode } from '../../model/node.ts';
import { idToBytes } from '../file/id-bytes.ts';
import {
  allColumns,
  localColumns,
  localFromRow,
  localRest,
  selectList,
  versionedColumns,
  versionedFromRow,
  versionedRest,
  type KeyedNode,
  type LocalRow,
  type StateRow,
  type VersionedRow,
} from './node-row.ts';
import type { SqlValue } from '../file/statement.ts';
import type { TreeName } from './totals.ts';

/** What each tree holds. */
export interface TreeNodes {
  readonly local: KeyedNode;
  readonly base: VersionedNode;
  readonly remote: VersionedNode;
}

/** A node as each tree has it; undefined where a tree has none. */
type InTrees = { readonly [Tree in TreeName]: TreeNodes[Tree] | undefined };

/** A node as it is in all three trees, and its place in the queue. Never changed, only replaced. */
export interface NodeRecord extends InTrees {
  /** Its row; undefined where it has none. */
  readonly number: number | undefined;
  /** Place in the queue of what disagrees, where it is in it. */
  readonly seq: number | null;
  /** null: not held; -1: until it is written; else until that time, in milliseconds since 1970. */
  readonly hold: number | null;
  /** Whether the vault's node is left out by selective sync (left-out.ts). */
  readonly leftOut: boolean;
}

/** Of a node that nothing is known of. */
export const emptyRecord: NodeRecord = {
  number: undefined,
  local: undefined,
  base: undefined,
  remote: undefined,
  seq: null,
  hold: null,
  leftOut: false,
};

export const treeNames: readonly TreeName[] = ['local', 'base', 'remote'];

/** Trees in which two nodes never stand at one place. */
export const uniqueTrees = ['local', 'remote'] as const satisfies readonly TreeName[];

/** The columns of each tree, without its prefix. */
export const treeColumns = { local: localColumns, base: versionedColumns, remote: versionedColumns } as const;

/** What `selectRecord` selects, column by column: id, number, place in the queue, hold, whether left out, then the three trees. */
export type RecordRow = readonly (string | number | null)[];

const selectTrees = treeNames.map((tree) => selectList(`${tree}_`, allColumns(treeColumns[tree]), `${tree}_`));
/** "SELECT a record FROM node". */
export const selectRecord = `SELECT lower(hex(node.id)) AS id, number, dirty_seq, hold, left_out, ${selectTrees.join(', ')} FROM node`;

/** Where the columns of each tree begin. */
const localAt = 5;
const baseAt = localAt + allColumns(localColumns).length;
const remoteAt = baseAt + allColumns(versionedColumns).length;
/** The column `kind`, from there: null where the tree does not hold the node. */
const kindAt = 2;

/** Throws E_INDEX_DAMAGED where the columns do not fit together. */
export function recordFromRow(row: RecordRow): NodeRecord {
  return {
    number: row[1] as number,
    local: row[localAt + kindAt] === null ? undefined : localFromRow(localColumnsOf(row, localAt)),
    base: row[baseAt + kindAt] === null ? undefined : versionedFromRow(versionedColumnsOf(row, baseAt)),
    remote: row[remoteAt + kindAt] === null ? undefined : versionedFromRow(versionedColumnsOf(row, remoteAt)),
    seq: row[2] as number | null,
    hold: row[3] as number | null,
    leftOut: row[4] === 1,
  };
}

/** The node that a record is of. */
export function idOfRow(row: RecordRow): NodeId {
  return row[0] as NodeId;
}

/** The columns that every tree has, in the order of `allColumns`. */
function stateColumnsOf(row: RecordRow, at: number): StateRow {
  return {
    id: row[0] as string,
    parent: row[at] as string,
    name: row[at + 1] as string,
    kind: row[at + kindAt] as number,
    epoch: row[at + 3] as number | null,
    content: row[at + 4] as string,
    size: row[at + 5] as number | null,
    mtime: row[at + 6] as number | null,
    bits: row[at + 7] as number | null,
    target: row[at + 8] as string,
  };
}

/** The columns of a base or remote node that begin there; the id stands first in the row. */
export function versionedColumnsOf(row: RecordRow, at: number): VersionedRow {
  return { ...stateColumnsOf(row, at), version: row[at + 9] as string };
}

/** The columns of a local node that begin there; the id stands first in the row. */
export function localColumnsOf(row: RecordRow, at: number): LocalRow {
  return {
    ...stateColumnsOf(row, at),
    content_size: row[at + 9] as number | null,
    fingerprint: row[at + 10] as string,
    shown: row[at + 11] as string,
    key: row[at + 12] as string,
    identity: row[at + 13] as string,
  };
}

/** Columns that are written together: those of an index only where they differ, since SQLite would write its entry anew. */
export interface ColumnGroup {
  readonly columns: readonly string[];
  /** Adds the values of these columns. */
  readonly append: (values: SqlValue[], record: NodeRecord) => void;
  readonly isSame: (a: NodeRecord, b: NodeRecord) => boolean;
}

/** All columns but number and id. */
export const columnGroups: readonly ColumnGroup[] = [
  {
    columns: ['dirty_seq', 'hold'],
    append: (values, { seq, hold }) => void values.push(seq, hold),
    isSame: (a, b) => a.seq === b.seq && a.hold === b.hold,
  },
  {
    columns: ['left_out'],
    append: (values, { leftOut }) => void values.push(leftOut ? 1 : 0),
    isSame: (a, b) => a.leftOut === b.leftOut,
  },
  ...treeNames.flatMap((tree) => [placeGroup(tree), restGroup(tree)]),
  {
    columns: ['local_identity'],
    append: (values, { local }) => void values.push(local?.identity ?? null),
    isSame: (a, b) => a.local?.identity === b.local?.identity,
  },
];

function placeGroup(tree: TreeName): ColumnGroup {
  return {
    columns: treeColumns[tree].place.map((name) => `${tree}_${name}`),
    append: (values, record) => {
      const node = record[tree];
      if (node === undefined) values.push(null, null);
      else values.push(idToBytes(node.state.parent), nameToBytes(node.state.name));
    },
    isSame: (a, b) => isSamePlace(a[tree]?.state, b[tree]?.state),
  };
}

function restGroup(tree: TreeName): ColumnGroup {
  const { rest } = treeColumns[tree];
  return {
    columns: rest.map((name) => `${tree}_${name}`),
    append: (values, record) => {
      const node = record[tree];
      if (node === undefined) for (let left = rest.length; left > 0; left -= 1) values.push(null);
      else if ('version' in node) values.push(...versionedRest(node));
      else values.push(...localRest(node));
    },
    isSame: (a, b) => a[tree] === b[tree],
  };
}

/** Whether both are nowhere, or at one place. */
export function isSamePlace(a: Place | undefined, b: Place | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a === b || samePlace(a, b);
}

/** Whether a tree holds the node. */
export function isInAnyTree({ local, base, remote }: NodeRecord): boolean {
  return local !== undefined || base !== undefined || remote !== undefined;
}

/** A place as the key of a map: ids have one length. */
export function placeKey({ parent, name }: { readonly parent: NodeId; readonly name: string }): string {
  return parent + name;
}
