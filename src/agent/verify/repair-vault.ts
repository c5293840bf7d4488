/**
 * Making good what the store lost: chunks that no pack holds whole any more, and that files in this device's folder still
 * have, go into new packs, which an entry names. What only another device has, that one makes good.
 */
import { PackUploads } from '../../engine/content/upload-packs.ts';
import { publishPacks } from '../../engine/publish/publish.ts';
import { readFiles, type ReadOperation } from '../../engine/content/read-files.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { openJournalBook } from '../../index/journal-book.ts';
import type { ChunkId, NodeId } from '../../model/ids.ts';
import type { ContentRef } from '../../model/node.ts';
import { findPackId } from '../../vault/pack/pack-name.ts';
import type { Session } from '../open-session.ts';
import { forgetMended } from './scrub.ts';
import { verifyOnce, type VerifyReport, type VerifyWay } from './verify-vault.ts';

const pageSize = 1000;

/**
 * Verifies, repairs what this device can, verifies again. Where more than packs is damaged nothing is built upon that. Throws as
 * `verifyVault`, and what uploading and publishing throw.
 */
export async function repairVault(session: Session, way: VerifyWay, signal: AbortSignal): Promise<VerifyReport> {
  const { report, lost } = await verifyOnce(session, way, signal);
  const isRepairable = report.damaged.every(({ object }) => findPackId(object) !== undefined);
  if (lost.size === 0 || !isRepairable) return ended(session, report, way);
  const { parts } = session;
  const uploads = new PackUploads(parts, signal, lost);
  const reads = [...holders(session.index, lost)];
  await readFiles(parts, reads, uploads);
  await parts.workshop.flush(uploads);
  await uploads.settle();
  if (uploads.bytesStored === 0) return ended(session, report, way);
  await publishPacks(parts, signal);
  session.log.info('repaired', { files: reads.length, bytes: uploads.bytesStored });
  return ended(session, (await verifyOnce(session, way, signal)).report, way);
}

function ended(session: Session, report: VerifyReport, { readsData }: VerifyWay): VerifyReport {
  forgetMended(session, report.damaged, readsData);
  return report;
}

/** Files that are here as they are in the vault, and hold one of these chunks. */
function* holders(index: SyncIndex, chunks: ReadonlySet<ChunkId>): Generator<ReadOperation> {
  const book = openJournalBook(index);
  let after: NodeId | undefined;
  for (;;) {
    const page = book.nodesAfter(after, pageSize);
    for (const { id, state } of page) {
      if (state.kind === 'file' && isHere(index, id, state.content) && holdsAny(index, state.content, chunks))
        yield { do: 'read', node: id, how: 'upload', epoch: state.content.epoch };
    }
    after = page.at(-1)?.id;
    if (page.length < pageSize) return;
  }
}

function isHere({ local }: SyncIndex, node: NodeId, content: ContentRef): boolean {
  const state = local.find(node)?.state;
  return state?.kind === 'file' && state.content?.id === content.id;
}

function holdsAny({ contents }: SyncIndex, { id }: ContentRef, chunks: ReadonlySet<ChunkId>): boolean {
  const content = contents.find(id);
  return content !== undefined && [...content.chunks, ...content.listChunks].some((chunk) => chunks.has(chunk));
}
