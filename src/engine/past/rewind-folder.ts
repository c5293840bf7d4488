/** Making a folder what it was, as a decision for all devices: published first, then brought to this disk like anybody's change. */
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { readPast } from '../../index/past-reader.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { parseId, versionOf, type NodeId, type Version } from '../../model/ids.ts';
import { planRewind, type Rewinding, type RewindStep } from '../../planner/plan-rewind.ts';
import { beginDecision, endDecision } from './decision.ts';
import type { EngineParts } from '../engine-parts.ts';
import { publishGroups, type Published } from '../publish/publish.ts';
import { rewindGroups } from './rewind-groups.ts';

/** Others may commit while this is planned; then it is planned anew. */
const triesMax = 5;

/** Which folder, and what it shall be: all but the source of fresh identities. */
export type FolderThen = Omit<Rewinding, 'newNode'>;

export interface RewindOrder {
  readonly folder: FolderThen;
  /** Hears what is about to be published; again where it is planned anew. */
  readonly onPlan: (steps: readonly RewindStep[]) => void;
  readonly signal: AbortSignal;
}

/** What a rewind would do. */
export function planFolderRewind({ index, random }: Pick<EngineParts, 'index' | 'random'>, folder: FolderThen): readonly RewindStep[] {
  const newNode = (): NodeId => parseId('NodeId', toHex(random.bytes(16)));
  return planRewind(readPast(index), { ...folder, newNode });
}

/**
 * Does it. This device's person asked for it, so here nothing of it is held back; other devices ask for themselves. The
 * version of its first change: the moment before is how the folder was until now; undefined where there was nothing to do.
 * Throws E_MISSING, E_TOO_LARGE as `rewindGroups`, E_BUSY where others keep changing the folder, and what publishing throws.
 */
export async function rewindFolder(parts: EngineParts, { folder, onPlan, signal }: RewindOrder): Promise<Version | undefined> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const steps = planFolderRewind(parts, folder);
    onPlan(steps);
    const groups = rewindGroups(parts.index, steps);
    if (groups.length === 0) return undefined;
    const { applied, entries } = await decide(parts, steps, () => publishGroups(parts, groups, signal));
    const [entry] = entries;
    if (applied > 0 && entry !== undefined) return versionOf(entry, 0);
    await parts.journal.catchUp(signal);
  }
  throw new Failure('E_BUSY', 'other devices keep changing this folder', { action: 'try again when they rest' });
}

/** Whatever is committed meanwhile is brought to this disk, without asking. */
async function decide({ index }: EngineParts, steps: readonly RewindStep[], publish: () => Promise<Published>): Promise<Published> {
  const decision = index.transaction(() => {
    for (const step of steps) confirmLoss(index, step);
    return beginDecision(index, 'all');
  });
  const published = await publish();
  endDecision(index, decision);
  return published;
}

function confirmLoss({ massChange }: SyncIndex, step: RewindStep): void {
  if (step.state.kind !== 'file' || step.do === 'move' || step.upon === undefined) return;
  massChange.confirm(step.node, step.do === 'remove' ? 'removed-here' : 'overwritten-here');
}
