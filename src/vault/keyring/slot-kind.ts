import { Failure } from '../../base/failure.ts';
import { readInt } from '../cbor.ts';

/** The number of each kind of slot on the wire. */
export const slotKinds = { passphrase: 1, recovery: 2 } as const;

/** By what a slot is opened. */
export type SlotKind = keyof typeof slotKinds;

/** Throws E_FORMAT for a kind that version 1 does not have. */
export function parseSlotKind(value: unknown): SlotKind {
  switch (readInt(value, { min: 0, max: 255 })) {
    case slotKinds.passphrase:
      return 'passphrase';
    case slotKinds.recovery:
      return 'recovery';
    default:
      throw new Failure('E_FORMAT', 'a slot of a kind that this program does not know');
  }
}
