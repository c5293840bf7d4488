/** Names and dates of devices: sealed under the epoch, since a key list itself can be read by the store. */
import { Failure } from '../../base/failure.ts';
import { EpochKeys } from '../../crypto/epoch-keys.ts';
import { padClass } from '../../crypto/padding.ts';
import type { Purpose } from '../../crypto/seal.ts';
import { u32 } from '../../crypto/u32.ts';
import type { DeviceId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { decodeStrict, encode, readArray, readInt, readText, readTuple } from '../cbor.ts';
import { bytesOfId, readId } from '../entry/wire-ids.ts';
import type { EpochSecret } from './epoch-secret.ts';
import { keyListLimits } from './key-list-limits.ts';
import type { KeyListBody } from './key-list.ts';
import type { KeyTools } from './key-tools.ts';

/** What people call a device, and since when it is there. */
export interface DeviceName {
  readonly id: DeviceId;
  /** 1 to 255 bytes of UTF-8. */
  readonly name: string;
  /** Milliseconds since 1970, by the clock of whoever added it. */
  readonly addedMs: number;
}

/** Which list the names stand in. */
export type NamesPlace = Pick<KeyListBody, 'vaultId' | 'generation'>;

/** The sealed part of a list. Throws E_LIMIT for a name that is too long. */
export function sealDeviceNames(tools: KeyTools, place: NamesPlace, current: EpochSecret, names: readonly DeviceName[]): Uint8Array {
  for (const { name } of names) requireDeviceName(name);
  const plain = encode(names.map(({ id, name, addedMs }) => [bytesOfId(id), name, addedMs]));
  const keys = new EpochKeys(tools.primitives, current.epoch, current.secret);
  return tools.seals.seal(keys, purposeOf(place, current.epoch), plain, { paddedBytes: padClass(plain.length) });
}

/** The names in a verified list, in the order of its devices. Throws E_TAMPER where they don't open, E_FORMAT where they don't fit the list. */
export function openDeviceNames(tools: KeyTools, body: KeyListBody, current: EpochSecret): DeviceName[] {
  const keys = new EpochKeys(tools.primitives, current.epoch, current.secret);
  const plain = tools.seals.open(keys, purposeOf(body, current.epoch), body.names);
  const names = readArray(decodeStrict(plain, limits.keyListMaxBytes), keyListLimits.devicesListedMax).map(parseName);
  if (names.length !== body.devices.length || names.some(({ id }, index) => id !== body.devices[index]?.id)) {
    throw new Failure('E_FORMAT', 'the names of devices do not fit the list of devices');
  }
  return names;
}

/** Throws E_LIMIT unless the name has 1 to 255 bytes. */
export function requireDeviceName(name: string): void {
  if (name === '' || !name.isWellFormed() || Buffer.byteLength(name, 'utf8') > keyListLimits.nameMaxBytes) {
    throw new Failure('E_LIMIT', `a device's name has 1 to ${keyListLimits.nameMaxBytes} bytes`, { action: 'choose another name' });
  }
}

function parseName(value: unknown): DeviceName {
  const [id, name, addedMs] = readTuple(value, 3);
  const text = readText(name, keyListLimits.nameMaxBytes);
  requireDeviceName(text);
  return { id: readId('DeviceId', id), name: text, addedMs: readInt(addedMs, { min: 0, max: 8_640_000_000_000_000 }) };
}

function purposeOf({ vaultId, generation }: NamesPlace, epoch: number): Purpose {
  return { type: 'device-names', vaultId, epoch, context: u32(generation) };
}
