import { Failure } from '../base/failure.ts';
import { quarantineIndex } from '../index/file/quarantine-index.ts';
import type { AgentEvent } from './agent-event.ts';
import type { AgentHost } from './agent-host.ts';
import { openNoted } from './open-noted.ts';
import { openSession } from './open-session.ts';
import { scrubQuietly } from './verify/scrub.ts';
import { syncOnce, type SyncReport } from './sync-once.ts';
import { writeWaiting } from './profile/waiting-note.ts';

/**
 * Opens the profile, syncs once, closes it. An index that turns out to be damaged on the way is put aside, and the run
 * begins again with an empty one; where that does not help, it throws E_INDEX_DAMAGED. Throws as `openSession`, `syncOnce`.
 */
export async function runSync(host: AgentHost, emit: (event: AgentEvent) => void): Promise<SyncReport> {
  try {
    return await openAndSync(host, emit);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'E_INDEX_DAMAGED' || error.subject === undefined) throw error;
    if (quarantineIndex(error.subject) === undefined) throw error;
    host.warn('the index was damaged: it was put aside and is built again');
    return openAndSync(host, emit);
  }
}

async function openAndSync(host: AgentHost, emit: (event: AgentEvent) => void): Promise<SyncReport> {
  const session = await openNoted(host, () => openSession(host, emit));
  try {
    await scrubQuietly(session, host.signal);
    const report = await syncOnce(session, host.signal, { isOnly: true });
    // It looked at everything, also at what an agent had only heard of when it ended.
    writeWaiting(session.index, 0);
    return report;
  } catch (error) {
    if (!host.signal.aborted) session.log.failure('sync failed', error);
    throw error;
  } finally {
    await session.close();
  }
}
