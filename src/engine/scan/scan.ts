import { joinPath, type DiskPath, type Listed, type Listing } from '../../disk/disk.ts';
import { toHex } from '../../base/bytes.ts';
import { parseId, rootId, type NodeId } from '../../model/ids.ts';
import { findNameFault, isPrivateName, type NodeName } from '../../model/name.ts';
import { nameKey } from '../../model/shown-name.ts';
import { shownOf, type LocalNode } from '../../model/node.ts';
import { withKeptMeta } from '../../planner/kept-meta.ts';
import { matchListing, type ListingMatch } from '../../planner/match-listing.ts';
import type { EngineParts } from '../engine-parts.ts';
import { childrenOf, forgetMissed } from './forget-missed.ts';
import { backupOf, isBackupOf, KnownItems, type ItemPlace } from './known-items.ts';
import { forgetMoved, isLeftBehind, type ListedFolder } from './left-behind.ts';
import { inLimbo, limboId } from './limbo.ts';
import type { FolderAt, FolderListing } from './list-items.ts';
import { placeOfKnown, placeOfNew } from './local-names.ts';
import { findLocalPath } from '../local-path.ts';
import { localRow, type SeenItem, syncableItems, type Syncable } from '../local-row.ts';
import { MountWatch } from './mount-watch.ts';
import { RestoredOrigins } from '../past/restored-origins.ts';
import { SoughtItems } from './sought-items.ts';
import { isRebuilding } from '../rebuilding.ts';
import { UnreadableItems } from './unreadable-items.ts';

type Item = Syncable<Listed>;

/** What a scan saw, for progress and for the report. */
export interface ScanResult {
  readonly items: number;
  /** Whether anything differed from what was known. */
  readonly isChanged: boolean;
  /** Folders that stayed for ignored things, and hold none any more. */
  readonly emptied: readonly ListedFolder[];
  /** Of what a look at parts found missing and took for gone, some: nobody was sure that it is not elsewhere. */
  readonly forgotten: readonly LocalNode[];
}

/** One look at the folder, or at parts of it: what the listings say is taken into the local tree. */
export class Scan {
  readonly #parts: EngineParts;
  readonly #replacedBy = new Map<NodeId, NodeId>();
  /** Where another item has the name of a known one, by the known one's id: those that an editor may have put aside. */
  readonly #retaken = new Map<NodeId, ItemPlace>();
  readonly #mounts: MountWatch;
  readonly #restored: RestoredOrigins;
  readonly #unreadable: UnreadableItems;
  readonly #sought: SoughtItems;
  readonly #passedOver = new Set<DiskPath>();
  /** Folders that could not be read, and that are looked at once more. */
  #unread: FolderAt[] | undefined = [];
  readonly #emptied: ListedFolder[] = [];
  /** Where what is in limbo now was known to be. */
  readonly #missedIn = new Set<NodeId>();
  /** Where a folder that was to be looked into was not the known one. */
  readonly #othersIn = new Set<NodeId>();
  #items = 0;
  #isChanged = false;
  /** Whether anything differed from what was known, since that was asked last. */
  #isNews = false;
  /** Whether an item came up of which nothing tells whether it is new, since that was asked last. */
  #isAnyUntold = false;
  /** Whether this is the first look: only that one counts items. */
  #isFirstLook = true;
  /** Whether folders that are where they were are passed by: only what is new or moved is entered. */
  isShallow = false;
  readonly #known: KnownItems;
  readonly #isRebuilding: boolean;
  /** Whether an earlier scan was broken off with items that it had not found again: nobody knows any more where to look for them. */
  readonly isResumed: boolean;

  /** `removed`: what the system says was removed, and not moved away. */
  constructor(parts: EngineParts, removed: ReadonlySet<DiskPath>) {
    this.#parts = parts;
    this.#sought = new SoughtItems(parts.index, removed);
    this.#mounts = new MountWatch(parts);
    this.#restored = new RestoredOrigins(parts.index);
    this.#unreadable = new UnreadableItems(parts);
    const { local, mounts } = parts.index;
    this.#known = new KnownItems(parts);
    this.#isRebuilding = isRebuilding(parts.index);
    // What a disk that is away knows of stays there until the disk is back.
    this.isResumed = local.hasChildren(limboId) && [...childrenOf(local, limboId)].some(({ id }) => mounts.find(id) === undefined);
  }

  /** What stays out of the folder, before anything in it is taken. */
  async learnRules({ path }: FolderAt, listing: Listing): Promise<void> {
    const { rules, disk } = this.#parts;
    const fault = await rules.refresh(disk, path, listing);
    if (fault !== undefined) this.#unreadable.note(rules.pathIn(path), fault);
    else if (typeof listing !== 'string') this.#unreadable.clear(rules.pathIn(path));
  }

  /** Folders that are to be passed over: kept on this disk for ignored things, after the vault removed them. */
  async findLeftBehind(listings: readonly FolderListing[]): Promise<void> {
    if (!this.#parts.index.leftBehind.hasAny()) return;
    for (const { folder, listing } of listings) {
      if (typeof listing === 'string') continue;
      forgetMoved(this.#parts, folder, listing);
      for (const entry of listing.entries) {
        const path = joinPath(folder.path, entry.name);
        if (entry.kind === 'folder' && (await isLeftBehind(this.#parts, { path, entry }, this.#emptied))) this.#passedOver.add(path);
      }
    }
  }

  /** Leaves out what is as it was known, where there is so much of it that it shows. */
  settle(listings: readonly FolderListing[]): readonly FolderListing[] {
    const left = this.#known.settle(listings);
    for (const { folder, settled } of left) {
      if (this.#isFirstLook) this.#items += settled.size;
      if (this.#unreadable.hasAny) for (const name of settled) this.#unreadable.clear(joinPath(folder.path, name));
    }
    return left;
  }

  /** Of known items that now show under another name: those that are no longer where they were. */
  findMovedHere(listings: readonly FolderListing[]): Promise<ReadonlySet<NodeId>> {
    return this.#known.findMovedHere(listings);
  }

  /** Puts what was listed into the local tree; returns the folders to list next. */
  take(listings: readonly FolderListing[], moved: ReadonlySet<NodeId>): FolderAt[] {
    const { index } = this.#parts;
    return index.transaction(() => listings.flatMap(({ folder, listing }) => this.#takeFolder(folder, listing, moved)));
  }

  /** Folders that could not be read for the first time; from then on those are problems. */
  takeUnread(): readonly FolderAt[] {
    const unread = this.#unread ?? [];
    this.#unread = undefined;
    return unread;
  }

  /** Whether what was seen since this was asked last may be half of a move. From then on items are not counted any more. */
  takeDoubt(): boolean {
    const isDoubtful = this.#isNews && (this.#isAnyUntold || this.#isAnyMissing());
    this.#isNews = false;
    this.#isAnyUntold = false;
    this.#isFirstLook = false;
    return isDoubtful;
  }

  /** Folders from which something is missing that was not found yet, or in which another folder bears the name of a known one. */
  takeDoubtful(): readonly FolderAt[] {
    const { local } = this.#parts.index;
    const missedIn = local.hasChildren(limboId) ? [...this.#missedIn] : [];
    const doubtful = new Set([...missedIn, ...this.#othersIn]);
    this.#othersIn.clear();
    return [...doubtful].flatMap((id) => {
      const path = findLocalPath((node) => local.find(node), id);
      return path === undefined ? [] : [{ id, path }];
    });
  }

  /** Whether a folder that was to be looked into was not the known one, since the doubtful ones were taken. */
  get hasOthers(): boolean {
    return this.#othersIn.size > 0;
  }

  /** Whether what was not found yet is worth a look at everything. */
  isAnySought(): boolean {
    for (const row of childrenOf(this.#parts.index.local, limboId)) if (this.#isMissed(row) && this.#sought.has(row)) return true;
    return false;
  }

  /** Whether anything was not found yet that may stand elsewhere. */
  isAnyToFind(): boolean {
    return this.#isAnyMissing(({ id }) => !this.#sought.isToldRemoved(id));
  }

  #isAnyMissing(isMeant: (row: LocalNode) => boolean = () => true): boolean {
    const { local, mounts } = this.#parts.index;
    for (const row of childrenOf(local, limboId)) {
      // What a disk that is away knows of is looked for in vain.
      if (mounts.find(row.id) === undefined && this.#isMissed(row) && isMeant(row)) return true;
    }
    return false;
  }

  /** What held nothing, and another took the place of, is not missed. */
  #isMissed({ id }: LocalNode): boolean {
    return !this.#replacedBy.has(id) || this.#parts.index.local.hasChildren(id);
  }

  /** What was looked for and not found is gone. */
  async finish(seen: 'all' | 'some'): Promise<ScanResult> {
    const { index } = this.#parts;
    if (seen === 'all' && this.#unreadable.hasAny) index.transaction(() => this.#unreadable.clearUnmet());
    const isAnyMissed = index.local.hasChildren(limboId);
    const missed = { replacedBy: this.#replacedBy, mounts: this.#mounts, isResumed: this.isResumed };
    const forgotten = isAnyMissed ? await forgetMissed(this.#parts, missed) : [];
    if (this.#mounts.isChanged || this.#restored.hasAny)
      index.transaction(() => {
        this.#mounts.finish();
        this.#restored.end(seen);
      });
    return {
      items: this.#items,
      isChanged: this.#isChanged,
      emptied: this.#emptied,
      forgotten: seen === 'all' ? [] : forgotten.filter(({ id }) => !this.#sought.isToldRemoved(id)),
    };
  }

  #takeFolder(folder: FolderAt, listing: Listing, moved: ReadonlySet<NodeId>): FolderAt[] {
    const { index } = this.#parts;
    if (!this.#isContent(folder, listing)) return [];
    const inFolder = this.#known.in(folder);
    const away = this.#mounts.findAway(listing, inFolder);
    this.#noteUnknown(folder, listing);
    // A disk may list a name otherwise than it is known.
    const keyOf = (name: NodeName): string => nameKey(name, index.traits.current);
    const unknown = new Set(listing.unknown.map(keyOf));
    const rows = inFolder.filter((row) => !away.has(row.id) && !unknown.has(keyOf(shownOf(row))));
    const known = new Set(rows.map((row) => keyOf(shownOf(row))));
    const hidden = new Set(inFolder.filter(({ id }) => away.has(id)).map((row) => keyOf(shownOf(row))));
    const items = syncableItems(this.#actable(folder, listing)).filter(
      (item) => !hidden.has(keyOf(item.name)) && (known.has(keyOf(item.name)) || !this.#staysOut(folder, item)),
    );
    if (this.#isFirstLook) this.#items += items.length;
    const match = matchListing(items, rows, index.traits.current);
    for (const row of match.missing) {
      this.#sought.noteMissing(row, joinPath(folder.path, shownOf(row)));
      this.#toLimbo(row);
    }
    this.#noteRetaken(folder, items, match);
    for (const { row } of match.replaced) this.#toLimbo(row);
    const below: FolderAt[] = [];
    const seen = (id: NodeId, item: Item): void => {
      if (item.kind !== 'folder') return;
      below.push({ id, path: joinPath(folder.path, item.name), device: item.device });
    };
    if (!this.isShallow) for (const { item, row } of match.same) seen(row.id, item);
    for (const { item, row } of match.touched) {
      this.#write(localRow(row.id, placeOfKnown(this.#parts, row, folder.id, item.name), this.#asMeant(folder, item, row), undefined));
      seen(row.id, item);
    }
    for (const { item, row } of this.#newcomers(match)) {
      const id = this.#takeNewcomer(folder, { item, row }, moved);
      this.#mounts.noteNew(id, item, listing);
      seen(id, item);
    }
    return below;
  }

  /** Names of which the disk says nothing: what is known of them stays. One of them may be what is missed elsewhere, so that it is looked at twice. */
  #noteUnknown(folder: FolderAt, { unknown }: Exclude<Listing, string>): void {
    for (const name of unknown) {
      const path = joinPath(folder.path, name);
      if (this.#unread === undefined || this.#unreadable.has(path)) this.#unreadable.noteUnknown(path);
      else if (this.#unread.at(-1) !== folder) this.#unread.push(folder);
    }
  }

  /** Without those that nothing may ever be done with, for their names. */
  #actable(folder: FolderAt, { entries }: Exclude<Listing, string>): readonly Listed[] {
    return entries.filter(({ name, kind }) => {
      const fault = findNameFault(name) ?? (folder.id === rootId && isPrivateName(name) ? 'is reserved' : undefined);
      const path = joinPath(folder.path, name);
      if (fault !== undefined) this.#unreadable.noteName(path, fault);
      // Whether a folder can be read its own listing says.
      else if (kind !== 'folder') this.#unreadable.clear(path);
      return fault === undefined;
    });
  }

  /** Whether that is what the known folder holds. If not, nothing of what was known of it is gone for that. */
  #isContent(folder: FolderAt, listing: Listing): listing is Exclude<Listing, string> {
    if (listing === 'unreadable') {
      if (this.#unread === undefined || folder.id === rootId || this.#unreadable.has(folder.path)) this.#unreadable.noteFolder(folder.path);
      else this.#unread.push(folder);
      return false;
    }
    if (listing !== 'gone') this.#unreadable.clear(folder.path);
    const row = this.#parts.index.local.find(folder.id);
    if (folder.id !== rootId && row === undefined) return false;
    if (listing !== 'gone' && !this.#mounts.isTrusted(folder, listing)) {
      this.#isChanged = true;
      return false;
    }
    if (listing !== 'gone' && !isAnother(row, listing)) return true;
    // It may stand elsewhere, with all that is in it.
    if (row !== undefined) this.#othersIn.add(row.state.parent);
    return false;
  }

  #staysOut(folder: FolderAt, { name, kind }: Item): boolean {
    const path = joinPath(folder.path, name);
    return this.#passedOver.has(path) || (this.#parts.rules.isIgnored(path, kind) && !this.#wasSynced(folder, { name, kind }));
  }

  /** Whether it was synced before a rule ignored it, and only the index that knew was lost. */
  #wasSynced({ id }: FolderAt, { name, kind }: Pick<Item, 'name' | 'kind'>): boolean {
    return this.#isRebuilding && this.#parts.index.remote.childNamed(id, name)?.state.kind === kind;
  }

  /** Unknown items first: one of them may be what a replaced one was. */
  #newcomers(match: ListingMatch<Item>): { item: Item; row: LocalNode | undefined }[] {
    return [...match.unknown.map((item) => ({ item, row: undefined })), ...match.replaced];
  }

  #takeNewcomer(folder: FolderAt, { item, row }: { item: Item; row: LocalNode | undefined }, moved: ReadonlySet<NodeId>): NodeId {
    const found = this.#known
      .as(item)
      .filter((known) => moved.has(known.id) || known.state.parent === limboId)
      .find((known) => !this.#isAbove(known.id, folder.id) && !this.#isBackup(known.id, folder, item));
    if (found !== undefined) {
      this.#write(
        localRow(
          found.id,
          placeOfKnown(this.#parts, found, folder.id, item.name),
          this.#asMeant(folder, item, found),
          found.fingerprint === item.fingerprint && found.state.kind === 'file' ? found.state.content : undefined,
        ),
      );
      return found.id;
    }
    const id = parseId('NodeId', toHex(this.#parts.random.bytes(16)));
    // Of what holds nothing nobody can tell whether it was moved, nor does it matter.
    if (item.identity === '' && item.sizeBytes > 0 && !this.#known.isFirst) this.#isAnyUntold = true;
    if (row !== undefined) this.#replacedBy.set(row.id, id);
    // The row may have been found under another name by now, and have its own one there.
    const place =
      row === undefined
        ? placeOfNew(this.#parts, id, folder.id, item.name)
        : placeOfKnown(this.#parts, { ...row, id }, folder.id, item.name);
    this.#write(localRow(id, place, this.#asMeant(folder, item, row), undefined));
    return id;
  }

  /** With what this disk does not keep, from the item that it is or takes the place of. */
  #asMeant(folder: FolderAt, item: Item, row: LocalNode | undefined): SeenItem {
    const meant = withKeptMeta(item, row?.state, this.#parts.index.traits.current);
    const fromOutside = this.#restored.find(item, () => joinPath(folder.path, item.name));
    return fromOutside === undefined ? meant : { ...meant, fromOutside };
  }

  /** Of those whose backup is there, or was not asked for: all files of a tree may be replaced, as by who brings it back from elsewhere. */
  #noteRetaken({ id, names }: FolderAt, items: readonly Item[], { replaced }: ListingMatch<Item>): void {
    if (replaced.length === 0) return;
    const keyOf = (name: NodeName): string => nameKey(name, this.#parts.index.traits.current);
    const there = names === undefined ? new Set(items.map(({ name }) => keyOf(name))) : undefined;
    for (const { item, row } of replaced) {
      const isBackupThere = there === undefined || there.has(keyOf(backupOf(item.name)));
      if (isBackupThere) this.#retaken.set(row.id, { folder: id, name: item.name });
    }
  }

  #isBackup(id: NodeId, folder: FolderAt, { kind, name }: Item): boolean {
    const retaken = this.#retaken.get(id);
    return kind === 'file' && retaken !== undefined && isBackupOf(retaken, { folder: folder.id, name }, this.#parts.index.traits.current);
  }

  /** Whether the row is the folder or above it: taking it there would make a cycle of stale rows. */
  #isAbove(id: NodeId, folder: NodeId): boolean {
    for (let at: NodeId | undefined = folder; at !== undefined && at !== rootId; at = this.#parts.index.local.find(at)?.state.parent) {
      if (at === id) return true;
    }
    return false;
  }

  #toLimbo(row: LocalNode): void {
    this.#missedIn.add(row.state.parent);
    this.#write(inLimbo(row));
  }

  #write(row: LocalNode): void {
    this.#isChanged = true;
    this.#isNews = true;
    this.#parts.index.local.write(row);
  }
}

/** Whether the listing is that of another folder, which bears the name of the known one by now. */
function isAnother(row: LocalNode | undefined, { identity }: Exclude<Listing, string>): boolean {
  return row !== undefined && row.identity !== '' && identity !== '' && row.identity !== identity;
}
