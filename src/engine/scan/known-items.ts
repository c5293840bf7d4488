import type { DiskTraits } from '../../model/disk-traits.ts';
import { nameKey } from '../../model/shown-name.ts';
import { shownOf, type LocalNode } from '../../model/node.ts';
import { limits } from '../../model/limits.ts';
import type { NodeName } from '../../model/name.ts';
import type { Listed } from '../../disk/disk.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { EngineParts } from '../engine-parts.ts';
import { childrenOf } from './forget-missed.ts';
import { limboId } from './limbo.ts';
import { lookIfReadable, type FolderAt, type FolderListing } from './list-items.ts';
import { findLocalPath } from '../local-path.ts';
import { syncableItems, type Syncable } from '../local-row.ts';
import { withoutSettled, type SettledListing } from './settled-items.ts';

/** Where an item stands. */
export interface ItemPlace {
  readonly folder: NodeId;
  readonly name: NodeName;
}

/**
 * Whether an editor puts there what it is about to write anew. Where another file has the name by now, that one is the file, and what stands
 * here is new: who edits the file elsewhere means what has its name, and would have written to the backup, which goes when it is saved again.
 */
export function isBackupOf(file: ItemPlace, { folder, name }: ItemPlace, traits: DiskTraits): boolean {
  return folder === file.folder && nameKey(name, traits) === nameKey(backupOf(file.name), traits);
}

/** What an editor calls the backup of a file. */
export function backupOf(name: NodeName): NodeName {
  return `${name}~` as NodeName;
}

/** What is known of items that a scan meets: by their place, and by their identity wherever they were. */
export class KnownItems {
  readonly #parts: EngineParts;
  /** Whether nothing at all was known when the scan began. */
  readonly isFirst: boolean;
  /** What needs no further look, by folder. */
  readonly #settled = new Map<FolderAt, ReadonlySet<NodeName>>();
  /** By folder, and as of which revision of the trees: most that is scanned is as it was, and asked for twice. */
  readonly #rows = new Map<FolderAt, { readonly revision: number; readonly rows: readonly LocalNode[] }>();

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { local } = parts.index;
    this.isFirst = !local.hasChildren(rootId) && !local.hasChildren(limboId);
  }

  /** The listings without what is in them as it was known; `in` leaves that out from now on. Until the next listings. */
  settle(listings: readonly FolderListing[]): SettledListing[] {
    this.#settled.clear();
    this.#rows.clear();
    const left = listings.map((listing) => withoutSettled(this.#parts, listing));
    for (const { folder, settled } of left) if (settled.size > 0) this.#settled.set(folder, settled);
    return left;
  }

  /** Rows of the items that are looked at. */
  in(folder: FolderAt): readonly LocalNode[] {
    const { revision } = this.#parts.index.local;
    const known = this.#rows.get(folder);
    if (known?.revision === revision) return known.rows;
    const settled = this.#settled.get(folder);
    const rows = settled === undefined ? this.#load(folder) : this.#loadWithout(folder, settled);
    this.#rows.set(folder, { revision, rows });
    return rows;
  }

  #load({ id, names }: FolderAt): readonly LocalNode[] {
    const { local } = this.#parts.index;
    if (names === undefined) return local.childrenOf(id, undefined, limits.childrenMax);
    return names.map((name) => local.childShown(id, name)).filter((row) => row !== undefined);
  }

  #loadWithout({ id }: FolderAt, settled: ReadonlySet<NodeName>): readonly LocalNode[] {
    const rows: LocalNode[] = [];
    for (const row of childrenOf(this.#parts.index.local, id)) if (!settled.has(shownOf(row))) rows.push(row);
    return rows;
  }

  /** Rows that may be this very item under another name. */
  as(item: Syncable<Listed>): readonly LocalNode[] {
    if (item.identity === '' || this.isFirst) return [];
    return this.#parts.index.local.findByIdentity(item.identity).filter(({ state }) => state.kind === item.kind);
  }

  /** Of known items that now show under another name: those that are no longer where they were (a hard link still is). */
  async findMovedHere(listings: readonly FolderListing[]): Promise<ReadonlySet<NodeId>> {
    const moved = new Set<NodeId>();
    for (const { folder, listing } of listings) {
      if (typeof listing === 'string') continue;
      const traits = this.#parts.index.traits.current;
      const here = new Map(this.in(folder).map((row) => [nameKey(shownOf(row), traits), row.identity]));
      for (const item of syncableItems(listing.entries)) {
        // Most items are where they were: nothing is asked about them.
        if (item.identity === '' || here.get(nameKey(item.name, traits)) === item.identity) continue;
        for (const row of this.as(item)) if (await this.#isAway(row, { folder: folder.id, name: item.name })) moved.add(row.id);
      }
    }
    return moved;
  }

  async #isAway(row: LocalNode, place: ItemPlace): Promise<boolean> {
    if (row.state.parent === limboId) return true;
    const path = findLocalPath((id) => this.#parts.index.local.find(id), row.id);
    if (path === undefined) return true; // below something that is in limbo
    const now = await lookIfReadable(this.#parts.disk, path);
    if (now === 'unknown' || now?.identity === row.identity) return false;
    const file = { folder: row.state.parent, name: shownOf(row) };
    return now?.kind !== 'file' || !isBackupOf(file, place, this.#parts.index.traits.current);
  }
}
