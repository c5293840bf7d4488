/** Under which name a node is shown on this disk. */
import type { LocalNode, LocalPlace, Place } from '../model/node.ts';
import type { NodeId } from '../model/ids.ts';
import { chooseShownName, isMarkOf } from '../model/shown-name.ts';
import type { PlanState } from './plan-state.ts';

/**
 * The place, with the name that the node gets on this disk: its own, unless the disk can't hold that, or can't hold it beside
 * what stands there already. Who is there first keeps the name.
 */
export function shownPlace({ local, context }: PlanState, id: NodeId, { parent, name }: Place): LocalPlace {
  const isTaken = (shown: typeof name): boolean => {
    const there = local.childShown(parent, shown);
    return there !== undefined && there.id !== id;
  };
  const shown = chooseShownName(name, context.traits, isTaken);
  return shown === name ? { parent, name } : { parent, name, shown };
}

/** The node as it will be at the place. */
export function placedAt(node: LocalNode, { parent, name, shown }: LocalPlace): LocalNode {
  return { ...node, state: { ...node.state, parent, name }, shown };
}

/**
 * A marked node whose own name has become free on this disk gets it. One that stands under another's name, as a person made it while
 * that one bore a mark, gets a marked name at least.
 */
export function unmark(state: PlanState, node: LocalNode): void {
  if (node.shown === undefined) return;
  const place = shownPlace(state, node.id, node.state);
  if (place.shown !== undefined && (place.shown === node.shown || isMarkOf(node.shown, node.state.name, state.context.traits))) return;
  state.local.write(placedAt(node, place));
  state.operations.push({ do: 'move', node: node.id, place, copy: undefined });
}
