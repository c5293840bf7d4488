/**
 * Mounts inside the folder. A disk that is unmounted leaves an empty folder, one that is mounted over a folder hides what is
 * in it: both look like a mass deletion, and neither is one. A folder that shows another file system than the one above it
 * is noted down; as long as it does not show its content again, nothing is believed of it and nothing below is touched.
 */
import type { Listed, Listing } from '../../disk/disk.ts';
import { Failure } from '../../base/failure.ts';
import type { Mount } from '../../index/mount-table.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import { displayName, type NodeName } from '../../model/name.ts';
import { nameKey } from '../../model/shown-name.ts';
import { shownOf, type LocalNode } from '../../model/node.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findLocalPath } from '../local-path.ts';
import { vaultPath } from '../vault-path.ts';

type Entries = Exclude<Listing, string>;

export class MountWatch {
  readonly #parts: EngineParts;
  /** Whether a folder's content went out of sight or came back. */
  #isChanged = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Whether a listing shows the folder's own content: not what lies under a disk that has just gone. */
  isTrusted(folder: { readonly id: NodeId; readonly device?: string | undefined }, { device }: Entries): boolean {
    const { index } = this.#parts;
    if (folder.device !== undefined) return folder.device === device;
    if (!index.mounts.hasAny()) return true;
    for (let at = folder.id; at !== rootId;) {
      const mount = index.mounts.find(at);
      if (mount?.isAway === true) return false;
      if (mount !== undefined && mount.device !== '') return mount.device === device;
      const row = index.local.find(at);
      if (row === undefined) return true;
      at = row.state.parent;
    }
    return true;
  }

  /** Notes down what is mounted in a folder. The known folders in it that do not show their content now: they stay as they were known. */
  findAway(listing: Entries, rows: readonly LocalNode[]): ReadonlySet<NodeId> {
    const away = new Set<NodeId>();
    const { mounts, traits } = this.#parts.index;
    const keyOf = (name: NodeName): string => nameKey(name, traits.current);
    const byName = new Map(listing.entries.filter(({ kind }) => kind === 'folder').map((entry) => [keyOf(entry.name), entry]));
    const isAnyMounted = listing.entries.some(({ kind, device }) => kind === 'folder' && device !== listing.device);
    if (!isAnyMounted && !mounts.hasAny()) return away;
    for (const row of rows) {
      if (row.state.kind === 'folder' && this.#isAway(row, byName.get(keyOf(shownOf(row))), listing.device)) away.add(row.id);
    }
    return away;
  }

  /** A folder that was not known before, or stands elsewhere now. */
  noteNew(id: NodeId, item: Listed, listing: Entries): void {
    if (item.kind === 'folder' && item.device !== listing.device)
      this.#parts.index.mounts.write(id, { device: item.device, isAway: false });
  }

  /** Whether a folder holds what only a disk that may be away knows of: it is not forgotten with the folders above. */
  keepMount(id: NodeId): boolean {
    const { mounts } = this.#parts.index;
    const mount = mounts.find(id);
    if (mount === undefined || mount.device === '') return false;
    this.#setAway(id, mount.device, mount.isAway);
    return true;
  }

  /** Whether `finish` has something to tell. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** The list of problems is made to say what is away. */
  finish(): void {
    if (!this.#isChanged) return;
    const { index, clock } = this.#parts;
    index.problems.clearCode('E_MOUNT_GONE');
    for (const id of index.mounts.away()) {
      const path = findLocalPath((node) => index.local.find(node), id);
      if (index.local.find(id) === undefined) index.mounts.erase(id);
      else {
        const shown = path ?? index.local.find(id)?.state.name ?? '';
        const isCovered = index.mounts.find(id)?.device === '';
        const { code, message, action } = isCovered ? coveredFolder() : goneDisk(vaultPath(index, id));
        index.problems.replace({ node: undefined, path: shown, code, message, action, sinceMs: clock.nowMs() });
        this.#parts.emit({ event: 'problem', code, path: displayName(shown), message, action });
      }
    }
    // What waited for the disk is looked at again.
    index.dirty.releaseHeld();
  }

  #isAway(row: LocalNode, item: Listed | undefined, deviceAbove: string): boolean {
    const { mounts, local } = this.#parts.index;
    const known = mounts.find(row.id);
    const wasMounted = known !== undefined && known.device !== '';
    const isMounted = item !== undefined && item.device !== deviceAbove;
    if (!wasMounted && !isMounted) {
      if (known !== undefined) this.#forget(row.id);
      return false;
    }
    if (isMounted && (isSameFolder(row, item) || (!wasMounted && !local.hasChildren(row.id)))) {
      this.#setHere(row.id, item.device, known);
      return false;
    }
    this.#setAway(row.id, known?.device ?? '', known?.isAway ?? false);
    return true;
  }

  #setHere(id: NodeId, device: string, known: Mount | undefined): void {
    if (known?.isAway === true) this.#isChanged = true;
    if (known?.device !== device || known.isAway) this.#parts.index.mounts.write(id, { device, isAway: false });
  }

  #forget(id: NodeId): void {
    this.#parts.index.mounts.erase(id);
    this.#isChanged = true;
  }

  #setAway(id: NodeId, device: string, wasAway: boolean): void {
    if (wasAway) return;
    this.#parts.index.mounts.write(id, { device, isAway: true });
    this.#isChanged = true;
  }
}

function coveredFolder(): Failure {
  return new Failure('E_MOUNT_GONE', 'another disk is mounted over this folder');
}

function goneDisk(path: string): Failure {
  if (path === '') return new Failure('E_MOUNT_GONE', 'the disk that was mounted here is away');
  return new Failure('E_MOUNT_GONE', 'the disk that was mounted here is away', {
    action: `mount it again, and it goes on by itself; if it is gone for good: \`cachette selective exclude '${displayName(path)}'\`, which removes nothing from the vault`,
  });
}

/** Where one of the two has no identity, it can't be told. */
function isSameFolder(row: LocalNode, item: Listed): boolean {
  return item.identity === row.identity || item.identity === '' || row.identity === '';
}

/** Tells whether a node stands, here or in the vault, at or below a folder whose content is out of sight. */
export function outOfSight(index: SyncIndex): (id: NodeId) => boolean {
  const away = new Set(index.mounts.away());
  return away.size === 0 ? () => false : (id) => isBelowAway(index, id, away);
}

function isBelowAway({ local, remote }: SyncIndex, id: NodeId, away: ReadonlySet<NodeId>): boolean {
  for (const tree of [local, remote]) {
    for (let at: NodeId | undefined = id; at !== undefined; at = tree.find(at)?.state.parent) if (away.has(at)) return true;
  }
  return false;
}
