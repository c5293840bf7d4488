import type { NodeId } from '../model/ids.ts';
import type { PlanContext } from '../planner/operation.ts';
import { isStored } from './content/is-stored.ts';
import { unreadableSizes } from './content/unreadable-sizes.ts';
import type { EngineParts } from './engine-parts.ts';
import { conflicted } from './open-conflicts.ts';
import { isRebuilding } from './rebuilding.ts';
import { outOfSight } from './scan/mount-watch.ts';

/** What only the pass that plans knows. */
interface Planning {
  /** Whether a mass change waits for a person's decision. */
  readonly isAnyHeld: boolean;
  readonly isPastKnown: PlanContext['isPastKnown'];
}

/** What a plan may ask of the index beside the trees; for one plan, in its transaction: lists are made once. */
export function planContext(
  parts: Pick<EngineParts, 'index' | 'device' | 'clock' | 'currentEpoch'>,
  { isAnyHeld, isPastKnown }: Planning,
): PlanContext {
  const { index, device, clock } = parts;
  let unreadable: ReadonlySet<number> | undefined;
  let copied: ReadonlySet<NodeId> | undefined;
  let inConflict: ReadonlySet<NodeId> | undefined;
  return {
    device: device.name,
    date: new Date(clock.nowMs()).toISOString().slice(0, 10),
    epoch: parts.currentEpoch(),
    traits: index.traits.current,
    isLeftOut: (node) => index.leftOut.has(node),
    isRebuilding: isRebuilding(index),
    isOutOfSight: outOfSight(index),
    isHeldBack: (node) => isAnyHeld && index.massChange.isHeld(node),
    isStored: (content) => isStored(index, content),
    isPast: (node, content) => index.remote.hasHad(node, content.id),
    isPastKnown,
    pastEpochs: (node, sizeBytes) => index.past.epochsOf(node, sizeBytes),
    isAnyUnreadable: (sizeBytes) => (unreadable ??= unreadableSizes(index)).has(sizeBytes),
    isInConflict: (node) => (inConflict ??= conflicted(index)).has(node),
    isCopied: (node) => (copied ??= index.copies.originals()).has(node),
    copyOf: (node) => index.copies.find(node),
  };
}
