import { readPast } from '../../src/index/past-reader.ts';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import type { NodeName } from '../../src/model/name.ts';
import { copyPast } from '../../src/engine/past/copy-past.ts';
import { restoreItems, type RestoreReport } from '../../src/engine/past/restore-items.ts';
import { planFolderRewind, rewindFolder, type FolderThen } from '../../src/engine/past/rewind-folder.ts';
import { rootId, type EntryHash, type Version } from '../../src/model/ids.ts';
import { limits } from '../../src/model/limits.ts';
import { findRestorable, type RestoreWish } from '../../src/planner/find-restorable.ts';
import { findMoment, type Moment } from '../../src/planner/moment.ts';
import { findAt } from '../../src/planner/past-tree.ts';
import { deletedVersions, findEverAt, versionsOf, type NodeVersion } from '../../src/planner/past-versions.ts';
import type { RewindStep } from '../../src/planner/plan-rewind.ts';
import { SimDevice } from './sim-device.ts';
import type { Disturb } from './sim-process.ts';
import { SimVault } from './sim-vault.ts';

/** Two devices, a minute between any two rounds, so that each round is a time of its own. */
export class HistoryWorld {
  readonly vault = new SimVault(77);
  readonly ann = new SimDevice(this.vault, 'ann');
  readonly bob = new SimDevice(this.vault, 'bob');

  /** Everybody syncs until all agree; the time just after. */
  async settle(...devices: readonly SimDevice[]): Promise<number> {
    const all = devices.length > 0 ? devices : [this.ann, this.bob];
    for (const device of [...all, ...all]) await device.sync();
    const nowMs = this.vault.clock.nowMs();
    this.vault.clock.advance(60_000);
    return nowMs;
  }
}

function namesOf(path: string): NodeName[] {
  return path.split('/').filter((name) => name !== '') as NodeName[];
}

/** What `history PATH` is made of, newest first, as `path: size` or `path: gone`. */
export function historyOf(device: SimDevice, path: string): string[] {
  const past = readPast(device.index);
  return [...versionsOf(past, [...findEverAt(past, namesOf(path)).keys()])].map(show);
}

export function deletedIn(device: SimDevice, folder?: string): string[] {
  const past = readPast(device.index);
  const within = folder === undefined ? undefined : [...findEverAt(past, namesOf(folder)).keys()];
  return [...deletedVersions(past, within)].map(({ path }) => path);
}

export function versionsAt(device: SimDevice, path: string): NodeVersion[] {
  const past = readPast(device.index);
  return [...versionsOf(past, [...findEverAt(past, namesOf(path)).keys()])];
}

export function momentAt(device: SimDevice, timeMs: number): Moment {
  const moment = findMoment(readPast(device.index), timeMs);
  if (moment === undefined) throw new Error('before everything');
  return moment;
}

function show({ path, state, isDeleted }: NodeVersion): string {
  return `${path}: ${isDeleted ? 'gone' : state.kind === 'file' ? String(state.content.sizeBytes) : state.kind}`;
}

/** As `restore PATH` does between two syncs. */
export async function restore(
  device: SimDevice,
  path: string,
  { wish = 'last', to = path, disturb }: { readonly wish?: RestoreWish; readonly to?: string; readonly disturb?: Disturb } = {},
): Promise<RestoreReport | 'killed'> {
  return device.act(
    (parts) => {
      const items = findRestorable(readPast(parts.index), namesOf(path), wish);
      return restoreItems(parts, { items: [...items], to: namesOf(to), signal: new AbortController().signal });
    },
    disturb === undefined ? {} : { disturb },
  );
}

/** As `rewind` does between two syncs: the steps that were published, and the version of the first. */
export async function rewind(device: SimDevice, path: string, moment: Moment): Promise<{ steps: readonly RewindStep[]; version: Version }> {
  let steps: readonly RewindStep[] = [];
  const onPlan = (plan: readonly RewindStep[]): void => {
    steps = plan;
  };
  const folder = folderAt(device, path, moment);
  const version = await device.act((parts) => rewindFolder(parts, { folder, onPlan, signal: new AbortController().signal }));
  if (version === undefined || version === 'killed') throw new Error('nothing to rewind');
  return { steps, version };
}

/** What a dry run tells. */
export async function plannedRewind(device: SimDevice, path: string, moment: Moment): Promise<string[]> {
  const steps = await device.act((parts) => Promise.resolve(planFolderRewind(parts, folderAt(device, path, moment))));
  return (steps === 'killed' ? [] : steps).map((step) => `${step.do} ${step.state.name}`).toSorted();
}

function folderAt(device: SimDevice, path: string, moment: Moment): FolderThen {
  const names = namesOf(path);
  if (names.length === 0) return { folder: rootId, from: rootId, moment };
  const past = readPast(device.index);
  const now = findAt(past, names, { lamport: limits.lamportMax, hash: 'f'.repeat(64) as EntryHash, side: 'after' });
  if (now === undefined || now === 'top') throw new Error('no such folder');
  return { folder: now.id, from: now.id, moment };
}

/** Has the device learn what was before the snapshot that it began with. */
export async function bringPast(device: SimDevice): Promise<void> {
  const scratch = SyncIndex.open(':memory:');
  await device.act(async ({ journal, index }) => {
    await journal.bringPast(openJournalBook(scratch), (upTo) => copyPast(scratch, index, upTo), new AbortController().signal);
  });
  scratch.close();
}
