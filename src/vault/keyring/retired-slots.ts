import type { SlotId } from '../../model/ids.ts';
import type { KeyChain } from './key-chain.ts';
import type { SlotRecord } from './key-list.ts';

/**
 * Slots that opened the vault once and open nothing any more, as the lists had them while they did; the newest first. Lists
 * that lost count, too. What opened one of them is known to whoever was to be kept out: it must never open a slot again.
 */
export function retiredSlots({ chosen, lost }: KeyChain): SlotRecord[] {
  const isOpen = new Set(chosen.at(-1)?.body.slots.flatMap(({ id, opening }) => (opening === undefined ? [] : [id])));
  const retired = new Map<SlotId, SlotRecord>();
  for (const { body } of [...chosen, ...lost].toSorted((a, b) => b.body.generation - a.body.generation)) {
    for (const slot of body.slots) {
      if (slot.opening !== undefined && !isOpen.has(slot.id) && !retired.has(slot.id)) retired.set(slot.id, slot);
    }
  }
  return [...retired.values()];
}
