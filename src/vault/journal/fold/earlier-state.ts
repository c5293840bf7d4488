/** The vault's state as it was at an earlier place of the fold, from the traces of what was folded since. */
import type { NodeId } from '../../../model/ids.ts';
import type { FoldPosition, JournalBook, RecordKind } from '../../../model/journal-book.ts';
import type { VersionedNode } from '../../../model/node.ts';
import { conflictRecord, nodeRecord } from '../../entry/node-record.ts';
import { conflictFromText, traceFromText, type FoldSum, type GroupImages } from './fold-state.ts';
import { lastHash } from '../checkpoint/floor.ts';

const pageSize = 100;

/** What every node and record touched since was then; undefined: not there. */
export interface EarlierImages {
  readonly nodes: ReadonlyMap<NodeId, VersionedNode | undefined>;
  readonly records: ReadonlyMap<string, { readonly kind: RecordKind; readonly key: string; readonly value: string | undefined }>;
}

/** Images of the state that folding the entries up to this Lamport number gave. */
export function imagesAt(book: JournalBook, lamport: number): EarlierImages {
  const nodes = new Map<NodeId, VersionedNode | undefined>();
  const records = new Map<string, { kind: RecordKind; key: string; value: string | undefined }>();
  for (const images of imagesSince(book, { lamport, hash: lastHash })) {
    // The first that touched it says what it was.
    for (const [id, before] of images.nodes) if (!nodes.has(id)) nodes.set(id, before ?? undefined);
    for (const [kind, key, before] of images.records) {
      if (!records.has(kind + key)) records.set(kind + key, { kind, key, value: before ?? undefined });
    }
  }
  return { nodes, records };
}

/** What the groups applied since had found, oldest first. */
function* imagesSince(book: JournalBook, position: FoldPosition): Generator<GroupImages, void> {
  let page = book.marksAfter(position, pageSize);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    for (const { name } of page) {
      const trace = traceFromText(book.findTrace(name) ?? '[]');
      if (typeof trace !== 'string') yield* trace.filter((group) => typeof group !== 'string');
    }
    page = book.marksAfter(last, pageSize);
  }
}

/** Makes the sum of the state as it is that of the state as it was. */
export function sumBack(book: JournalBook, images: EarlierImages, sum: FoldSum): void {
  for (const [id, before] of images.nodes) {
    const now = book.tree.find(id);
    if (now !== undefined) sum.remove(nodeRecord(now));
    if (before !== undefined) sum.add(nodeRecord(before));
  }
  for (const { kind, key, value } of images.records.values()) {
    if (kind !== 'conflict') continue;
    const now = book.findRecord(kind, key);
    if (now !== undefined) sum.remove(conflictRecord(conflictFromText(now)));
    if (value !== undefined) sum.add(conflictRecord(conflictFromText(value)));
  }
}
