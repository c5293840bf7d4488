/** The device's secrets at rest: its own keys, and the store's URL, which may hold credentials. */
import { z } from 'zod';
import { utf8 } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { Secret } from '../../crypto/secret.ts';
import type { VaultId } from '../../model/ids.ts';
import { deviceLocalKeys, openDeviceKeys, sealDeviceKeys, type DeviceKeys } from '../../vault/keyring/device-keys.ts';
import type { KeyTools } from '../../vault/keyring/key-tools.ts';
import { restPlaceSchema, type KeptKey, type RestPlace } from './key-storage.ts';
import { readPrivateFile, writePrivateFile } from '../profile/private-file.ts';

const bytes = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const bundleSchema = z.strictObject({ format: z.literal(1), rest: restPlaceSchema, keys: bytes, store: bytes });
const bundleMaxBytes = 64 * 1024;

/** The bundle as it lies there. */
export interface DeviceBundle {
  readonly rest: RestPlace;
  readonly keys: Uint8Array;
  readonly store: Uint8Array;
}

/** What the bundle holds. */
export interface DeviceSecrets {
  readonly own: DeviceKeys;
  readonly storeUrl: Secret<string>;
}

/** The URL is sealed under a key of the device's own, so that it can be changed without what opens the keys. */
export function sealBundle(tools: KeyTools, vaultId: VaultId, { own, storeUrl }: DeviceSecrets, kept: KeptKey): DeviceBundle {
  const local = deviceLocalKeys(tools.primitives, own);
  return {
    rest: kept.place,
    keys: sealDeviceKeys(tools, own, vaultId, kept.restKey),
    store: tools.seals.seal(local, storePurpose(vaultId), utf8(storeUrl.reveal())),
  };
}

/** Throws E_LOCKED where the key is another one or the file was damaged: the two can't be told apart. */
export function openBundle(tools: KeyTools, vaultId: VaultId, bundle: DeviceBundle, restKey: Uint8Array): DeviceSecrets {
  const own = openOwnKeys(tools, vaultId, bundle, restKey);
  return { own, storeUrl: openStoreUrl(tools, own, vaultId, bundle.store) };
}

function openOwnKeys(tools: KeyTools, vaultId: VaultId, { keys, rest }: DeviceBundle, restKey: Uint8Array): DeviceKeys {
  try {
    return openDeviceKeys(tools, keys, vaultId, restKey);
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'E_LOCKED') throw cause;
    if (rest.kind === 'passphrase') {
      // The recovery key opens the vault, not these.
      const action =
        'give the passphrase of this device (CACHETTE_PASSPHRASE or --passphrase-file); is it forgotten, join again with a new profile';
      throw new Failure('E_LOCKED', cause.message, { action, cause });
    }
    // Nobody typed it: to ask for a passphrase would lead nowhere.
    throw new Failure('E_LOCKED', "this device's keys don't open with the key that was kept for them: one of the two was damaged", {
      action: 'restore both from a backup, or join again with a new profile',
      cause,
    });
  }
}

function openStoreUrl(tools: KeyTools, own: DeviceKeys, vaultId: VaultId, sealed: Uint8Array): Secret<string> {
  try {
    const url = tools.seals.open(deviceLocalKeys(tools.primitives, own), storePurpose(vaultId), sealed);
    return new Secret(Buffer.from(url).toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.exitCode !== 5) throw cause;
    const again = { action: 'restore device.json in the profile, or join again with a new profile', cause };
    throw new Failure('E_LOCKED', "the store's address in this device's keys is damaged", again);
  }
}

export async function writeBundle(file: string, { rest, keys, store }: DeviceBundle): Promise<void> {
  const place = rest.kind === 'passphrase' ? { ...rest, salt: toBase64(rest.salt) } : rest;
  await writePrivateFile(
    file,
    utf8(`${JSON.stringify({ format: 1, rest: place, keys: toBase64(keys), store: toBase64(store) }, undefined, 2)}\n`),
  );
}

/** Throws E_LOCKED where the file is not there or not what this version writes. */
export async function readBundle(file: string): Promise<DeviceBundle> {
  const text = await readPrivateFile(file, bundleMaxBytes);
  try {
    return bundleSchema.parse(JSON.parse(Buffer.from(text ?? []).toString('utf8')));
  } catch (cause) {
    const again = { subject: file, action: 'restore it, or join again with a new profile', cause };
    throw new Failure('E_LOCKED', `this device's keys (${file}) are not there or damaged`, again);
  }
}

function storePurpose(vaultId: VaultId): { type: 'device-keys'; vaultId: VaultId; epoch: 0; context: Uint8Array } {
  return { type: 'device-keys', vaultId, epoch: 0, context: utf8('store') };
}

function toBase64(data: Uint8Array): string {
  return Buffer.from(data).toString('base64');
}
