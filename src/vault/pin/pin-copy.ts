/** The second copy of the pin, in a file of its own: sealed, so that what it says of the vault can neither be read nor turned back. */
import type { Purpose } from '../../crypto/seal.ts';
import type { VaultId } from '../../model/ids.ts';
import { bytesOfId } from '../entry/wire-ids.ts';
import { deviceLocalKeys, type DeviceKeys } from '../keyring/device-keys.ts';
import type { KeyTools } from '../keyring/key-tools.ts';
import { encodePin, parsePin, type Pin } from './pin.ts';

/** The copy's bytes, sealed under a key that only this device has. */
export function sealPinCopy(tools: KeyTools, own: DeviceKeys, pin: Pin): Uint8Array {
  return tools.seals.seal(deviceLocalKeys(tools.primitives, own), purposeOf(own, pin.vaultId), encodePin(pin));
}

/** The pin in a copy. Throws E_TAMPER where it is not this device's for this vault, E_FORMAT where it is none. */
export function openPinCopy(tools: KeyTools, own: DeviceKeys, vaultId: VaultId, sealed: Uint8Array): Pin {
  return parsePin(tools.seals.open(deviceLocalKeys(tools.primitives, own), purposeOf(own, vaultId), sealed));
}

function purposeOf(own: DeviceKeys, vaultId: VaultId): Purpose {
  return { type: 'pin-copy', vaultId, epoch: 0, context: bytesOfId(own.id) };
}
