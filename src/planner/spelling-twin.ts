import { limits } from '../model/limits.ts';
import type { NodeName } from '../model/name.ts';
import { shownOf, type LocalNode, type VersionedNode } from '../model/node.ts';
import { findTrueName, isMarked, isMarkOf } from '../model/shown-name.ts';
import type { PlanState } from './plan-state.ts';

/**
 * What the vault has under another spelling of the name of a new local item, and this disk would show as that item: after a
 * lost index, the two are most likely one. (Not what differs in case: people do give two things such names.)
 */
export function findSpellingTwin(state: PlanState, local: LocalNode): VersionedNode | undefined {
  const { traits } = state.context;
  const { parent, name } = local.state;
  const forms = traits.unicode === 'kept' ? [] : [name.normalize('NFC'), name.normalize('NFD')];
  for (const form of forms) {
    const found = form === name ? undefined : state.remote.childNamed(parent, form as NodeName);
    if (found !== undefined) return found;
  }
  const shown = shownOf(local);
  // A mark that was cut does not say whose it is.
  if (!isMarked(shown) || findTrueName(shown) !== undefined || local.shown !== undefined) return undefined;
  return state.remote.childrenOf(parent, undefined, limits.childrenMax).find((node) => isMarkOf(shown, node.state.name, traits));
}

/** Whether the new item has to wait until it is known whether it is that, or has become it already. */
export function isSettledByTwin(state: PlanState, local: LocalNode): boolean {
  const twin = findSpellingTwin(state, local);
  if (twin === undefined || state.local.find(twin.id) !== undefined) return false;
  return state.visit(twin.id) === 'running' || state.local.find(local.id) === undefined || state.waiting.has(local.id);
}
