/** One run: passes until folder and vault agree, as far as they can now. */
import { Failure, failureMeanings, type FailureCode } from '../base/failure.ts';
import { endOldDecisions } from '../engine/past/decision.ts';
import { runPasses, type RunOptions } from '../engine/run-passes.ts';
import { collectEnrolments } from '../vault/enrolment/collect-enrolments.ts';
import { adoptLostDevices } from '../vault/keyring/adopt-lost-devices.ts';
import { configNumber } from './profile/config-values.ts';
import type { Session } from './open-session.ts';
import { rememberDevices } from './devices/remember-devices.ts';
import { publishRetention } from './past/publish-retention.ts';
import { surfaceLost } from './past/surface-lost.ts';
import { noteRunning, readRunNote, writeRunNote } from './profile/run-note.ts';
import { tellOfDevices } from './devices/tell-of-devices.ts';
import { trashDaysNow } from './folder/trash-age.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** What a run came to. */
export interface SyncReport {
  /** Items that can't be synced now. */
  readonly problems: number;
  /** Files that a mass change would remove or overwrite, held back until a person decides. */
  readonly held: number;
  /** Codes that say that the store is not to be believed, of all problems. */
  readonly integrityCodes: readonly FailureCode[];
  /** Nodes that still disagree; with no problem, they changed while it ran. */
  readonly left: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly passes: number;
}

/** How a run is done. */
export type SyncOptions = Pick<RunOptions, 'isOnly' | 'meanwhile'>;

/** Syncs until nothing changes any more. Throws what concerns vault, store or folder as a whole; notes it for `status`. */
export async function syncOnce(session: Session, signal: AbortSignal, options: SyncOptions = {}): Promise<SyncReport> {
  const { index, log } = session;
  const before = readRunNote(index);
  noteRunning(index, before);
  try {
    const report = await run(session, { goesOn: before.syncedMs === undefined, signal, ...options });
    const syncedMs = report.left === 0 && report.problems === 0 && report.held === 0 ? session.parts.clock.nowMs() : before.syncedMs;
    writeRunNote(index, { syncedMs, code: report.integrityCodes[0] ?? (report.held > 0 ? 'E_BULK_CHANGE' : undefined) });
    log.info('synced', { problems: report.problems, left: report.left, passes: report.passes, up: report.bytesUp, down: report.bytesDown });
    return report;
  } catch (error) {
    const isStopped = signal.aborted;
    const code = error instanceof Failure ? error.code : 'E_FAILED';
    writeRunNote(index, { syncedMs: before.syncedMs, code: isStopped ? before.code : code });
    throw error;
  }
}

async function run(session: Session, options: RunOptions): Promise<SyncReport> {
  const { signal } = options;
  const { index, disk, journal, keyring, metrics, parts } = session;
  await disk.checkRoot();
  await disk.clearStaged();
  // A person who runs this by hand wants what rested to be tried at once.
  index.dirty.releaseHeld();
  if (journal.hasPending) await journal.resumePending(signal);
  endOldDecisions(index);
  await adoptLostDevices({ ...session.keyStore, signal }, keyring, session.own);
  rememberDevices(index, keyring);
  let { passes, left } = await runPasses(parts, options);
  if (await surfaceLost(session, signal)) ({ passes, left } = await runPasses(parts, options));
  await publishRetention(session, signal);
  await speakUp(session, signal);
  await emptyTrash(session);
  tellOfDevices(session);
  const problems = index.problems.count();
  parts.emit({ event: 'synced', problems });
  const held = index.massChange.countHeld();
  return {
    problems,
    held,
    left,
    passes,
    integrityCodes: findIntegrityCodes(session),
    bytesUp: metrics.bytesUp,
    bytesDown: metrics.bytesDown,
  };
}

/** All is synced by then: what can't be removed stays for the next run. */
async function emptyTrash({ disk, settings, log, index, parts: { clock } }: Session): Promise<void> {
  try {
    await disk.emptyTrash(trashDaysNow(index, configNumber(settings.config, 'trash.days') ?? 30, clock.nowMs()));
  } catch (error) {
    log.failure('trash not emptied', error);
  }
}

/** What the others wait for: entries of removed devices vouched for; a word at most once a day; a checkpoint where it is time. */
async function speakUp({ journal, keyring, keyStore, parts: { clock } }: Session, signal: AbortSignal): Promise<void> {
  const own = journal.devices().find(({ device }) => device === keyring.device);
  const saidMs = own?.timeMs ?? 0;
  const hasNews = journal.devices().some(({ device, arrivedMs }) => device !== keyring.device && arrivedMs > saidMs);
  // A device that never said anything waits for something to answer to; every other one tells once a day that it is there.
  // One whose clock was ahead when it spoke last does not wait until then.
  const isDue = (own !== undefined || hasNews) && Math.abs(clock.nowMs() - saidMs) > dayMs;
  if (journal.owesVouching || isDue) await journal.heartbeat(signal);
  if (isDue) await collectEnrolments({ ...keyStore, signal });
  await journal.maybeCheckpoint(signal);
}

/** Codes of all problems that say that the store is not to be believed. */
export function findIntegrityCodes({ index }: Pick<Session, 'index'>): FailureCode[] {
  return index.problems.codes().filter((code) => failureMeanings[code].exitCode === 5);
}
