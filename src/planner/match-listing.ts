import type { NodeName } from '../model/name.ts';
import type { LocalNode } from '../model/node.ts';

/** What of a listed item decides which node it is. */
export interface ListedItem {
  readonly name: NodeName;
  readonly kind: LocalNode['state']['kind'];
  readonly identity: string;
  readonly fingerprint: string;
}

/** A listing held against what was known of the folder. */
export interface ListingMatch<Item extends ListedItem> {
  /** The same item, untouched. */
  readonly same: readonly { readonly item: Item; readonly row: LocalNode }[];
  /** The same item, with other content or metadata (or a file system that has no inodes). */
  readonly touched: readonly { readonly item: Item; readonly row: LocalNode }[];
  /** Another item under the name of a known one: it may be its new version, saved by renaming over the old one. */
  readonly replaced: readonly { readonly item: Item; readonly row: LocalNode }[];
  /** An item under a new name: new, or moved here. */
  readonly unknown: readonly Item[];
  /** Known, and no longer here: gone, or moved elsewhere. */
  readonly missing: readonly LocalNode[];
}

/** Compares by name, kind and identity. An item that changed its kind is a new one, and the old one is missing. */
export function matchListing<Item extends ListedItem>(items: readonly Item[], rows: readonly LocalNode[]): ListingMatch<Item> {
  const byName = new Map(rows.map((row) => [row.state.name, row]));
  const match = {
    same: [] as { item: Item; row: LocalNode }[],
    touched: [] as { item: Item; row: LocalNode }[],
    replaced: [] as { item: Item; row: LocalNode }[],
    unknown: [] as Item[],
  };
  for (const item of items) {
    const row = byName.get(item.name);
    if (row === undefined || row.state.kind !== item.kind) {
      match.unknown.push(item);
      continue;
    }
    byName.delete(item.name);
    if (row.identity !== item.identity && row.identity !== '' && item.identity !== '') match.replaced.push({ item, row });
    else if (row.fingerprint === item.fingerprint && row.identity === item.identity) match.same.push({ item, row });
    else match.touched.push({ item, row });
  }
  return { ...match, missing: [...byName.values()] };
}
