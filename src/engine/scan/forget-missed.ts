import type { NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import type { LocalNode } from '../../model/node.ts';
import type { EngineParts } from '../engine-parts.ts';
import { limboId } from './limbo.ts';
import type { MountWatch } from './mount-watch.ts';

/** Children looked at together. */
const pageRows = 2000;
/** Of what is forgotten, so much is told. */
const forgottenMax = 1000;

export interface Missed {
  /** Missed item → the one that took its name. */
  readonly replacedBy: ReadonlyMap<NodeId, NodeId>;
  readonly mounts: MountWatch;
  /** Whether an earlier scan missed some of it, and did not come to its end. */
  readonly isResumed: boolean;
}

/**
 * What was looked for and not found is gone; what took its name is its new version. In batches: where that is broken off,
 * the rest stays in limbo, and nothing is planned before another scan has ended. Some of what disk and vault had agreed on and that is
 * gone, not replaced.
 */
export async function forgetMissed({ index, clock, portions }: EngineParts, missed: Missed): Promise<readonly LocalNode[]> {
  const forgotten: LocalNode[] = [];
  const endings = endingsOf(index, missed, (row) => {
    if (forgotten.length < forgottenMax && index.base.find(row.id) !== undefined) forgotten.push(row);
  });
  const endSome = (): boolean => {
    for (let rows = 0; rows < portions.missedRows; rows += 1) if (endings.next().done === true) return true;
    return false;
  };
  while (!index.transaction(endSome)) await clock.sleep(0);
  return forgotten;
}

type Index = EngineParts['index'];

/** One row after the other. */
function* endingsOf(index: Index, { replacedBy, mounts, isResumed }: Missed, forget: (row: LocalNode) => void): Generator<void, void> {
  const { local } = index;
  for (const row of childrenOf(local, limboId)) {
    const successor = lastOf(index, replacedBy, row.id) ?? (isResumed ? findSuccessor(index, row) : undefined);
    if (mounts.keepMount(row.id)) continue;
    yield* eraseBelow(index, mounts, row.id);
    erase(index, row.id);
    if (successor !== undefined) local.adopt(successor, row.id);
    else forget(row);
    yield;
  }
}

/** What took the item's name, or that one's, and is there: who saves over and over while the scan runs puts several there, of which the last stays. */
function lastOf({ local }: Index, replacedBy: Missed['replacedBy'], id: NodeId): NodeId | undefined {
  for (let next = replacedBy.get(id); next !== undefined; next = replacedBy.get(next)) {
    const there = local.find(next);
    if (there !== undefined && there.state.parent !== limboId) return next;
  }
  return undefined;
}

/** What took the name of an item that an earlier scan missed, and that did not come to its end: nobody knows of it but by the name. */
function findSuccessor({ local, base, remote }: Index, { id, state, shown }: LocalNode): NodeId | undefined {
  const was = base.find(id)?.state;
  const there = was && (local.childNamed(was.parent, was.name) ?? local.childShown(was.parent, shown ?? was.name));
  if (there?.state.kind !== state.kind || base.find(there.id) !== undefined || remote.find(there.id) !== undefined) return undefined;
  return there.id;
}

/** What is new comes first in the queue: it may be the very item, moved, which only its content tells. */
function erase({ local, dirty }: Index, id: NodeId): void {
  local.erase(id);
  dirty.postpone(id);
}

function* eraseBelow(index: Index, mounts: MountWatch, id: NodeId): Generator<void, void> {
  for (const child of childrenOf(index.local, id)) {
    if (mounts.keepMount(child.id)) continue;
    yield* eraseBelow(index, mounts, child.id);
    erase(index, child.id);
    yield;
  }
}

/** Page by page; those that were met may be erased meanwhile. */
export function* childrenOf(local: Index['local'], parent: NodeId): Generator<LocalNode, void> {
  for (let after: NodeName | undefined; ;) {
    const page = local.childrenOf(parent, after, pageRows);
    yield* page;
    after = page.at(-1)?.state.name;
    if (page.length < pageRows) return;
  }
}
