import type { ContentRef } from '../../model/node.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

/**
 * Whether everything of the content is in the store, as far as this device knows from its own doing: chunks that another
 * device merely told of do not count until they were opened once.
 */
export function isStored({ contents, chunks }: SyncIndex, content: ContentRef): boolean {
  if (content.sizeBytes === 0) return true;
  const known = contents.find(content.id);
  if (known === undefined || known.epoch !== content.epoch) return false;
  return (
    known.chunks.length > 0 &&
    known.chunks.every((chunk) => chunks.trusted(chunk)) &&
    known.listChunks.every((chunk) => chunks.trusted(chunk))
  );
}
