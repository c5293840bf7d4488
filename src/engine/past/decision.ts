/**
 * Changes that a person decides upon in the vault itself (which version of a conflict stays) are not made on this disk
 * first, as all others are. So the base must not follow them: they come down like another device's changes.
 */
import type { NodeId } from '../../model/ids.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

const kind = 'decision';

/** Stands for all nodes. */
const allNodes = '*';

/**
 * Says which nodes are about to be changed by decision ('all': whatever is committed until it ends); holds over a crash.
 * Gives what `endDecision` takes.
 */
export function beginDecision({ intents }: SyncIndex, nodes: readonly NodeId[] | 'all'): number {
  return intents.begin(kind, nodes === 'all' ? allNodes : nodes.join(' '));
}

/** The decision was published (or will not be). */
export function endDecision({ intents }: SyncIndex, decision: number): void {
  intents.finish(decision);
}

/** Ends decisions that a crash left, once what was begun of them is published. */
export function endOldDecisions({ intents }: SyncIndex): void {
  for (const intent of intents.open()) if (intent.kind === kind) intents.finish(intent.number);
}

/** Whether the node's own change now arriving was a decision. */
export function isDecided({ intents }: SyncIndex, node: NodeId): boolean {
  return intents.open().some((intent) => intent.kind === kind && (intent.detail === allNodes || intent.detail.includes(node)));
}
