import { describe, expect, test } from 'vitest';
import { Seals } from '../../../src/crypto/seal.ts';
import { parseId } from '../../../src/model/ids.ts';
import { makeDeviceKeys, openDeviceKeys, sealDeviceKeys, signAsDevice } from '../../../src/vault/keyring/device-keys.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { bytesOf, seededRandom } from '../../crypto/fixed-random.ts';
import { providers } from '../../crypto/providers.ts';

const vaultId = parseId('VaultId', 'ab'.repeat(32));
const otherVault = parseId('VaultId', 'cd'.repeat(32));
const restKey = bytesOf('rest', 32);

describe.each(providers)("a device's keys, with %s", (_, primitives) => {
  const random = seededRandom('device keys');
  const tools = { primitives, random, seals: new Seals(primitives, random) };
  const keys = makeDeviceKeys(primitives, random);
  const sealed = sealDeviceKeys(tools, keys, vaultId, restKey);

  test('are four independent draws', () => {
    const other = makeDeviceKeys(primitives, random);
    const all = [keys, other].flatMap(({ id, secrets }) => [id, secrets.signingSeed.join(), secrets.agreementSecret.join()]);
    expect(new Set(all).size).toBe(all.length);
  });

  test('come back from rest', () => {
    expect(openDeviceKeys(tools, sealed, vaultId, restKey)).toEqual(keys);
  });

  test('stay locked for another key, in another vault, and when damaged', () => {
    expect(failureCode(() => openDeviceKeys(tools, sealed, vaultId, bytesOf('other', 32)))).toBe('E_LOCKED');
    expect(failureCode(() => openDeviceKeys(tools, sealed, otherVault, restKey))).toBe('E_LOCKED');
    for (let at = 10; at < sealed.length; at += 1) {
      const damaged = sealed.slice();
      damaged[at]! ^= 0x10;
      expect(failureCode(() => openDeviceKeys(tools, damaged, vaultId, restKey))).toBe('E_LOCKED');
    }
    expect(failureCode(() => openDeviceKeys(tools, new Uint8Array(), vaultId, restKey))).toBe('E_FORMAT');
  });

  test('sign', () => {
    const message = bytesOf('message', 100);
    expect(primitives.verify(message, signAsDevice(primitives, keys, message), keys.publicKeys.signing)).toBe(true);
  });
});
