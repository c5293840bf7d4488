/** What was before the snapshot that a device began with: read from the store when somebody asks for history, once. */
import fs from 'node:fs/promises';
import { Failure } from '../base/failure.ts';
import { ControlClient } from '../control/control-client.ts';
import { copyPast } from '../engine/copy-past.ts';
import { openJournalBook } from '../index/journal-book.ts';
import { SyncIndex } from '../index/sync-index.ts';
import { readPastFrom } from '../vault/journal/past-from.ts';
import type { AgentHost } from './agent-host.ts';
import { lookInto } from './look-into.ts';
import { openSession, type Session } from './open-session.ts';

/**
 * Reads it, where it is missing: every entry from before the snapshot once, into an index beside, of which what ended is
 * kept. Throws as `Journal.bringPast`; nothing is kept then.
 */
export async function bringPast({ folder, index, journal }: Session, signal: AbortSignal): Promise<void> {
  if (journal.isPastKnown) return;
  const file = folder.file('past');
  const remove = async (): Promise<void> => {
    for (const suffix of ['', '-wal', '-shm']) await fs.rm(file + suffix, { force: true });
  };
  await remove();
  const scratch = SyncIndex.open(file);
  try {
    await journal.bringPast(openJournalBook(scratch), (upTo) => copyPast(scratch, index, upTo), signal);
  } finally {
    scratch.close();
    await remove();
  }
}

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
