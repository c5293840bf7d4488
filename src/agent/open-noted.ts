import { Failure } from '../base/failure.ts';
import type { AgentHost } from './agent-host.ts';
import type { Session } from './open-session.ts';
import { changeIndex } from './profile/change-index.ts';
import { readRunNote, writeRunNote } from './profile/run-note.ts';

/** A store that is away or not the right one shows when the session opens: `status` has to know of that, too. */
export async function openNoted(host: AgentHost, open: () => Promise<Session>): Promise<Session> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Failure && [4, 5].includes(error.exitCode) && !host.signal.aborted) await noteFailure(host, error);
    throw error;
  }
}

async function noteFailure(host: AgentHost, { code }: Failure): Promise<void> {
  try {
    await changeIndex(host, (index) => writeRunNote(index, { syncedMs: readRunNote(index).syncedMs, code }));
  } catch {
    // The failure itself is what has to be told.
  }
}
