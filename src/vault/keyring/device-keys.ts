import { Failure } from '../../base/failure.ts';
import type { Random } from '../../base/random.ts';
import { deriveKey } from '../../crypto/derive-key.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { SecretKeys } from '../../crypto/seal-keys.ts';
import type { DeviceId, VaultId } from '../../model/ids.ts';
import { toHex } from '../../base/bytes.ts';
import { parseId } from '../../model/ids.ts';
import { decodeStrict, encode, readBytes, readInt, readTuple } from '../cbor.ts';
import { bytesOfId, readId } from '../entry/wire-ids.ts';
import { publicKeysOf, type HolderSecrets, type PublicKeys } from './holder-keys.ts';
import type { KeyHolder } from './key-holder.ts';
import type { KeyTools } from './key-tools.ts';

/** A device's own keys. Never leave the device, and rest sealed. */
export interface DeviceKeys {
  readonly id: DeviceId;
  readonly secrets: HolderSecrets;
  readonly publicKeys: PublicKeys;
}

/** A new device: id and both pairs from fresh randomness, independent of each other. */
export function makeDeviceKeys(primitives: Primitives, random: Random): DeviceKeys {
  const id = parseId('DeviceId', toHex(random.bytes(16)));
  return withPublicKeys(primitives, id, { signingSeed: random.bytes(32), agreementSecret: random.bytes(32) });
}

/** The device as it stands in key lists. */
export function deviceHolder(keys: DeviceKeys): KeyHolder {
  return { kind: 'device', id: keys.id };
}

/** Ed25519 signature of this device. The message starts with a label and holds all that it is about. */
export function signAsDevice(primitives: Primitives, keys: DeviceKeys, message: Uint8Array): Uint8Array {
  return primitives.sign(message, primitives.signingPair(keys.secrets.signingSeed).secretKey);
}

/** The keys as they rest, sealed under a 32-byte key from the keychain, a passphrase or a file. Bound to the vault. */
export function sealDeviceKeys(tools: KeyTools, keys: DeviceKeys, vaultId: VaultId, restKey: Uint8Array): Uint8Array {
  const plain = encode([1, bytesOfId(keys.id), keys.secrets.signingSeed, keys.secrets.agreementSecret]);
  return tools.seals.seal(new SecretKeys(tools.primitives, restKey), atRest(vaultId), plain);
}

/**
 * The keys that rest there. Throws E_LOCKED where the key is another one or the bytes were damaged: the two can't be told
 * apart. E_FORMAT where it is nothing that this version wrote.
 */
export function openDeviceKeys(tools: KeyTools, sealed: Uint8Array, vaultId: VaultId, restKey: Uint8Array): DeviceKeys {
  const plain = openOrLocked(tools, sealed, vaultId, restKey);
  const [format, id, signingSeed, agreementSecret] = readTuple(decodeStrict(plain, 1024), 4);
  readInt(format, { min: 1, max: 1 });
  const secrets = { signingSeed: readBytes(signingSeed, 32), agreementSecret: readBytes(agreementSecret, 32) };
  return withPublicKeys(tools.primitives, readId('DeviceId', id), secrets);
}

/** A secret for what this device alone keeps sealed on its own disk. */
export function deviceLocalKeys(primitives: Primitives, keys: DeviceKeys): SecretKeys {
  return new SecretKeys(primitives, deriveKey(primitives, keys.secrets.agreementSecret, labels.deviceLocal));
}

function atRest(vaultId: VaultId): { type: 'device-keys'; vaultId: VaultId; epoch: 0; context: Uint8Array } {
  return { type: 'device-keys', vaultId, epoch: 0, context: new Uint8Array() };
}

function withPublicKeys(primitives: Primitives, id: DeviceId, secrets: HolderSecrets): DeviceKeys {
  return { id, secrets, publicKeys: publicKeysOf(primitives, { kind: 'device', id }, secrets) };
}

function openOrLocked(tools: KeyTools, sealed: Uint8Array, vaultId: VaultId, restKey: Uint8Array): Uint8Array {
  try {
    return tools.seals.open(new SecretKeys(tools.primitives, restKey), atRest(vaultId), sealed);
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'E_TAMPER') throw cause;
    throw new Failure(
      'E_LOCKED',
      "this device's keys don't open: wrong passphrase or key, or the file was damaged (the two can't be told apart)",
      { cause },
    );
  }
}
