import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fromHex, toHex } from '../../../src/base/bytes.ts';
import type { Primitives } from '../../../src/crypto/primitives.ts';
import { parseRecoveryKey } from '../../../src/crypto/recovery-key.ts';
import { Seals } from '../../../src/crypto/seal.ts';
import { Secret } from '../../../src/crypto/secret.ts';
import { openDeviceKeys } from '../../../src/vault/keyring/device-keys.ts';
import { openDeviceNames } from '../../../src/vault/keyring/device-names.ts';
import { parseGenesis, vaultIdOf } from '../../../src/vault/keyring/genesis.ts';
import { keyListName } from '../../../src/vault/keyring/key-list.ts';
import { parseKeyList } from '../../../src/vault/keyring/key-list-wire.ts';
import { openEpochs } from '../../../src/vault/keyring/open-epochs.ts';
import { openSlot } from '../../../src/vault/keyring/slot.ts';
import { type VerifiedKeyList, verifyStep } from '../../../src/vault/keyring/verify-step.ts';
import { parsePin } from '../../../src/vault/pin/pin.ts';
import { openPinCopy } from '../../../src/vault/pin/pin-copy.ts';
import { portable, sodium } from '../../crypto/providers.ts';
import { makeKeyringVectors, tapeRandom } from './keyring-vectors.ts';

const strings = (...names: string[]) => z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
const vectors = z
  .object({
    random: z.array(z.string()),
    passphrase: z.string(),
    recoveryKeys: z.array(z.string()),
    devices: z.array(strings('id', 'signingSeed', 'agreementSecret', 'signing', 'agreement', 'certificate')),
    slots: z.array(strings('id', 'seed', 'signing', 'agreement', 'certificate')),
    genesis: z.string(),
    vaultId: z.string(),
    keyLists: z.array(z.object({ name: z.string(), object: z.string(), hash: z.string(), epochSecret: z.string(), names: z.string() })),
    restKey: z.string(),
    sealedDeviceKeys: z.string(),
    pin: z.string(),
    sealedPinCopy: z.string(),
  })
  .parse(JSON.parse(readFileSync(`${import.meta.dirname}/../../vectors/keyring-v1.json`, 'utf8')));

/** Half a GiB and four passes are paid once, by libsodium; test/crypto shows that both derive the same. */
const derived = new Map<string, Promise<Uint8Array>>();
const argon2id: Primitives['argon2id'] = async (password, salt, cost) => {
  const key = `${toHex(password)} ${toHex(salt)} ${cost.passes} ${cost.memoryKib}`;
  const found = derived.get(key) ?? sodium.argon2id(password, salt, cost);
  derived.set(key, found);
  return found;
};

const hex = (text: string): Uint8Array => fromHex(text)!;

describe.each([
  ['sodium', { ...sodium, argon2id }],
  ['portable', { ...portable, argon2id }],
] as const)('what version 1 of the format fixed, with %s', (_, primitives) => {
  const random = tapeRandom([]);
  const tools = { primitives, random, seals: new Seals(primitives, random) };

  test('is written to the byte', async () => {
    const { random: draws, ...frozen } = vectors;
    const tape = tapeRandom(draws);
    expect(await makeKeyringVectors(primitives, tape)).toEqual(frozen);
    expect(tape.isUsedUp()).toBe(true);
  });

  test('is read: the vault, its lists, their secrets and names', async () => {
    const vaultId = vaultIdOf(primitives, hex(vectors.genesis));
    expect(vaultId).toBe(vectors.vaultId);
    const start = { primitives, vaultId, genesis: parseGenesis(primitives, hex(vectors.genesis)) };
    const chain: VerifiedKeyList[] = [];
    for (const { name, object, hash } of vectors.keyLists) {
      const list = verifyStep(start, chain.at(-1), parseKeyList(primitives, hex(object)));
      expect([list.hash, keyListName(list.body.generation, list.hash)]).toEqual([hash, name]);
      chain.push(list);
    }
    const own = openDeviceKeys(tools, hex(vectors.sealedDeviceKeys), vaultId, hex(vectors.restKey));
    const reader = { holder: { kind: 'device', id: own.id } as const, agreementSecret: own.secrets.agreementSecret };
    const epochs = openEpochs(tools, chain, reader);
    for (const [at, { epochSecret, names }] of vectors.keyLists.entries()) {
      const { body } = chain[at]!;
      const current = epochs.find(({ epoch }) => epoch === body.epoch)!;
      expect(toHex(current.secret)).toBe(epochSecret);
      expect(
        openDeviceNames(tools, body, current)
          .map(({ name }) => name)
          .join(', '),
      ).toBe(names);
    }
    expect(chain[2]!.body.devices.map(({ state }) => state)).toEqual(['active', 'revoked']);
    expect(openPinCopy(tools, own, vaultId, hex(vectors.sealedPinCopy))).toEqual(parsePin(hex(vectors.pin)));
    const [byPassphrase, retired, byRecovery] = chain[2]!.body.slots;
    expect(retired?.opening).toBeUndefined();
    const open = async (slot: typeof byPassphrase, secret: Parameters<typeof openSlot>[2]): Promise<string[]> => {
      const secrets = await openSlot(tools, { ...slot!, opening: slot!.opening! }, secret, vaultId);
      return openEpochs(tools, chain, { holder: { kind: 'slot', id: slot!.id }, agreementSecret: secrets.agreementSecret }).map(
        ({ secret: key }) => toHex(key),
      );
    };
    const expected = epochs.map(({ secret }) => toHex(secret));
    expect(await open(byPassphrase, { kind: 'passphrase', passphrase: new Secret(vectors.passphrase) })).toEqual(expected);
    expect(await open(byRecovery, { kind: 'recovery', key: parseRecoveryKey(primitives, vectors.recoveryKeys[1]!) })).toEqual(expected);
  });
});
