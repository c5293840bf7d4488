import { failureMeanings, type FailureCode } from '../../base/failure.ts';
import { countPending } from '../../index/nodes/count-pending.ts';
import { openJournalBook } from '../../index/journal-book.ts';
import type { JournalBook } from '../../model/journal-book.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { lookInto, type Look } from '../folder/look-into.ts';
import { openConflicts } from '../../engine/open-conflicts.ts';
import { readPause } from '../profile/paused-setting.ts';
import { rememberedDevices } from '../devices/remember-devices.ts';
import { isRunning, readRunNote, type RunNote } from '../profile/run-note.ts';
import { readWaiting } from '../profile/waiting-note.ts';

export type SyncState = 'synced' | 'pending' | 'syncing' | 'paused' | 'offline' | 'refused' | 'held';

/** Where things stand; the shape is that of `status --json`. */
export interface Status {
  readonly vaultId: string;
  readonly device: string;
  readonly folder: string;
  /** Entries of the journal folded so far. */
  readonly seq: number;
  readonly state: SyncState;
  /** `waiting`: changed paths that an agent heard of, and looks at once they rest. */
  readonly pending: { readonly upload: number; readonly download: number; readonly waiting: number };
  /** Of the vault's tree. */
  readonly files: number;
  readonly bytes: number;
  /** Of them, what is on this device: less what is left out, or not fetched yet. */
  readonly local: { readonly files: number; readonly bytes: number };
  readonly conflicts: number;
  readonly problems: number;
  /** Why the last run did not get through, and what to do about it. */
  readonly why?: { readonly code: FailureCode; readonly action: string };
  readonly lastSync: string | null;
  readonly devices: readonly { readonly name: string; readonly lastSeen: string | null }[];
}

/** From the index alone: answers at once, whatever the store does. */
export function readStatus(profileDir: string): Promise<Status> {
  return lookInto(profileDir, statusOf);
}

/** What a look into the index says. */
export function statusOf({ settings, index }: Look): Status {
  const book = openJournalBook(index);
  const note = readRunNote(index);
  const pending = { ...countPending(index), waiting: readWaiting(index) };
  const { files, bytes } = index.remote.count();
  const isClear = !index.leftOut.isBehind && index.problems.count() === 0;
  const isAgreed =
    isClear &&
    pending.upload + pending.download + pending.waiting === 0 &&
    book.readFact('pending') === undefined &&
    note.syncedMs !== undefined;
  return {
    vaultId: settings.vaultId,
    device: settings.device.name,
    folder: settings.folder,
    seq: [...book.heads().values()].reduce((sum, { counter }) => sum + counter, 0),
    state: readPause(index, Date.now()) !== undefined && !isRunning(note) ? 'paused' : stateOf(note, isAgreed),
    pending,
    files,
    bytes,
    local: localCount(index),
    conflicts: openConflicts(index).length,
    problems: index.problems.count(),
    ...(note.code === undefined || isRunning(note) ? {} : { why: { code: note.code, action: failureMeanings[note.code].action } }),
    lastSync: note.syncedMs === undefined ? null : new Date(note.syncedMs).toISOString(),
    devices: devicesOf(index, book, settings.device.id),
  };
}

function localCount({ local }: SyncIndex): Status['local'] {
  const { files, bytes } = local.count();
  return { files, bytes };
}

function stateOf(note: RunNote, isAgreed: boolean): SyncState {
  if (isRunning(note)) return 'syncing';
  const exitCode = note.code === undefined ? 0 : failureMeanings[note.code].exitCode;
  if (exitCode === 5) return 'refused';
  if (exitCode === 7) return 'held';
  if (exitCode === 4 && note.code !== 'E_STORE_LATE') return 'offline';
  return isAgreed && exitCode === 0 ? 'synced' : 'pending';
}

function devicesOf(index: SyncIndex, book: JournalBook, own: string): Status['devices'] {
  const seen = lastSeen(book, own);
  return rememberedDevices(index)
    .filter(({ isRevoked }) => !isRevoked)
    .map(({ id, name }) => ({ name, lastSeen: seen(id) }));
}

/** When a device was last heard of: by its own clock, as far as an entry tells; this device was heard of now. */
export function lastSeen(book: JournalBook, own: string): (device: string) => string | null {
  const heads = new Map<string, number>([...book.heads()].map(([device, { timeMs, arrivedMs }]) => [device, timeMs ?? arrivedMs]));
  return (device) => {
    const ms = device === own ? Date.now() : heads.get(device);
    return ms === undefined ? null : new Date(ms).toISOString();
  };
}
