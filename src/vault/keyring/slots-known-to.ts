import type { DeviceId, SlotId } from '../../model/ids.ts';
import type { KeyChain } from './key-chain.ts';
import type { KeyList } from './key-list.ts';

/**
 * Active slots whose passphrase or recovery key a device has had in its hands, as far as the lists tell: it made the slot
 * (the founder those of genesis), or came in by it. Lists that lost count, too: a device that another one took in again came
 * in by its own secret before. What a person typed on it for other reasons stands in no list.
 */
export function slotsKnownTo({ chosen, lost }: KeyChain, device: DeviceId): SlotId[] {
  const tip = chosen.at(-1);
  const lists = [...chosen, ...lost];
  const active = tip?.body.slots.filter(({ opening }) => opening !== undefined) ?? [];
  return active.filter(({ id }) => lists.some((list) => madeBy(list, device, id) || cameInBy(list, device, id))).map(({ id }) => id);
}

function madeBy({ body }: KeyList, device: DeviceId, slot: SlotId): boolean {
  const isNew = body.slots.some(({ id, addedGeneration }) => id === slot && addedGeneration === body.generation);
  return isNew && body.author.kind === 'device' && body.author.id === device;
}

function cameInBy({ body }: KeyList, device: DeviceId, slot: SlotId): boolean {
  return body.devices.some(({ id, addedBy }) => id === device && addedBy.kind === 'slot' && addedBy.id === slot);
}
