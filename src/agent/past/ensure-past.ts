import { Failure } from '../../base/failure.ts';
import { ControlClient } from '../../control/control-client.ts';
import { openJournalBook } from '../../index/journal-book.ts';
import { readPastFrom } from '../../vault/journal/fold/past-from.ts';
import type { AgentHost } from '../agent-host.ts';
import { bringPast } from './bring-past.ts';
import { lookInto } from '../folder/look-into.ts';
import { openSession } from '../open-session.ts';

/**
 * Has whoever owns the profile read it. Where the store can't be reached, what is known has to do, and the person is told.
 * Throws as `openSession` otherwise.
 */
export async function ensurePast(host: AgentHost): Promise<void> {
  if (await lookInto(host.profileDir, ({ index }) => readPastFrom(openJournalBook(index)) === 0)) return;
  try {
    const client = await ControlClient.connect(host.profileDir, host);
    if (client === undefined) await bringByOwnSession(host);
    else await client.ask({ do: 'bring-past' }).finally(() => client.close());
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== 4) throw error;
    host.warn(`what was before this device joined is not listed: ${error.message}`);
  }
}

async function bringByOwnSession(host: AgentHost): Promise<void> {
  const session = await openSession(host, () => {});
  try {
    await bringPast(session, host.signal);
  } finally {
    await session.close();
  }
}
