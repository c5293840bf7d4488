/** State of the vault beside the tree. */
import type { ContentRef } from '../../model/node.ts';
import type { DeviceId, NodeId } from '../../model/ids.ts';
import type { SettleChange } from '../../model/change.ts';

/** A conflict, for as long as its copy is in the tree. */
export interface ConflictRecord {
  readonly copy: NodeId;
  readonly of: NodeId;
  readonly madeBy: DeviceId;
  readonly ancestor: ContentRef | undefined;
  /** How a person settled it; undefined while it is open. */
  readonly settled: SettleChange['keep'] | undefined;
}
