import { Failure } from '../../base/failure.ts';
import { beginDecision, endDecision } from '../../engine/past/decision.ts';
import type { Part } from '../../engine/meanwhile.ts';
import { settleGroup } from '../../engine/past/settle-conflict.ts';
import { fits, groupBounds } from '../../engine/publish/group-bounds.ts';
import type { ChangeGroup, SettleChange } from '../../model/change.ts';
import type { NodeId } from '../../model/ids.ts';
import type { VersionedNode } from '../../model/node.ts';
import type { ConflictRecord } from '../../vault/entry/node-record.ts';
import { openConflicts } from '../../engine/open-conflicts.ts';
import type { When } from '../errands.ts';
import type { Session } from '../open-session.ts';
import { syncOnce } from '../sync-once.ts';
import { findVaultPath } from './vault-paths.ts';

/** More nodes than that are not named one by one: each change of the entry is compared with all of them. */
const namedMax = 100;

/** Which conflicts: by id (the first characters are enough where they name one), or all that are open. */
export type ConflictChoice = readonly string[] | 'all';

/** What is decided, and how. */
export interface ConflictDecision {
  readonly choice: ConflictChoice;
  readonly keep: SettleChange['keep'];
}

/** What deciding came to. */
export interface ResolveReport {
  readonly resolved: number;
}

/** A conflict that was decided, and what both items were before. */
export interface DecidedConflict {
  readonly copy: VersionedNode;
  readonly of: VersionedNode;
  /** Where they stood. */
  readonly copyPath: string;
  readonly path: string;
}

/**
 * Syncs, decides the conflicts for everyone, and brings the outcome to this disk; in the middle of a pass, what takes part in them alone is
 * synced. Throws E_NOT_FOUND for an id that names no open conflict, and as `syncOnce`.
 */
export async function resolveConflicts(session: Session, decision: ConflictDecision, when: When): Promise<ResolveReport> {
  return { resolved: (await decideConflicts(session, decision, when)).length };
}

/** The same, and what was decided by this. */
export async function decideConflicts(
  session: Session,
  { choice, keep }: ConflictDecision,
  { signal, moment }: When,
): Promise<readonly DecidedConflict[]> {
  // What was never on this disk, nobody has edited here.
  const isHere = (node: NodeId): boolean => session.index.local.find(node) !== undefined;
  const find = (): Part => ({ nodes: nodesOf(choose(session, choice)).filter(isHere), paths: [] });
  await (moment === undefined ? syncOnce(session, signal) : moment.settle(find));
  const chosen = choose(session, choice);
  if (chosen.length === 0) return [];
  const before = chosen.map((conflict) => describe(session, conflict));
  // What can not be decided so is refused before anything has begun.
  const groups = chosen.map((conflict) => settleGroup(session.index, conflict, keep));
  const decide = (): Promise<boolean[]> => publish(session, groups, signal);
  // A decision that was begun holds for what its nodes are published with, until the next run ends it.
  const applied = await (moment === undefined ? decide() : moment.entirely(decide));
  await (moment === undefined ? syncOnce(session, signal) : moment.settle(() => ({ nodes: nodesOf(chosen), paths: [] })));
  return before.filter((conflict, at) => conflict !== undefined && applied[at] === true) as DecidedConflict[];
}

function nodesOf(conflicts: readonly ConflictRecord[]): readonly NodeId[] {
  return conflicts.flatMap(({ copy, of }) => [copy, of]);
}

/** undefined: one of the two is gone, which was a decision, too. */
function describe({ index }: Session, conflict: ConflictRecord): DecidedConflict | undefined {
  const [copy, of] = [index.remote.find(conflict.copy), index.remote.find(conflict.of)];
  if (copy === undefined || of === undefined) return undefined;
  return { copy, of, copyPath: findVaultPath(index, copy.id) ?? '', path: findVaultPath(index, of.id) ?? '' };
}

/** Whether each was decided by this. */
async function publish({ index, journal }: Session, groups: readonly ChangeGroup[], signal: AbortSignal): Promise<boolean[]> {
  const nodes = groups.flatMap((group) => group.flatMap((change) => ('node' in change ? [change.node] : [])));
  const decision = beginDecision(index, nodes.length > namedMax ? 'all' : nodes);
  const applied: boolean[] = [];
  for (const batch of inEntries(groups)) {
    const { outcomes } = await journal.commit({ groups: batch, packs: [] }, signal);
    applied.push(...outcomes.map((outcome) => outcome.applied));
  }
  endDecision(index, decision);
  return applied;
}

/** As many together as fit into an entry. */
function* inEntries(groups: readonly ChangeGroup[]): Generator<readonly ChangeGroup[]> {
  let batch: ChangeGroup[] = [];
  for (const group of groups) {
    if (batch.length > 0 && !fits([...batch.flat(), ...group], groupBounds)) {
      yield batch;
      batch = [];
    }
    batch.push(group);
  }
  if (batch.length > 0) yield batch;
}

function choose({ index }: Session, choice: ConflictChoice): ConflictRecord[] {
  const open = openConflicts(index);
  if (choice === 'all') return open;
  return choice.map((id) => {
    const [found, ...others] = open.filter(({ copy }) => copy.startsWith(id));
    if (found === undefined || others.length > 0) {
      const why = found === undefined ? 'no open conflict has' : 'more than one open conflict begins with';
      throw new Failure('E_NOT_FOUND', `${why} the id '${id}'`, { action: 'see `cachette conflicts --json` for their ids' });
    }
    return found;
  });
}
