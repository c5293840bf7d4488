import { sameState } from '../../model/node.ts';
import { isInAnyTree, type NodeRecord } from './node-record.ts';
import type { Totals } from './totals.ts';

/**
 * The record with its place in the queue set right: in it exactly if its states disagree, and not held. A node is in
 * agreement when it is in no tree, or in all three with one version and the local state being the base's; one that is left
 * out here, when it is in the vault's alone.
 */
export function reviewed(record: NodeRecord, totals: Totals): NodeRecord {
  if (isInAnyTree(record) && !isAgreed(record)) {
    if (record.seq !== null) return record.hold === null ? record : { ...record, hold: null };
    totals.add('dirty', 1);
    return { ...record, seq: totals.add('dirty_seq', 1), hold: null };
  }
  if (record.seq === null) return record;
  totals.add('dirty', -1);
  return { ...record, seq: null, hold: null };
}

function isAgreed({ local, base, remote, leftOut }: NodeRecord): boolean {
  if (leftOut) return local === undefined && base === undefined;
  if (local === undefined || base === undefined || remote === undefined) return false;
  return base.version === remote.version && sameState(local.state, base.state);
}
