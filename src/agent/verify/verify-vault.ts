/** Holding the store against what the vault's devices signed: every list of devices, every entry, every pack, on demand every chunk. */
import fs from 'node:fs/promises';
import type { ChunkId } from '../../model/ids.ts';
import { findPackId } from '../../vault/pack/pack-name.ts';
import { Failure } from '../../base/failure.ts';
import { systemRandom } from '../../base/random.ts';
import { baseListener } from '../../engine/publish/base-listener.ts';
import { openJournalBook } from '../../index/journal-book.ts';
import { SyncIndex } from '../../index/sync-index.ts';
import { Journal } from '../../vault/journal/journal.ts';
import { Damage, type DamagedObject } from './damage.ts';
import { withKnownEntries } from '../past/known-entries.ts';
import type { Session } from '../open-session.ts';
import { findAffectedFiles } from './affected-files.ts';
import { forgetMended } from './scrub.ts';
import { verifyEntries } from './verify-entries.ts';
import { verifyPacks, type PackVerification } from './verify-packs.ts';

/** What was verified and what is wrong; the shape is that of `verify --json`. */
export interface VerifyReport {
  readonly keyLists: number;
  readonly entries: number;
  readonly packs: number;
  /** Opened, with `--data`; else only found in their packs' directories. */
  readonly chunks: number;
  readonly damaged: readonly DamagedObject[];
  /** Paths of the files that can't be put together from the store as it is. */
  readonly files: readonly string[];
}

/**
 * Verifies the whole vault; changes nothing, in the store or in the folder. What is damaged is told in the report. The
 * session's opening verified the lists of devices. Throws where the store can't be reached.
 */
export async function verifyVault(session: Session, options: VerifyWay, signal: AbortSignal): Promise<VerifyReport> {
  const { report } = await verifyOnce(session, options, signal);
  forgetMended(session, report.damaged, options.readsData);
  return report;
}

/** What was found, also in a form to go on with. */
export interface Verified {
  readonly report: VerifyReport;
  /** Chunks that the journal knows and no pack holds whole. */
  readonly lost: ReadonlySet<ChunkId>;
}

/** How to verify; packs as `verifyPacks`. */
export type VerifyWay = Pick<PackVerification, 'readsData' | 'hear'>;

export async function verifyOnce(session: Session, { readsData, hear }: VerifyWay, signal: AbortSignal): Promise<Verified> {
  const damage = new Damage();
  await damage.gather('journal', () => session.journal.catchUp(signal));
  const entries = await verifyEntries(session, damage, signal);
  // A journal with holes can't be folded; the holes were told.
  if (damage.objects.length === 0) await damage.gather('journal', () => foldAgain(session, signal));
  const { packs, chunks } = await verifyPacks(session, damage, { readsData, signal, hear });
  damage.forgetReplaced((object) => packChunks(session, object));
  const files = findAffectedFiles(session.index, damage);
  const keyLists = session.keyring.state().read.chain.chosen.length;
  session.log.info('verified', { keyLists, entries, packs, chunks, damaged: damage.objects.length, files: files.length });
  return { report: { keyLists, entries, packs, chunks, damaged: damage.inOrder(), files }, lost: damage.lost() };
}

/** Chunks of a pack that the journal knows, by its object's name. */
function packChunks({ index }: Session, object: string): readonly ChunkId[] | undefined {
  const pack = findPackId(object);
  return pack === undefined ? undefined : index.chunks.findPack(pack)?.chunks.map(({ chunk }) => chunk);
}

/** Reads and folds the entries that this device knows into an empty index, as a new device would; the outcome must be what it has. */
async function foldAgain({ folder, store, sealing, keyring, index, parts: { clock } }: Session, signal: AbortSignal): Promise<void> {
  const file = folder.file('scratch');
  const remove = async (): Promise<void> => {
    for (const suffix of ['', '-wal', '-shm']) await fs.rm(file + suffix, { force: true });
  };
  await remove();
  const scratch = SyncIndex.open(file);
  try {
    const book = openJournalBook(scratch);
    const own = openJournalBook(index);
    const known = withKnownEntries(store, own.namesFrom(1));
    const pinCopy = { read: () => undefined, write: () => Promise.resolve() };
    const tools = { clock, random: systemRandom };
    await new Journal({ store: known, sealing, keys: keyring, book, pinCopy, listener: baseListener(scratch), ...tools }).catchUp(signal);
    const [theirs, ours] = [book.readFact('sum'), own.readFact('sum')];
    if (Buffer.compare(theirs ?? new Uint8Array(), ours ?? new Uint8Array()) !== 0) {
      throw new Failure('E_INDEX_DAMAGED', "this device's index says something else than the journal", { subject: index.database.file });
    }
  } finally {
    scratch.close();
    await remove();
  }
}
