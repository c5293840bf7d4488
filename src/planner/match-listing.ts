import type { NodeName } from '../model/name.ts';
import type { DiskTraits } from '../model/disk-traits.ts';
import { shownOf, type LocalNode } from '../model/node.ts';
import { isSameSpelling, nameKey } from '../model/shown-name.ts';

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
export function matchListing<Item extends ListedItem>(
  items: readonly Item[],
  rows: readonly LocalNode[],
  traits: DiskTraits,
): ListingMatch<Item> {
  const byName = new Map(rows.map((row) => [shownOf(row), row]));
  const respelled = findRespelled(items, byName, traits);
  const match = {
    same: [] as { item: Item; row: LocalNode }[],
    touched: [] as { item: Item; row: LocalNode }[],
    replaced: [] as { item: Item; row: LocalNode }[],
    unknown: [] as Item[],
  };
  for (const item of items) {
    const row = byName.get(item.name) ?? respelled.get(item.name);
    if (row === undefined || row.state.kind !== item.kind) {
      match.unknown.push(item);
      continue;
    }
    byName.delete(shownOf(row));
    if (row.identity !== item.identity && row.identity !== '' && item.identity !== '') match.replaced.push({ item, row });
    else if (row.fingerprint === item.fingerprint && row.identity === item.identity && isSameSpelling(shownOf(row), item.name, traits))
      match.same.push({ item, row });
    else match.touched.push({ item, row });
  }
  return { ...match, missing: [...byName.values()] };
}

/** Known items whose name is only written otherwise now, on a disk to which that is the same name; by the name that was listed. */
function findRespelled<Item extends ListedItem>(
  items: readonly Item[],
  byName: ReadonlyMap<NodeName, LocalNode>,
  traits: DiskTraits,
): ReadonlyMap<NodeName, LocalNode> {
  const found = new Map<NodeName, LocalNode>();
  if (!traits.foldsCase && traits.unicode === 'kept') return found;
  const listed = new Set(items.map(({ name }) => name));
  const byKey = new Map<string, LocalNode>();
  for (const [name, row] of byName) if (!listed.has(name)) byKey.set(nameKey(name, traits), row);
  if (byKey.size === 0) return found;
  for (const { name, kind } of items) {
    const row = byName.has(name) ? undefined : byKey.get(nameKey(name, traits));
    if (row?.state.kind === kind) found.set(name, row);
  }
  return found;
}
