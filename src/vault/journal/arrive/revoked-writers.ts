import type { DeviceId } from '../../../model/ids.ts';
import type { ArrivedEntry } from './arrived-entry.ts';

/** Entries that are taken, and those that nobody who is still in the vault has seen. */
export interface Vouched {
  readonly taken: readonly ArrivedEntry[];
  readonly refused: readonly ArrivedEntry[];
}

/**
 * A removed device could go on writing under the list in which it was still active, with any number it likes. So what it
 * wrote counts only where it is known already, or where an active device says it has seen it. (A device that knows such
 * entries says so with its next entry; `owesVouching` asks for one.)
 */
export function splitByVouching(arrived: readonly ArrivedEntry[], active: ReadonlySet<DeviceId>): Vouched {
  const vouched = new Map<DeviceId, number>();
  for (const { header } of arrived) {
    if (!active.has(header.device)) continue;
    for (const [device, { counter }] of header.seen) vouched.set(device, Math.max(vouched.get(device) ?? 0, counter));
  }
  const isTaken = ({ header: { device, counter } }: ArrivedEntry): boolean => active.has(device) || counter <= (vouched.get(device) ?? 0);
  return { taken: arrived.filter(isTaken), refused: arrived.filter((entry) => !isTaken(entry)) };
}
