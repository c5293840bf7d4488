/**
 * The brake: before anything is planned, the files that would be removed or overwritten are counted, here (by what the
 * vault says) and there (by what was done here). Too many at once wait for a person; everything else goes on.
 */
import { rootId, type ContentId, type NodeId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { sameContent, type LocalNode, type VersionedNode } from '../../model/node.ts';
import { isMassChange, massChangeFiles, type CountedTree } from '../../planner/mass-change.ts';
import type { DirtyNode } from '../../index/nodes/dirty-set.ts';
import type { Loss } from '../../index/mass-change-table.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

const pageNodes = 10_000;

interface Losses {
  readonly here: Map<NodeId, Loss>;
  readonly there: Map<NodeId, Loss>;
  /** Contents of files that are new here, and how many hold each: a removed one that held it was only moved. */
  readonly newContents: Map<ContentId, number>;
  /** Held back by now, and changed since. */
  readonly held: NodeId[];
}

/**
 * Holds back what needs a person's word; what has settled by itself is forgotten where it settles. Looks only at nodes that
 * are not held: a mass change that waits costs nothing. How many files are held.
 */
export function guardMassChange(index: SyncIndex): number {
  return index.transaction(() => {
    if (index.massChange.takeConfirmed()) {
      index.dirty.releaseHeldBack();
      index.dirty.releaseHeld();
    }
    const losses = findLosses(index);
    discountMoves(index, losses);
    holdBack(index, losses.here, ['removed-here', 'overwritten-here']);
    holdBack(index, losses.there, ['removed-there', 'overwritten-there']);
    for (const node of losses.held) index.dirty.hold(node, 'decided');
    return index.massChange.countHeld();
  });
}

/**
 * Removals that are too many by themselves are held back, and so are overwritings: a few edits beside a large removal go on. Where
 * only both together are too many, both are.
 */
function holdBack(index: SyncIndex, side: ReadonlyMap<NodeId, Loss>, [removal, overwriting]: readonly [Loss, Loss]): void {
  if (side.size === 0) return;
  const isRemoval = holdLosses(index, side, [removal, removal]);
  const isOverwriting = holdLosses(index, side, [overwriting, overwriting]);
  if (!isRemoval && !isOverwriting) holdLosses(index, side, [removal, overwriting]);
}

/** What is held already counts: a folder that goes slowly is one change. Whether these are a mass change. */
function holdLosses(index: SyncIndex, side: ReadonlyMap<NodeId, Loss>, losses: readonly [Loss, Loss]): boolean {
  const lost = [...side].filter(([, loss]) => losses.includes(loss));
  if (lost.length === 0) return false;
  const all = new Set([...lost.map(([node]) => node), ...index.massChange.someHeld(losses, massChangeFiles + 1)]);
  if (!isMassChange([...all], countedBase(index))) return false;
  for (const [node, loss] of lost) {
    index.massChange.hold(node, loss);
    index.dirty.hold(node, 'decided');
  }
  return true;
}

/** A person decides that it shall happen. How many files that concerns. */
export function confirmMassChange(index: SyncIndex): number {
  return index.massChange.confirmAll();
}

/**
 * A person decides that it shall not happen: files removed or overwritten there are published again as they are here,
 * files removed or overwritten here are brought back (what overwrote them goes to the trash). How many files that concerns.
 */
export function rejectMassChange(index: SyncIndex): number {
  return index.transaction(() => {
    let files = 0;
    for (const { node, loss } of allHeld(index)) {
      if (!index.massChange.isHeld(node)) continue;
      undo(index, node, loss);
      index.massChange.erase(node);
      files += 1;
    }
    index.dirty.releaseHeldBack();
    // Folders that waited for them.
    index.dirty.releaseHeld();
    return files;
  });
}

function undo(index: SyncIndex, node: NodeId, loss: Loss): void {
  const local = index.local.find(node);
  const remote = index.remote.find(node);
  if (loss === 'overwritten-here') {
    if (remote !== undefined) index.base.write(remote);
    return;
  }
  // It came back by itself, perhaps changed: that is brought, or published, like any change.
  if (loss === 'removed-there' ? local !== undefined : loss === 'removed-here' && remote !== undefined) return;
  // With nothing agreed upon, whichever side still has the file is where it comes from.
  if (loss === 'overwritten-there' && local?.state.kind === 'file' && local.state.content !== undefined)
    index.past.add(node, local.state.content.id);
  index.base.erase(node);
}

function allHeld({ massChange }: SyncIndex): readonly { readonly node: NodeId; readonly loss: Loss }[] {
  const found = [];
  for (let page = massChange.list(pageNodes); page.length > 0; page = massChange.list(pageNodes, page.at(-1)?.node)) found.push(...page);
  return found;
}

function findLosses(index: SyncIndex): Losses {
  const losses: Losses = { here: new Map(), there: new Map(), newContents: new Map(), held: [] };
  for (const id of inPages((after) => index.dirty.takeKnown(pageNodes, after))) {
    // What is left out goes from this disk alone, and its news are not brought.
    if (index.leftOut.has(id)) index.massChange.erase(id);
    else if (index.massChange.isHeld(id) && isOpen(recordsOf(index, id))) losses.held.push(id);
    else {
      if (index.massChange.isHeld(id)) index.massChange.erase(id);
      if (!index.massChange.isConfirmed(id)) addLoss(losses, id, recordsOf(index, id));
    }
  }
  if ([...losses.there.values()].includes('removed-there')) countNewContents(index, losses);
  return losses;
}

/** Only where files went can one that came be one of them: else new ones, which may be very many, are not looked at. */
function countNewContents(index: SyncIndex, { newContents }: Losses): void {
  for (const id of inPages((after) => index.dirty.take(pageNodes, after))) {
    const { local, base, remote } = recordsOf(index, id);
    if (base !== undefined || remote !== undefined || local?.state.kind !== 'file' || index.leftOut.has(id)) continue;
    if (index.massChange.isListed(id)) continue;
    const content = local.state.content?.id;
    if (content !== undefined) newContents.set(content, (newContents.get(content) ?? 0) + 1);
  }
}

function* inPages(take: (after: number | undefined) => readonly DirtyNode[]): Generator<NodeId, void> {
  for (let page = take(undefined); page.length > 0; page = take(page.at(-1)?.seq)) for (const { id } of page) yield id;
}

/** A node as each tree has it. */
export interface Records {
  readonly local: LocalNode | undefined;
  readonly base: VersionedNode | undefined;
  readonly remote: VersionedNode | undefined;
}

export function recordsOf({ local, base, remote }: SyncIndex, id: NodeId): Records {
  return { local: local.find(id), base: base.find(id), remote: remote.find(id) };
}

function addLoss({ here, there }: Losses, id: NodeId, records: Records): void {
  if (records.base === undefined) return;
  const loss = lossOf(records);
  if (loss !== undefined) (isNews(records) ? here : there).set(id, loss);
}

/** What would happen to the file; undefined where nothing does that anybody loses by, or only reading it would tell. */
export function lossOf(records: Records): Loss | undefined {
  return isNews(records) ? lossHere(records) : lossThere(records);
}

/** Whether there is still something to decide about a file that is held back: it may have come back, or have been changed meanwhile. */
function isOpen(records: Records): boolean {
  const { local } = records;
  return lossOf(records) !== undefined || (local?.state.kind === 'file' && local.state.content === undefined);
}

function isNews({ base, remote }: Records): boolean {
  return base?.version !== remote?.version;
}

/** What bringing the vault's news would do to a file that is untouched here. */
function lossHere({ local, base, remote }: Records): Loss | undefined {
  if (local === undefined || base === undefined || contentChange(base.state, local.state) !== 'same') return undefined;
  if (remote === undefined) return 'removed-here';
  return contentChange(base.state, remote.state) === 'other' ? 'overwritten-here' : undefined;
}

/** What publishing would do to a file in the vault. */
function lossThere({ local, base }: Records): Loss | undefined {
  if (base?.state.kind !== 'file') return undefined;
  if (local === undefined) return 'removed-there';
  return contentChange(base.state, local.state) === 'other' ? 'overwritten-there' : undefined;
}

/** Whether a file still has its content; undefined where that is not known, or it is no file. */
function contentChange(was: VersionedNode['state'], now: LocalNode['state'] | VersionedNode['state']): 'same' | 'other' | undefined {
  if (was.kind !== 'file' || now.kind !== 'file' || now.content === undefined) return undefined;
  return sameContent(was.content, now.content) ? 'same' : 'other';
}

/** A file that went and one with its content that came: moved, which planning finds out, too. */
function discountMoves(index: SyncIndex, { there, newContents }: Losses): void {
  for (const [node, loss] of there) {
    const { state } = index.base.find(node) ?? {};
    if (loss !== 'removed-there' || state?.kind !== 'file') continue;
    const left = newContents.get(state.content.id) ?? 0;
    if (left === 0) continue;
    newContents.set(state.content.id, left - 1);
    there.delete(node);
  }
}

/** The base: what both sides had before. */
function countedBase(index: SyncIndex): CountedTree {
  return {
    parentOf: (node) => index.base.find(node)?.state.parent,
    countFiles: (folder, atMost) => {
      if (folder === rootId) return index.base.count().files;
      let files = 0;
      const folders = [folder];
      for (let at = folders.pop(); at !== undefined && files <= atMost; at = folders.pop()) {
        for (const child of index.base.childrenOf(at, undefined, limits.childrenMax)) {
          if (child.state.kind === 'folder') folders.push(child.id);
          else if (child.state.kind === 'file') files += 1;
        }
      }
      return files;
    },
  };
}
