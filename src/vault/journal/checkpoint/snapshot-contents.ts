import type { PackDirectory } from '../../../model/change.ts';
import type { Content, ContentRef } from '../../../model/node.ts';

/** What a snapshot holds beside the fold's state: the engine knows it. */
export interface SnapshotContents {
  /** By id: all packs that anything in the tree lies in. */
  packs(): Iterable<PackDirectory>;
  /** How to put a file's content together. Throws where it is not known. */
  contentOf(content: ContentRef): Content;
}
