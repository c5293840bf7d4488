/** What the fold works on, and the traces by which it goes back. */
import type { NodeId } from '../../../model/ids.ts';
import type { RecordKind } from '../../../model/journal-book.ts';
import { samePlace, type VersionedNode } from '../../../model/node.ts';
import type { FoldTree } from '../../../model/trees.ts';
import { conflictRecord, nodeRecord, type ConflictRecord } from '../../entry/node-record.ts';
import type { VoidReason } from './void-reason.ts';

/** The state root's sum, as `StateSum` keeps it. */
export interface FoldSum {
  add(record: Uint8Array): void;
  remove(record: Uint8Array): void;
}

/** Small values beside the tree. */
export interface FoldRecords {
  findRecord(kind: RecordKind, key: string): string | undefined;
  writeRecord(kind: RecordKind, key: string, value: string | undefined): void;
}

/** The vault's state: tree, records, and the sum of what is in both. */
export interface FoldState {
  readonly tree: FoldTree;
  readonly records: FoldRecords;
  readonly sum: FoldSum;
}

/** What stood at a node, or in a record; `null` for nothing. */
export type NodeImage = readonly [id: NodeId, before: VersionedNode | null];
export type RecordImage = readonly [kind: RecordKind, key: string, before: string | null];

/** How to take an applied group back: every node and record it touched, each once. */
export interface GroupImages {
  readonly nodes: readonly NodeImage[];
  readonly records: readonly RecordImage[];
}

/** What stood at each node before the group, by the node; undefined for nothing. */
export function nodesBefore({ nodes }: GroupImages): (node: NodeId) => VersionedNode | undefined {
  const [only] = nodes;
  // Nearly all groups are of one change, and there are thousands of them in an entry.
  if (only !== undefined && nodes.length === 1) return (node) => (only[0] === node ? (only[1] ?? undefined) : undefined);
  const byNode = new Map(nodes);
  return (node) => byNode.get(node) ?? undefined;
}

/** What folding an entry did, group by group; or why all of it was void. */
export type EntryTrace = VoidReason | readonly (VoidReason | GroupImages)[];

/** JSON keeps names with lone surrogates, as it escapes them. */
export function traceToText(trace: EntryTrace): string {
  return JSON.stringify(trace);
}

export function traceFromText(text: string): EntryTrace {
  return JSON.parse(text) as EntryTrace;
}

/** Records that an entry changed, as they were before. */
export function recordsIn(trace: EntryTrace): readonly RecordImage[] {
  return typeof trace === 'string' ? [] : trace.flatMap((group) => (typeof group === 'string' ? [] : group.records));
}

/** A node as it is and as it is to be; undefined: not there. */
export interface NodeStep {
  readonly id: NodeId;
  readonly from: VersionedNode | undefined;
  readonly to: VersionedNode | undefined;
}

/** Nodes become what they are to be, and the sum follows. */
export function writeNodes(state: FoldState, steps: readonly NodeStep[]): void {
  // All that leave their places go before any comes: two nodes that swap never meet at one.
  for (const { id, from, to } of steps) {
    if (from === undefined) continue;
    state.sum.remove(nodeRecord(from));
    if (to === undefined || !samePlace(from.state, to.state)) state.tree.erase(id);
  }
  for (const { to } of steps) {
    if (to === undefined) continue;
    state.sum.add(nodeRecord(to));
    state.tree.write(to);
  }
}

/** Takes a group back: everything that it touched becomes what it was. */
export function restoreImages(state: FoldState, images: GroupImages): void {
  writeNodes(
    state,
    images.nodes.map(([id, before]) => ({ id, from: state.tree.find(id), to: before ?? undefined })),
  );
  writeRecords(state, images.records);
}

/** Records become these; open and settled conflicts count in the sum. */
export function writeRecords(state: FoldState, records: readonly RecordImage[]): void {
  for (const [kind, key, value] of records) {
    if (kind === 'conflict') {
      const now = state.records.findRecord(kind, key);
      if (now !== undefined) state.sum.remove(conflictRecord(conflictFromText(now)));
      if (value !== null) state.sum.add(conflictRecord(conflictFromText(value)));
    }
    state.records.writeRecord(kind, key, value ?? undefined);
  }
}

export function conflictToText(conflict: ConflictRecord): string {
  return JSON.stringify(conflict);
}

export function conflictFromText(text: string): ConflictRecord {
  const { ancestor, settled, ...rest } = JSON.parse(text) as ConflictRecord;
  return { ...rest, ancestor, settled };
}
