import { Failure } from '../base/failure.ts';
import type { Hints, Meanwhile } from '../engine/meanwhile.ts';
import { runPass, type PassReport } from '../engine/sync-pass.ts';
import type { Session } from './open-session.ts';
import { noteRunning, readRunNote, writeRunNote } from './profile/run-note.ts';
import { findIntegrityCodes, type SyncReport } from './sync-once.ts';
import { tellOfDevices } from './devices/tell-of-devices.ts';

/** Files that change while they are synced are looked at again soon anyway. */
const passesMax = 12;

/** Where to look, now and in the middle. */
export interface Changes {
  readonly hints: Hints;
  readonly meanwhile: Meanwhile;
}

/**
 * Brings to agreement what is known to differ, after a look where the hints say; brings the journal's news.
 * Notes for `status` how it went. Throws as `runPass`.
 */
export async function syncPaths(session: Session, { hints, meanwhile }: Changes, signal: AbortSignal): Promise<SyncReport> {
  const { index, metrics, parts } = session;
  const before = readRunNote(index);
  noteRunning(index, before);
  const { passes, left } = await runPasses(session, { hints, meanwhile }, signal).catch((error: unknown) => {
    const code = error instanceof Failure ? error.code : 'E_FAILED';
    writeRunNote(index, { syncedMs: before.syncedMs, code: signal.aborted ? before.code : code });
    throw error;
  });
  const problems = index.problems.count();
  const held = index.massChange.countHeld();
  const integrityCodes = findIntegrityCodes(session);
  const code = integrityCodes[0] ?? (held > 0 ? 'E_BULK_CHANGE' : undefined);
  const isAgreed = left === 0 && problems === 0 && held === 0;
  writeRunNote(index, { syncedMs: isAgreed ? parts.clock.nowMs() : before.syncedMs, code });
  if (passes > 1) parts.emit({ event: 'synced', problems });
  tellOfDevices(session);
  return { problems, held, left, passes, integrityCodes, bytesUp: metrics.bytesUp, bytesDown: metrics.bytesDown };
}

async function runPasses(
  { parts }: Session,
  { hints, meanwhile }: Changes,
  signal: AbortSignal,
): Promise<{ passes: number; left: number }> {
  let report: PassReport = await runPass(parts, signal, hints, meanwhile);
  let passes = 1;
  // What is still being written is heard of, and taken when it rests: to read it on and on would be to read it for nothing.
  for (; report.isChanged && passes < passesMax; passes += 1)
    report = await runPass(parts, signal, { paths: [], resting: hints.resting }, meanwhile);
  return { passes, left: report.left };
}
