/**
 * The planner: for nodes whose three records disagree, what to do next. Pure: it reads trees and returns a plan.
 *
 * One idea carries it: a node is first *rebased* – what the vault says of it is brought to this disk, keeping what was
 * changed here alone – and only a node whose base is the vault's current version is pushed. So every change published
 * is made upon the current version, and there is one place where two changes of one thing meet: plan-pull.ts.
 */
import type { NodeId } from '../model/ids.ts';
import { sameContent, samePlace, type LocalNode, type VersionedNode } from '../model/node.ts';
import type { ThreeTrees } from '../model/trees.ts';
import type { Plan, PlanContext } from './operation.ts';
import { PlanState } from './plan-state.ts';
import { planLeftOut } from './plan-left-out.ts';
import { bring, planPull } from './plan-pull.ts';
import { planPush } from './plan-push.ts';

/** Steps that one plan holds, about: bounds memory, not correctness. */
const planBudget = 20_000;

/**
 * Plans for these dirty nodes and whatever they depend on. Planning again after the steps were run (or failed) goes on
 * from there; when a plan has neither operations nor groups, nothing more can be done until something changes.
 */
export function planBatch(dirty: readonly NodeId[], trees: ThreeTrees, context: PlanContext): Plan {
  const state = new PlanState(trees, context, { rules: { visit: visitNode, findOccupant, bring }, budget: planBudget });
  // What is here goes before what is gone: a new file may turn out to be a vanished one, moved.
  const present: NodeId[] = [];
  const gone: NodeId[] = [];
  for (const id of dirty) {
    const local = trees.local.find(id);
    (local === undefined ? gone : present).push(id);
    const base = trees.base.find(id);
    if (local !== undefined && (base === undefined || isNewSoon(local, base, trees.remote.find(id)))) state.newFiles.add(local);
    if (local === undefined && base?.state.kind === 'file') state.newFiles.addVanished(base.state.content);
  }
  for (const id of [...present, ...gone]) {
    if (state.isFull) state.wait(id);
    else state.visit(id);
  }
  return { operations: state.operations, groups: state.groups(), waiting: [...state.waiting], inDoubt: [...state.inDoubt] };
}

/** Whether the vault removed the file, and what stands here in its place may be another one: then that is new, as soon as the removal is known. */
function isNewSoon({ state }: LocalNode, base: VersionedNode, remote: VersionedNode | undefined): boolean {
  if (remote !== undefined || state.kind !== 'file' || base.state.kind !== 'file') return false;
  return state.content === undefined || !sameContent(state.content, base.state.content);
}

/** One node: leave it out, else bring the vault's news, else publish ours, else nothing. */
function visitNode(state: PlanState, id: NodeId): void {
  if (state.context.isHeldBack(id)) {
    state.wait(id);
    return;
  }
  if (state.context.isOutOfSight(id)) {
    state.hold(id, 'its disk is away');
    return;
  }
  const base = state.trees.base.find(id);
  const remote = state.trees.remote.find(id);
  if (remote !== undefined && state.context.isLeftOut(id) && planLeftOut(state, remote)) return;
  if (isAtBase(base, remote)) planPush(state, id);
  else planPull(state, id);
}

/** An item that was taken aside on its way, and which the vault has back where it was, has yet to go there. */
function isAtBase(base: VersionedNode | undefined, remote: VersionedNode | undefined): boolean {
  if (base === undefined || remote === undefined) return base === remote;
  return base.version === remote.version && samePlace(base.state, remote.state);
}

function findOccupant({ trees, local, remote }: PlanState, id: NodeId): NodeId | undefined {
  const here = local.find(id);
  const there = trees.remote.find(id);
  const isPush = isAtBase(trees.base.find(id), there);
  const place = (isPush ? here : there)?.state;
  const occupant = place && (isPush ? remote : local).childNamed(place.parent, place.name)?.id;
  return occupant === id ? undefined : occupant;
}
