import type { Random } from '../../../src/base/random.ts';
import { fromHex, toHex } from '../../../src/base/bytes.ts';
import type { Primitives } from '../../../src/crypto/primitives.ts';
import { makeRecoveryKey, recoveryKeyText } from '../../../src/crypto/recovery-key.ts';
import { Seals } from '../../../src/crypto/seal.ts';
import { Secret } from '../../../src/crypto/secret.ts';
import type { EntryHash } from '../../../src/model/ids.ts';
import { type DeviceKeys, makeDeviceKeys, sealDeviceKeys } from '../../../src/vault/keyring/device-keys.ts';
import { openDeviceNames } from '../../../src/vault/keyring/device-names.ts';
import { encodeGenesis, vaultIdOf } from '../../../src/vault/keyring/genesis.ts';
import { keyListName } from '../../../src/vault/keyring/key-list.ts';
import { type KeyListState, makeFirstKeyList, makeNextKeyList, type MadeKeyList } from '../../../src/vault/keyring/next-key-list.ts';
import { makeSlotSeed, openSlot, sealSlot } from '../../../src/vault/keyring/slot.ts';
import { verifyStep } from '../../../src/vault/keyring/verify-step.ts';
import { encodePin, type Pin } from '../../../src/vault/pin/pin.ts';
import { sealPinCopy } from '../../../src/vault/pin/pin-copy.ts';

/** What the vectors hold: everything as hexadecimal, but text and numbers. */
export interface KeyringVectors {
  readonly passphrase: string;
  readonly recoveryKeys: readonly string[];
  readonly devices: readonly Record<'id' | 'signingSeed' | 'agreementSecret' | 'signing' | 'agreement' | 'certificate', string>[];
  readonly slots: readonly Record<'id' | 'seed' | 'signing' | 'agreement' | 'certificate', string>[];
  readonly genesis: string;
  readonly vaultId: string;
  readonly keyLists: readonly Record<'name' | 'object' | 'hash' | 'epochSecret' | 'names', string>[];
  readonly restKey: string;
  readonly sealedDeviceKeys: string;
  readonly pin: string;
  readonly sealedPinCopy: string;
}

const addedMs = 1_700_000_000_000;
const passphrase = 'six ünrelated words are quite enough';

/**
 * A laptop makes a vault with a passphrase and a recovery key; a desktop joins by the recovery key; the laptop removes the
 * desktop, which knew the recovery key, and replaces it. Each draw comes from `random`, in this order.
 */
export async function makeKeyringVectors(primitives: Primitives, random: Random): Promise<KeyringVectors> {
  const tools = { primitives, random, seals: new Seals(primitives, random) };
  const laptop = makeDeviceKeys(primitives, random);
  const desk = makeDeviceKeys(primitives, random);
  const recoveryKeys = [makeRecoveryKey(random), makeRecoveryKey(random)] as const;
  const slotSeeds = [makeSlotSeed(tools, 'passphrase'), makeSlotSeed(tools, 'recovery'), makeSlotSeed(tools, 'recovery')] as const;
  const genesis = { random: random.bytes(32), device: { id: laptop.id, keys: laptop.publicKeys }, slots: slotSeeds.slice(0, 2) };
  const genesisBytes = encodeGenesis(genesis);
  const vaultId = vaultIdOf(primitives, genesisBytes);
  const start = { primitives, genesis, vaultId };
  const [byPassphrase, byRecovery, byNewRecovery] = [
    await sealSlot(tools, slotSeeds[0], { kind: 'passphrase', passphrase: new Secret(passphrase) }, vaultId),
    await sealSlot(tools, slotSeeds[1], { kind: 'recovery', key: recoveryKeys[0] }, vaultId),
    await sealSlot(tools, slotSeeds[2], { kind: 'recovery', key: recoveryKeys[1] }, vaultId),
  ];
  const stateOf = ({ list, current }: MadeKeyList, before?: KeyListState): KeyListState => ({
    list: verifyStep(start, before?.list, list),
    current,
    names: openDeviceNames(tools, list.body, current),
  });

  const founder = { id: laptop.id, keys: laptop.publicKeys, name: 'Laptop', addedMs, signingSeed: laptop.secrets.signingSeed };
  const first = stateOf(makeFirstKeyList(tools, vaultId, founder, [byPassphrase, byRecovery]));
  const slotSecrets = await openSlot(tools, byRecovery, { kind: 'recovery', key: recoveryKeys[0] }, vaultId);
  const bySlot = { holder: { kind: 'slot', id: byRecovery.id } as const, signingSeed: slotSecrets.signingSeed };
  const joiner = { id: desk.id, keys: desk.publicKeys, name: 'Schreibtisch – büro', addedMs: addedMs + 86_400_000 };
  const second = stateOf(makeNextKeyList(tools, first, bySlot, { addDevices: [joiner] }), first);
  const byLaptop = { holder: { kind: 'device', id: laptop.id } as const, signingSeed: laptop.secrets.signingSeed };
  const removal = { revokeDevices: [desk.id], retireSlots: [byRecovery.id], addSlots: [byNewRecovery] };
  const third = stateOf(makeNextKeyList(tools, second, byLaptop, removal), second);

  const restKey = random.bytes(32);
  const pin: Pin = {
    vaultId,
    format: 1,
    vector: new Map([
      [laptop.id, { counter: 300, hash: 'a1'.repeat(32) as EntryHash }],
      [desk.id, { counter: 1, hash: 'b2'.repeat(32) as EntryHash }],
    ]),
    keyListHash: third.list.hash,
    keyListGeneration: 3,
    epoch: 2,
    checkpoint: { lamport: 250, hash: 'c3'.repeat(32) as EntryHash },
  };
  return {
    passphrase,
    recoveryKeys: recoveryKeys.map((key) => recoveryKeyText(primitives, key)),
    devices: [laptop, desk].map(deviceVector),
    slots: slotSeeds.map(({ id, seed, keys }) => ({ id, seed: toHex(seed), ...hexOf(keys) })),
    genesis: toHex(genesisBytes),
    vaultId,
    keyLists: [first, second, third].map(({ list, current, names }) => ({
      name: keyListName(list.body.generation, list.hash),
      object: toHex(list.bytes),
      hash: list.hash,
      epochSecret: toHex(current.secret),
      names: names.map(({ name }) => name).join(', '),
    })),
    restKey: toHex(restKey),
    sealedDeviceKeys: toHex(sealDeviceKeys(tools, laptop, vaultId, restKey)),
    pin: toHex(encodePin(pin)),
    sealedPinCopy: toHex(sealPinCopy(tools, laptop, pin)),
  };
}

/** Gives the draws again that a file holds. */
export function tapeRandom(draws: readonly string[]): Random & { readonly isUsedUp: () => boolean } {
  let at = 0;
  return {
    bytes: (count) => {
      const draw = fromHex(draws[at] ?? '');
      at += 1;
      if (draw?.length !== count) throw new Error(`draw ${at} has not ${count} bytes`);
      return draw;
    },
    isUsedUp: () => at === draws.length,
  };
}

function deviceVector({ id, secrets, publicKeys }: DeviceKeys): KeyringVectors['devices'][number] {
  return { id, signingSeed: toHex(secrets.signingSeed), agreementSecret: toHex(secrets.agreementSecret), ...hexOf(publicKeys) };
}

function hexOf({ signing, agreement, certificate }: DeviceKeys['publicKeys']): Record<'signing' | 'agreement' | 'certificate', string> {
  return { signing: toHex(signing), agreement: toHex(agreement), certificate: toHex(certificate) };
}
