import type { Part } from '../../engine/meanwhile.ts';
import { isIntegrityFailure } from '../../engine/problems.ts';
import { restoreItems, type RestoreReport } from '../../engine/past/restore-items.ts';
import { readPast } from '../../index/past-reader.ts';
import type { NodeName } from '../../model/name.ts';
import { findRestorable, type RestoreItem } from '../../planner/find-restorable.ts';
import { bringPast } from './bring-past.ts';
import { findTime } from './find-time.ts';
import { namesEverAt } from './list-history.ts';
import type { When } from '../errands.ts';
import type { Session } from '../open-session.ts';
import { syncOnce } from '../sync-once.ts';
import { namesOf } from '../show/typed-path.ts';
import { partAt, placeAt } from './part-at.ts';
import { findVoidVersions } from './void-versions.ts';

/** What a person asks for; at most one of `version` and `atMs`. */
export interface RestoreRequest {
  readonly path: string;
  readonly version?: string | undefined;
  /** Milliseconds since 1970. */
  readonly atMs?: number | undefined;
  /** Where to; its old place where left out. */
  readonly to?: string | undefined;
}

/** What `restore --json` prints. */
export interface RestoreOutcome extends RestoreReport {
  readonly path: string;
}

/**
 * Syncs, so that whatever is in the folder is in the vault, brings the state back into the folder, and syncs that: all, or in the middle
 * of a pass what stands in its place. Throws as `findRestorable`, `restoreItems`.
 */
export async function restorePath(session: Session, request: RestoreRequest, when: When): Promise<RestoreOutcome> {
  const { index, parts } = session;
  const { signal, moment } = when;
  const place = (): readonly NodeName[] => (request.to === undefined ? namesEverAt(readPast(index), request.path) : namesOf(request.to));
  // In the middle of a pass the journal is known by then; and which names are meant, only the past tells.
  if (moment !== undefined) await bringPast(session, signal);
  await agreeAround(session, when, () => partAt(index, place()));
  await bringPast(session, signal);
  const to = place();
  const items = { [Symbol.iterator]: () => findWanted(session, request)[Symbol.iterator]() };
  const report = await restoreItems(parts, { items, to, signal });
  session.log.info('restored', { files: report.files, folders: report.folders });
  await agreeAround(session, when, () => placeAt(index, to));
  return { path: to.join('/'), ...report };
}

/** Has folder and vault agree: everywhere, or in the middle of a pass where `find` says. */
export async function agreeAround(session: Session, { signal, moment }: When, find: () => Part): Promise<void> {
  if (moment === undefined) await syncAround(session, signal);
  else await moment.settle(find);
}

/** A file that the store fails is no reason not to bring back another one: it is noted, and stays as it is. */
export async function syncAround(session: Session, signal: AbortSignal): Promise<void> {
  try {
    await syncOnce(session, signal);
  } catch (error) {
    if (!isIntegrityFailure(error) || session.index.problems.count() === 0) throw error;
  }
}

/** What the request means, item by item. Throws as `findRestorable`. */
export function findWanted({ index, settings }: Session, { path, version, atMs }: RestoreRequest): Iterable<RestoreItem> {
  const past = readPast(index);
  const names = namesEverAt(past, path);
  if (version !== undefined) {
    const lost = findVoidVersions(index, settings.device.id).find((found) => found.version === version);
    return lost === undefined ? findRestorable(past, names, { version }) : [{ below: [], state: lost.state }];
  }
  return findRestorable(past, names, atMs === undefined ? 'last' : { moment: findTime(past, atMs) });
}
