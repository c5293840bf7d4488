import { Failure } from '../../base/failure.ts';
import type { DeviceId, SlotId } from '../../model/ids.ts';
import { readInt, readTuple, type CborValue } from '../cbor.ts';
import { bytesOfId, readId } from '../entry/wire-ids.ts';

/** Who holds a pair of keys: a device, or a slot (whoever knows its passphrase or recovery key). */
export type KeyHolder = { readonly kind: 'device'; readonly id: DeviceId } | { readonly kind: 'slot'; readonly id: SlotId };

/** The number that stands for a kind of holder on the wire and in what is signed. */
export const holderKinds = { device: 0, slot: 1 } as const;

/** Whether both are the same device, or the same slot. */
export function sameHolder(a: KeyHolder, b: KeyHolder): boolean {
  return a.kind === b.kind && a.id === b.id;
}

/** For messages: kind and the start of the id. */
export function holderText(holder: KeyHolder): string {
  return `${holder.kind} ${holder.id.slice(0, 8)}`;
}

/** Wire form: `[kind, id]`. */
export function holderToCbor(holder: KeyHolder): CborValue {
  return [holderKinds[holder.kind], bytesOfId(holder.id)];
}

/** Throws E_FORMAT for anything but `[kind, id]`. */
export function parseHolder(value: unknown): KeyHolder {
  const [kind, id] = readTuple(value, 2);
  switch (readInt(kind, { min: 0, max: 1 })) {
    case holderKinds.device:
      return { kind: 'device', id: readId('DeviceId', id) };
    case holderKinds.slot:
      return { kind: 'slot', id: readId('SlotId', id) };
    default:
      throw new Failure('E_FORMAT', 'no such kind of key holder');
  }
}
