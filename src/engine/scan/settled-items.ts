import { shownOf, type LocalNode } from '../../model/node.ts';
import type { NodeName } from '../../model/name.ts';
import type { EngineParts } from '../engine-parts.ts';
import { childrenOf } from './forget-missed.ts';
import type { FolderListing } from './list-items.ts';

/** A folder's listing without what is as it was known, and the names of that. */
export interface SettledListing extends FolderListing {
  readonly settled: ReadonlySet<NodeName>;
}

/**
 * What of a large folder need not be looked at any further: files and links that stand there exactly as they were known. Known rows
 * are gone through page by page, so that of a folder of any size they are never all in memory; a small one is faster taken as a whole.
 */
export function withoutSettled({ index, portions }: EngineParts, { folder, listing }: FolderListing): SettledListing {
  const settled = new Set<NodeName>();
  const isSmall = typeof listing === 'string' || folder.names !== undefined || listing.entries.length <= portions.listedItems;
  if (isSmall || !index.local.hasChildren(folder.id)) return { folder, listing, settled };
  const byName = new Map(listing.entries.map((entry) => [entry.name, entry]));
  for (const row of childrenOf(index.local, folder.id)) {
    const entry = byName.get(shownOf(row));
    if (entry !== undefined && isUntouched(entry, row)) settled.add(entry.name);
  }
  return { folder, listing: { ...listing, entries: listing.entries.filter(({ name }) => !settled.has(name)) }, settled };
}

/** As `matchListing` has it for the same name. Folders are entered, and stay. */
function isUntouched(
  entry: { readonly kind: string; readonly identity: string; readonly fingerprint: string },
  { state, identity, fingerprint }: LocalNode,
): boolean {
  return entry.kind === state.kind && entry.kind !== 'folder' && entry.identity === identity && entry.fingerprint === fingerprint;
}
