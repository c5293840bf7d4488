import { Failure } from '../../base/failure.ts';
import { openJournalBook } from '../../index/journal-book.ts';
import type { EntryMark } from '../../model/journal-book.ts';
import { limits } from '../../model/limits.ts';
import { bodyHashOf } from '../../vault/entry/entry-layout.ts';
import { openHeader } from '../../vault/entry/open-entry.ts';
import { inParallel } from '../../vault/journal/in-parallel.ts';
import { withPatience } from '../../vault/journal/patience.ts';
import type { Damage } from './damage.ts';
import type { Session } from '../open-session.ts';

const atOnce = 8;

/** Reads every entry that this device knows of from the store again. How many were whole. */
export async function verifyEntries(session: Session, damage: Damage, signal: AbortSignal): Promise<number> {
  const book = openJournalBook(session.index);
  const patience = { clock: session.parts.clock, signal, codes: ['E_MISSING', 'E_TAMPER', 'E_FORMAT'] } as const;
  let whole = 0;
  await inParallel(book.namesFrom(1), atOnce, async (name) => {
    const mark = book.findEntry(name);
    if (mark === undefined) return;
    const isWhole = await damage.gather(name, () => withPatience(patience, () => verifyEntry(session, mark, signal)));
    if (isWhole === true) whole += 1;
  });
  return whole;
}

/** The entry must be, byte for byte in what it says, the one that was recorded. */
async function verifyEntry({ store, sealing, keyring }: Session, { name, hash }: EntryMark, signal: AbortSignal): Promise<true> {
  const bytes = await store.get(name, { maxBytes: limits.entryMaxBytes, signal });
  if (bytes === undefined) throw new Failure('E_MISSING', 'an entry of the journal is not there', { subject: name });
  const keys = (epoch: number): ReturnType<typeof keyring.epochKeys> => keyring.epochKeys(epoch);
  const opened = openHeader(sealing, { keys, signerOf: ({ device }) => keyring.signingKey(device) }, name, bytes);
  if (opened.hash !== hash) throw new Failure('E_TAMPER', 'another entry than the one that was read before', { subject: name });
  if (opened.sealedBody === undefined) throw new Failure('E_MISSING', 'the entry is there, what it does is not', { subject: name });
  if (bodyHashOf(sealing.primitives, opened.sealedBody) !== opened.header.bodyHash) {
    throw new Failure('E_TAMPER', 'not the body that this entry was signed with', { subject: name });
  }
  return true;
}
