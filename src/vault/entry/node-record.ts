/** Records of the tree in their one encoding: what the state root sums up, and what snapshots hold (FORMAT.md, section 6.3). */
import type { ConflictChange, SettleChange } from '../../model/change.ts';
import type { VersionedNode } from '../../model/node.ts';
import { encode, readTuple } from '../cbor.ts';
import { keepNumbers, readKeep } from './change-numbers.ts';
import { readContentRef, readState, wireContentRef, wireState } from './state-wire.ts';
import { bytesOfId, readId, readOptional, readVersion, wireVersion } from './wire-ids.ts';

/** The first item of each kind of record. Frozen: a number is never used for anything else. */
export const recordNumbers = { node: 1, conflict: 2, pack: 3, plan: 4 } as const;

/** A conflict as the vault's state holds it. */
export interface ConflictRecord extends Omit<ConflictChange, 'do'> {
  /** undefined while it is open. */
  readonly settled: SettleChange['keep'] | undefined;
}

/** `[1, id, version, state]`. */
export function nodeRecord({ id, version, state }: VersionedNode): Uint8Array {
  return encode([recordNumbers.node, bytesOfId(id), wireVersion(version), wireState(state)]);
}

/** `[2, copy, of, madeBy, ancestor | null, how settled | null]`. */
export function conflictRecord({ copy, of, madeBy, ancestor, settled }: ConflictRecord): Uint8Array {
  return encode([
    recordNumbers.conflict,
    bytesOfId(copy),
    bytesOfId(of),
    bytesOfId(madeBy),
    ancestor === undefined ? null : wireContentRef(ancestor),
    settled === undefined ? null : keepNumbers[settled],
  ]);
}

/** A node from the decoded items of its record. Throws E_FORMAT. */
export function readNodeRecord(items: unknown): VersionedNode {
  const [, id, version, state] = readTuple(items, 4);
  return { id: readId('NodeId', id), version: readVersion(version), state: readState(state) };
}

/** A conflict from the decoded items of its record. Throws E_FORMAT. */
export function readConflictRecord(items: unknown): ConflictRecord {
  const [, copy, of, madeBy, ancestor, settled] = readTuple(items, 6);
  return {
    copy: readId('NodeId', copy),
    of: readId('NodeId', of),
    madeBy: readId('DeviceId', madeBy),
    ancestor: readOptional(ancestor, readContentRef),
    settled: readOptional(settled, readKeep),
  };
}
