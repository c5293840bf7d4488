/** What changed last in the vault, from the index alone: as much of it is read as is asked for. */
import { openJournalBook } from '../../index/journal-book.ts';
import { readPast } from '../../index/past-reader.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { Change } from '../../model/change.ts';
import { parseVersion, versionOf, type EntryName, type NodeId, type Version } from '../../model/ids.ts';
import type { EntryMark, JournalBook, PastState } from '../../model/journal-book.ts';
import { isEdited, type NodeState } from '../../model/node.ts';
import type { PastReader } from '../../model/past.ts';
import { momentOf } from '../../planner/moment.ts';
import { pathAt, stateAt } from '../../planner/past-tree.ts';
import { parseProvenBody } from '../../vault/entry/parse-body.ts';
import { floorFromBytes } from '../../vault/journal/checkpoint/floor.ts';
import { traceFromText } from '../../vault/journal/fold/fold-state.ts';
import type { Look } from '../folder/look-into.ts';
import { rememberedDevices, type RememberedDevice } from '../devices/remember-devices.ts';
import { findVaultPath } from './vault-paths.ts';

/** One thing that somebody did. */
export interface ListedChange {
  /** Where it stands now; of what is gone, where it stood. */
  readonly path: string;
  readonly did: 'added' | 'changed' | 'moved' | 'removed' | 'conflict';
  readonly kind: 'file' | 'dir' | 'link';
  /** Name of the device; '' where it is not known any more. */
  readonly device: string;
  readonly isThisDevice: boolean;
  /** By that device's clock; null where it is not known. */
  readonly at: string | null;
}

/** Newest first. Beyond what this device keeps of the journal, only changes of what was there before are known. */
export function* activityOf({ index, settings }: Look): Generator<ListedChange, void> {
  const past = readPast(index);
  const known: Known = { index, past, devices: rememberedDevices(index), own: settings.device.id };
  const book = openJournalBook(index);
  const floor = floorFromBytes(book.readFact('floor'));
  let last: EntryMark | undefined;
  for (let mark = book.lastBefore(undefined); mark !== undefined; mark = book.lastBefore(mark)) {
    // Bodies and traces up to there are not kept.
    if (mark.lamport <= floor.lamport) break;
    for (const change of changesOf(book, mark)) {
      const row = rowOf(known, change);
      if (row !== undefined) yield row;
    }
    last = mark;
  }
  for (const state of index.pastStates.before(last?.name, pastMax)) {
    const row = rowOfPast(known, state);
    if (row !== undefined) yield row;
  }
}

/** More than any window shows. */
const pastMax = 1000;

interface Known {
  readonly index: SyncIndex;
  readonly past: PastReader;
  readonly devices: readonly RememberedDevice[];
  readonly own: string;
}

interface MadeChange {
  readonly change: Change;
  readonly version: Version;
  readonly isConflict: boolean;
}

/** What the entry did to the tree, last thing first. */
function changesOf(book: JournalBook, { name }: EntryMark): readonly MadeChange[] {
  const text = book.findTrace(name);
  // Not folded yet.
  if (text === undefined) return [];
  const trace = traceFromText(text);
  if (typeof trace === 'string') return [];
  const made: MadeChange[] = [];
  let at = 0;
  for (const [place, group] of parseProvenBody(book.readBody(name)).groups.entries()) {
    const copies = new Set(group.flatMap((change) => (change.do === 'conflict' ? [change.copy] : [])));
    for (const change of group) {
      const isVoid = typeof trace[place] === 'string';
      if (!isVoid) made.push({ change, version: versionOf(name, at), isConflict: 'node' in change && copies.has(change.node) });
      at += 1;
    }
  }
  return made.toReversed();
}

function rowOf(known: Known, { change, version, isConflict }: MadeChange): ListedChange | undefined {
  const about = authorOf(known, parseVersion(version).entry);
  if (change.do === 'put') {
    const did = isConflict ? 'conflict' : change.upon === undefined ? 'added' : 'changed';
    return { path: pathNow(known, change.node, change.state, version), did, kind: kindOf(change.state), ...about };
  }
  if (change.do === 'move') {
    const { state } = stateAt(known.past, change.node, momentOf(known.past, version, 'after')) ?? {};
    return state && { path: pathNow(known, change.node, state, version), did: 'moved', kind: kindOf(state), ...about };
  }
  // What else an entry says is not about files.
  const ended = change.do === 'remove' ? known.past.findEnded(version) : undefined;
  return ended && rowOfPast(known, ended);
}

function rowOfPast(known: Known, { node, by, isRemoved }: PastState): ListedChange | undefined {
  const about = authorOf(known, parseVersion(by).entry);
  if (isRemoved) {
    const path = pathAt(known.past, node.state, momentOf(known.past, by, 'before')) ?? node.state.name;
    return { path, did: 'removed', kind: kindOf(node.state), ...about };
  }
  const next = stateAt(known.past, node.id, momentOf(known.past, by, 'after'));
  if (next === undefined) return undefined;
  const did = isEdited(next.state, node.state) ? 'changed' : 'moved';
  return { path: pathNow(known, node.id, next.state, by), did, kind: kindOf(next.state), ...about };
}

function pathNow({ index, past }: Known, node: NodeId, state: Pick<NodeState, 'parent' | 'name'>, version: Version): string {
  return findVaultPath(index, node) ?? pathAt(past, state, momentOf(past, version, 'after')) ?? state.name;
}

function authorOf({ past, devices, own }: Known, entry: EntryName): Pick<ListedChange, 'device' | 'isThisDevice' | 'at'> {
  const found = past.findEntry(entry);
  const device = devices.find(({ id }) => id === found?.device)?.name ?? '';
  return { device, isThisDevice: found?.device === own, at: found === undefined ? null : new Date(found.timeMs).toISOString() };
}

function kindOf({ kind }: Pick<NodeState, 'kind'>): ListedChange['kind'] {
  return kind === 'folder' ? 'dir' : kind;
}
