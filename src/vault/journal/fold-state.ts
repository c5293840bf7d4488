/** What the fold works on, and the traces by which it goes back. */
import type { NodeId } from '../../model/ids.ts';
import type { RecordKind } from '../../model/journal-book.ts';
import { samePlace, type VersionedNode } from '../../model/node.ts';
import type { FoldTree } from '../../model/trees.ts';
import { conflictRecord, nodeRecord, type ConflictRecord } from '../entry/node-record.ts';
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

/** What stood at a node, or in a record, before a group was applied; `null` for nothing. */
export type NodeImage = readonly [id: NodeId, before: VersionedNode | null];
export type RecordImage = readonly [kind: RecordKind, key: string, before: string | null];

/** How to take an applied group back: every node and record it touched, each once. */
export interface GroupImages {
  readonly nodes: readonly NodeImage[];
  readonly records: readonly RecordImage[];
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

/** Nodes and records become what they were, or what they are by now: both ways are this. The sum follows. */
export function writeImages(state: FoldState, images: GroupImages): void {
  // All that leave their places go before any comes: two nodes that swap never meet at one.
  for (const [id, node] of images.nodes) {
    const now = state.tree.find(id);
    if (now === undefined) continue;
    state.sum.remove(nodeRecord(now));
    if (node === null || !samePlace(now.state, node.state)) state.tree.erase(id);
  }
  for (const [, node] of images.nodes) {
    if (node === null) continue;
    state.sum.add(nodeRecord(node));
    state.tree.write(node);
  }
  for (const [kind, key, value] of images.records) writeRecord(state, { kind, key, value });
}

/** Writes or takes away one record; open and settled conflicts count in the sum. */
function writeRecord(state: FoldState, { kind, key, value }: { kind: RecordKind; key: string; value: string | null }): void {
  if (kind === 'conflict') {
    const now = state.records.findRecord(kind, key);
    if (now !== undefined) state.sum.remove(conflictRecord(conflictFromText(now)));
    if (value !== null) state.sum.add(conflictRecord(conflictFromText(value)));
  }
  state.records.writeRecord(kind, key, value ?? undefined);
}

export function conflictToText(conflict: ConflictRecord): string {
  return JSON.stringify(conflict);
}

export function conflictFromText(text: string): ConflictRecord {
  const { ancestor, settled, ...rest } = JSON.parse(text) as ConflictRecord;
  return { ...rest, ancestor, settled };
}
