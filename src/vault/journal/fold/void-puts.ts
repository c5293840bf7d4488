/** Content that came in void and that nobody brought in again. */
import type { ContentId, DeviceId, EntryName, Version } from '../../../model/ids.ts';
import { versionOf } from '../../../model/ids.ts';
import type { Change, PutChange } from '../../../model/change.ts';
import type { EntryMark, JournalBook } from '../../../model/journal-book.ts';
import { parseHeader } from '../../entry/header-wire.ts';
import { parseProvenBody } from '../../entry/parse-body.ts';
import { traceFromText, type EntryTrace } from './fold-state.ts';
import { covers, floorFromBytes, lastHash } from '../checkpoint/floor.ts';
import { checkpointInForce } from '../checkpoint/settle-floor.ts';

/** Content of another device that is in no tree, as the entry that brought it came too late. */
export interface VoidPut {
  readonly entry: EntryName;
  readonly device: DeviceId;
  readonly version: Version;
  readonly change: PutChange;
}

const pageSize = 100;

/** A void put, and what its author must have seen to know. */
interface Candidate extends VoidPut {
  readonly content: ContentId;
  readonly before: ReadonlyMap<DeviceId, number>;
}

/** Of a device, since when (milliseconds since 1970) its entries may have come in for its author to be expected to say more; Infinity: never. */
export type ExpectedSince = (device: DeviceId) => number;

/**
 * Void puts of files by other devices that arrived before their authors are `expectedSince`, whose content no entry that
 * counts has put, and whose author said nothing since it could know: one that has seen all that stands before its void
 * change plans again by itself.
 */
export function findVoidPuts(book: JournalBook, own: DeviceId, expectedSince: ExpectedSince): readonly VoidPut[] {
  if (!isAnyVoid(book, own, expectedSince)) return [];
  const candidates: Candidate[] = [];
  const kept = new Set<ContentId>();
  const before = new Map<DeviceId, number>();
  for (const mark of marksAboveFloor(book)) {
    const trace = traceFromText(book.findTrace(mark.name) ?? '"checkpoint"');
    for (const { change, version, isVoid } of filePuts(book, mark, trace)) {
      const content = change.state.content.id;
      if (!isVoid) kept.add(content);
      // Its own author took a skipped entry back.
      else if (mark.device !== own && mark.arrivedMs < expectedSince(mark.device) && trace !== 'skipped') {
        candidates.push({ entry: mark.name, device: mark.device, version, change, content, before: new Map(before) });
      }
    }
    before.set(mark.device, mark.counter);
  }
  const checkpoint = checkpointInForce(book)?.speaker;
  return candidates.filter(
    ({ content, device, before: known }) =>
      !kept.has(content) &&
      !hasAnswered(book, device, [...known, ...(checkpoint ? [[checkpoint.device, checkpoint.counter] as const] : [])]),
  );
}

/** Traces tell it, and almost always that there is none: then no body is read. */
function isAnyVoid(book: JournalBook, own: DeviceId, expectedSince: ExpectedSince): boolean {
  for (const { name, device, arrivedMs } of marksAboveFloor(book)) {
    if (device === own || arrivedMs >= expectedSince(device)) continue;
    const trace = traceFromText(book.findTrace(name) ?? '"checkpoint"');
    if (trace !== 'skipped' && isVoidIn(trace)) return true;
  }
  return false;
}

function isVoidIn(trace: EntryTrace): boolean {
  return typeof trace === 'string' || trace.some((group) => typeof group === 'string');
}

function* marksAboveFloor(book: JournalBook): Generator<EntryMark, void> {
  const { lamport } = floorFromBytes(book.readFact('floor'));
  let page = book.marksAfter({ lamport, hash: lastHash }, pageSize);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    yield* page;
    page = book.marksAfter(last, pageSize);
  }
}

function* filePuts(
  book: JournalBook,
  { name }: EntryMark,
  trace: EntryTrace,
): Generator<{ readonly change: FilePut; readonly version: Version; readonly isVoid: boolean }, void> {
  let index = 0;
  for (const [at, group] of parseProvenBody(book.readBody(name)).groups.entries()) {
    const isVoid = typeof trace === 'string' || typeof trace[at] === 'string';
    for (const change of group) {
      if (isFilePut(change)) yield { change, version: versionOf(name, index), isVoid };
      index += 1;
    }
  }
}

type FilePut = PutChange & { readonly state: Extract<PutChange['state'], { readonly kind: 'file' }> };

function isFilePut(change: Change): change is FilePut {
  return change.do === 'put' && change.state.kind === 'file';
}

/** Whether the device's last entry has seen all of these. */
function hasAnswered(book: JournalBook, device: DeviceId, wanted: readonly (readonly [DeviceId, number])[]): boolean {
  const name = book.heads().get(device)?.name;
  if (name === undefined) return false;
  const { seen } = parseHeader(name, book.readHeader(name));
  return wanted.every(([other, counter]) => other === device || covers(seen, { device: other, counter }));
}
