import { Failure } from '../../base/failure.ts';
import { listPacks } from '../../index/list-packs.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { PackDirectory } from '../../model/change.ts';
import type { PackId } from '../../model/ids.ts';
import type { SnapshotContents } from '../../vault/journal/checkpoint/snapshot-contents.ts';

const pageSize = 1_000;

/** What a snapshot says of contents and packs, out of the index. */
export function indexContents(index: SyncIndex): SnapshotContents {
  return {
    packs: () => allPacks(index),
    contentOf: (ref) => {
      const known = index.contents.find(ref.id);
      if (known !== undefined) return known;
      if (ref.sizeBytes === 0) return { ...ref, chunks: [], listChunks: [] };
      throw new Failure('E_INDEX_DAMAGED', 'nothing says how a content of the tree is put together');
    },
  };
}

function* allPacks(index: SyncIndex): Generator<PackDirectory, void> {
  let after: PackId | undefined;
  do {
    const page = listPacks(index, after, pageSize);
    for (const pack of page) {
      const directory = index.chunks.findPack(pack);
      if (directory !== undefined) yield directory;
    }
    after = page.at(-1);
  } while (after !== undefined);
}
