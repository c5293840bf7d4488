import { isDecided } from '../past/decision.ts';
import { hearApplied, hearRevoked, noteRemovedByDecision } from '../act/let-go.ts';
import type { FoldListener } from '../../vault/journal/fold/fold-listener.ts';
import { samePlace, type VersionedNode } from '../../model/node.ts';
import { findEntryNameParts, parseVersion, type NodeId, type Version } from '../../model/ids.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

/**
 * What the index learns while the journal is folded: own changes move the base (and back, should they turn void), every
 * entry tells where chunks lie and how contents are put together.
 */
export function baseListener(index: SyncIndex): FoldListener {
  return {
    applied: ({ change, version, before, after }) => {
      const isByDecision = isDecided(index, change.node);
      if (isByDecision && after === undefined) noteRemovedByDecision(index, version, change.node);
      if (!hearApplied(index, version) && !isByDecision) moveBase(index, change.node, { from: before, to: after });
      if (!isOnItsWay(index, after)) index.copies.erase(change.node);
    },
    revoked: ({ change, version, before, after }) => {
      if (hearRevoked(index, version) !== 'removed-by-decision') takeBaseBack(index, { node: change.node, version, before, after });
    },
    ended: ({ copy, of, ancestor }) => {
      // What was edited here while somebody removed it stays, and is a copy as it was.
      if (index.local.find(copy) !== undefined) index.copies.write(copy, { of, ancestor });
    },
    delivered: ({ mine, packs, contents }) => {
      for (const pack of packs) if (!mine || !index.chunks.isOwn(pack)) index.chunks.registerPack(pack, 'committed', mine ? 'own' : 'told');
      if (mine) index.chunks.markCommitted(packs.map(({ pack }) => pack));
      for (const { content } of contents) {
        const isKnown = content.sizeBytes === 0 || (mine && index.contents.isComplete(content.id));
        if (!isKnown) index.contents.write(content);
      }
    },
  };
}

/** Whether the vault has it under a name that is for the moment only: its story goes out with the name that it has here. */
function isOnItsWay({ local }: SyncIndex, after: VersionedNode | undefined): boolean {
  const here = after === undefined ? undefined : local.find(after.id);
  return here !== undefined && after !== undefined && !samePlace(here.state, after.state);
}

interface Revoked {
  readonly node: NodeId;
  readonly version: Version;
  readonly before: VersionedNode | undefined;
  readonly after: VersionedNode | undefined;
}

/**
 * What others made upon an own change that turned void is void with it: then the base goes back, too, as the own content
 * would be overwritten as something that everybody had seen.
 */
function takeBaseBack(index: SyncIndex, { node, version, before, after }: Revoked): void {
  const base = index.base.find(node);
  const from = base !== undefined && after !== undefined && lamportOf(base.version) > lamportOf(version) ? base : after;
  moveBase(index, node, { from, to: before });
}

/** What is made upon a version has a greater number than that. */
function lamportOf(version: Version): number {
  return findEntryNameParts(parseVersion(version).entry)?.lamport ?? 0;
}

/** Only where the base is still what the change started from; else the engine has moved on. */
function moveBase(index: SyncIndex, node: NodeId, { from, to }: { from: VersionedNode | undefined; to: VersionedNode | undefined }): void {
  if (index.base.find(node)?.version !== from?.version) return;
  if (to === undefined) index.base.erase(node);
  else index.base.write(to);
}
