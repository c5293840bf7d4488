/** All that the index holds of a node, and its row in the table `node` (migrations/001-trees.ts). */
import type { NodeId } from '../model/ids.ts';
import { samePlace, type Place, type VersionedNode } from '../model/node.ts';
import {
  allColumns,
  localColumns,
  localFromRow,
  localRest,
  placeValues,
  selectList,
  versionedColumns,
  versionedFromRow,
  versionedRest,
  type KeyedNode,
  type LocalRow,
  type VersionedRow,
} from './node-row.ts';
import type { SqlValue } from './statement.ts';
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

/** What `selectRecord` selects: the columns by their names in the table. */
export type RecordRow = Readonly<Record<string, string | number | null>> & { readonly id: string; readonly number: number };

const selectTrees = treeNames.map((tree) => selectList(`${tree}_`, allColumns(treeColumns[tree]), `${tree}_`));
/** "SELECT a record FROM node". */
export const selectRecord = `SELECT lower(hex(node.id)) AS id, number, dirty_seq, hold, left_out, ${selectTrees.join(', ')} FROM node`;

/** The name of every column in the row of its tree, and in that of the record. */
const rowKeys = { local: rowKeysOf('local'), base: rowKeysOf('base'), remote: rowKeysOf('remote') };

function rowKeysOf(tree: TreeName): readonly (readonly [string, string])[] {
  return allColumns(treeColumns[tree]).map((name) => [name, `${tree}_${name}`]);
}

/** Throws E_INDEX_DAMAGED where the columns do not fit together. */
export function recordFromRow(row: RecordRow): NodeRecord {
  const { number, dirty_seq: seq = null, hold = null } = row;
  return {
    number,
    local: row['local_kind'] === null ? undefined : localFromRow(treeRow<LocalRow>(row, 'local')),
    base: row['base_kind'] === null ? undefined : versionedFromRow(treeRow<VersionedRow>(row, 'base')),
    remote: row['remote_kind'] === null ? undefined : versionedFromRow(treeRow<VersionedRow>(row, 'remote')),
    seq: seq as number | null,
    hold: hold as number | null,
    leftOut: row['left_out'] === 1,
  };
}

function treeRow<Row>(row: RecordRow, tree: TreeName): Row {
  const part: Record<string, unknown> = { id: row.id };
  for (const [name, key] of rowKeys[tree]) part[name] = row[key];
  return part as Row;
}

/** Columns that are written together: those of an index only where they differ, since SQLite would write its entry anew. */
export interface ColumnGroup {
  readonly columns: readonly string[];
  readonly values: (record: NodeRecord) => SqlValue[];
  readonly isSame: (a: NodeRecord, b: NodeRecord) => boolean;
}

/** All columns but number and id. */
export const columnGroups: readonly ColumnGroup[] = [
  {
    columns: ['dirty_seq', 'hold'],
    values: ({ seq, hold }) => [seq, hold],
    isSame: (a, b) => a.seq === b.seq && a.hold === b.hold,
  },
  {
    columns: ['left_out'],
    values: ({ leftOut }) => [leftOut ? 1 : 0],
    isSame: (a, b) => a.leftOut === b.leftOut,
  },
  ...treeNames.flatMap((tree) => [placeGroup(tree), restGroup(tree)]),
  {
    columns: ['local_identity'],
    values: ({ local }) => [local?.identity ?? null],
    isSame: (a, b) => a.local?.identity === b.local?.identity,
  },
];

function placeGroup(tree: TreeName): ColumnGroup {
  return {
    columns: treeColumns[tree].place.map((name) => `${tree}_${name}`),
    values: (record) => (record[tree] === undefined ? [null, null] : placeValues(record[tree].state)),
    isSame: (a, b) => isSamePlace(a[tree]?.state, b[tree]?.state),
  };
}

function restGroup(tree: TreeName): ColumnGroup {
  const { rest } = treeColumns[tree];
  return {
    columns: rest.map((name) => `${tree}_${name}`),
    values: (record) => {
      const node = record[tree];
      if (node === undefined) return rest.map(() => null);
      return 'version' in node ? versionedRest(node) : localRest(node);
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
