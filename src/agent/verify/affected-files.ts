import { openJournalBook } from '../../index/journal-book.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { ContentRef, VersionedNode } from '../../model/node.ts';
import type { Damage } from './damage.ts';
import { findVaultPath } from '../show/vault-paths.ts';

const pageSize = 1000;

/** Paths of the files in the vault's tree that need a chunk which no whole pack holds. */
export function findAffectedFiles(index: SyncIndex, damage: Damage): string[] {
  const book = openJournalBook(index);
  const affected: string[] = [];
  let after: VersionedNode['id'] | undefined;
  for (;;) {
    const page = book.nodesAfter(after, pageSize);
    for (const { id, state } of page) {
      if (state.kind === 'file' && !isWhole(index, damage, state.content)) affected.push(findVaultPath(index, id) ?? state.name);
    }
    after = page.at(-1)?.id;
    if (page.length < pageSize) return affected.toSorted();
  }
}

function isWhole({ contents, chunks }: SyncIndex, damage: Damage, { id, sizeBytes }: ContentRef): boolean {
  if (sizeBytes === 0) return true;
  const content = contents.find(id);
  if (content === undefined) return false;
  const needed = [...content.chunks, ...content.listChunks];
  return needed.every((chunk) => damage.whole.has(chunk) || (!damage.chunks.has(chunk) && chunks.find(chunk) !== undefined));
}
