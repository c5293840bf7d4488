import { openJournalBook } from '../../index/journal-book.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { NodeId } from '../../model/ids.ts';
import { parseVersion } from '../../model/ids.ts';
import type { JournalBook } from '../../model/journal-book.ts';
import type { ConflictRecord } from '../../vault/entry/node-record.ts';
import { lookInto } from '../folder/look-into.ts';
import { openConflicts } from '../../engine/open-conflicts.ts';
import { rememberedDevices, type RememberedDevice } from '../devices/remember-devices.ts';
import { findVaultPath } from './vault-paths.ts';

/** Of both versions, where they are of one kind. */
export type ConflictKind = 'file' | 'dir' | 'link' | 'mixed';

/** One of the two versions. */
export interface ConflictSide {
  readonly kind: Exclude<ConflictKind, 'mixed'>;
  /** Name of the device that made it; '' where it is not known any more. */
  readonly device: string;
  /** Of a folder neither is known. */
  readonly mtime: string | null;
  readonly size: number | null;
}

/** A row of `conflicts --json`: `ours` is the copy's version, `theirs` the one that kept the name. */
export interface ListedConflict {
  readonly id: string;
  readonly path: string;
  readonly copy: string;
  readonly kind: ConflictKind;
  readonly ours: ConflictSide;
  readonly theirs: ConflictSide;
}

/** The open conflicts, by path. */
export function listConflicts(profileDir: string): Promise<ListedConflict[]> {
  return lookInto(profileDir, (look) => describeConflicts(look.index, openConflicts(look.index)).toSorted(byPath));
}

function byPath(a: ListedConflict, b: ListedConflict): number {
  return a.path < b.path ? -1 : 1;
}

/** Rows of these. */
export function describeConflicts(index: SyncIndex, conflicts: readonly ConflictRecord[]): ListedConflict[] {
  const known = { index, book: openJournalBook(index), devices: rememberedDevices(index) };
  return conflicts.map((conflict) => describe(conflict, known));
}

interface Known {
  readonly index: SyncIndex;
  readonly book: JournalBook;
  readonly devices: readonly RememberedDevice[];
}

function describe({ copy, of, madeBy }: ConflictRecord, known: Known): ListedConflict {
  const { index, devices } = known;
  const ours = { ...sideOf(known, copy), device: nameOf(devices, madeBy) };
  const theirs = sideOf(known, of);
  return {
    id: copy,
    path: findVaultPath(index, of) ?? '',
    copy: findVaultPath(index, copy) ?? '',
    kind: ours.kind === theirs.kind ? ours.kind : 'mixed',
    ours,
    theirs,
  };
}

/** Who made a node's present version: the author of the entry that its version names. */
function sideOf({ index, book, devices }: Known, id: NodeId): ConflictSide {
  const node = index.remote.find(id);
  if (node === undefined) return { kind: 'file', device: '', mtime: null, size: null };
  const device = nameOf(devices, book.findEntry(parseVersion(node.version).entry)?.device);
  if (node.state.kind === 'folder') return { kind: 'dir', device, mtime: null, size: null };
  const size = node.state.kind === 'file' ? node.state.content.sizeBytes : 0;
  return { kind: node.state.kind, device, mtime: new Date(Math.floor(node.state.mtimeUs / 1000)).toISOString(), size };
}

function nameOf(devices: readonly RememberedDevice[], id: string | undefined): string {
  return devices.find((device) => device.id === id)?.name ?? '';
}
