import { Failure } from '../../base/failure.ts';
import type { DeviceKeys } from './device-keys.ts';
import { attemptsMax, keptLosing, settle } from './change-key-list.ts';
import { openDeviceNames, requireDeviceName } from './device-names.ts';
import { freeName } from './free-name.ts';
import type { HolderSecrets } from './holder-keys.ts';
import type { KeyChain } from './key-chain.ts';
import { findDevice, keyListName, type SlotRecord } from './key-list.ts';
import type { KeyStore } from './key-tools.ts';
import { Keyring, pinOf, type PinKeyring } from './keyring.ts';
import { makeNextKeyList } from './next-key-list.ts';
import { openEpochs } from './open-epochs.ts';
import { publishObject } from './publish-object.ts';
import { readGenesis } from './read-genesis.ts';
import { readKeyChain, type ReadKeyChain } from './read-key-chain.ts';
import { openSlot, type SlotSecret } from './slot.ts';
import { verifyStep, type ChainStart, type VerifiedKeyList } from './verify-step.ts';
import type { VaultId } from '../../model/ids.ts';

/** A device that comes in by a passphrase or recovery key. */
export interface Joiner {
  readonly own: DeviceKeys;
  readonly deviceName: string;
  readonly secret: SlotSecret;
  readonly pin: PinKeyring;
  /** Throws where a person knows more of the vault than the store shows. Before anything is written. */
  readonly judge?: (chain: KeyChain) => Promise<void>;
  /** Called once the vault's identity is proven by the secret and before anything is written: the place to seal and keep the device's keys. */
  readonly keep: (vaultId: VaultId) => Promise<void>;
}

/**
 * Adds this device to the vault in the store, by a list of devices that the opened slot signs. Where another change wins
 * the race for the same generation, it is tried again upon that one. Throws E_NOT_FOUND (no vault there), E_LOCKED (wrong
 * secret, or a damaged slot), E_KDF_BOUNDS, E_REVOKED (these keys were removed before), E_TOO_LARGE (too many devices), E_BUSY
 * (others kept winning), and whatever an untrue store makes `loadKeyring` throw.
 */
export async function joinVault(deps: KeyStore, joiner: Joiner): Promise<Keyring> {
  requireDeviceName(joiner.deviceName);
  const { own, pin } = joiner;
  const start = await readGenesis(deps, undefined);
  let last: ReadKeyChain | undefined;
  let slot: OpenSlot | undefined;
  let written: string | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const read = await readKeyChain(deps, start, {
      pin: last && pinOf(tipOf(last)),
      known: last?.known ?? new Map(),
      names: written === undefined ? [] : [written],
    });
    const tip = tipOf(read);
    if (slot === undefined) {
      // First of all, also for a device that is listed already: nothing but the secret tells this vault from one that the
      // store made up around the device's public keys.
      slot = await openAnySlot(deps, tip, joiner.secret);
      await joiner.judge?.(read.chain);
      await joiner.keep(start.vaultId);
    }
    if (findDevice(tip.body, own.id) !== undefined) return await Keyring.open({ deps, start, own, pin }, read);
    if (attempt === attemptsMax) throw keptLosing();
    written = await appendDevice(deps, start, { read, slot, joiner });
    last = read;
    // Whoever listed before this list showed up has written by now, in all likelihood; what comes later still is taken in
    // by `adoptLostDevices` of another device.
    await settle(deps, attempt);
  }
}

interface OpenSlot {
  readonly record: SlotRecord;
  readonly secrets: HolderSecrets;
}

/** The first active slot that the secret opens. All of one kind look alike, so each is tried. */
async function openAnySlot(deps: KeyStore, tip: VerifiedKeyList, secret: SlotSecret): Promise<OpenSlot> {
  let locked = noSlot(secret);
  for (const record of tip.body.slots) {
    if (record.kind !== secret.kind || record.opening === undefined) continue;
    try {
      const secrets = await openSlot(deps, { ...record, opening: record.opening }, secret, tip.body.vaultId);
      return { record, secrets };
    } catch (failure) {
      if (!(failure instanceof Failure) || failure.code !== 'E_LOCKED') throw failure;
      locked = failure;
    }
  }
  throw locked;
}

function noSlot({ kind }: SlotSecret): Failure {
  if (kind !== 'passphrase') return new Failure('E_LOCKED', 'this vault has no recovery key', { action: 'give the passphrase' });
  const action = 'give the recovery key (--recovery-key), or have a device that is in it let this one in (--code)';
  return new Failure('E_LOCKED', 'this vault has no passphrase', { action });
}

/** Writes the list that adds the device. It may lose to another one all the same. */
async function appendDevice(
  deps: KeyStore,
  start: ChainStart,
  work: { read: ReadKeyChain; slot: OpenSlot; joiner: Joiner },
): Promise<string> {
  const { read, slot, joiner } = work;
  const tip = tipOf(read);
  const { record, secrets } = slot;
  const holder = { kind: 'slot', id: record.id } as const;
  const epochs = openEpochs(deps, read.chain.chosen, { holder, agreementSecret: secrets.agreementSecret });
  const current = epochs.at(-1);
  if (current === undefined) throw new Failure('E_FAILED', 'a vault without an epoch');
  const names = openDeviceNames(deps, tip.body, current);
  const { own } = joiner;
  const device = { id: own.id, keys: own.publicKeys, name: freeName(joiner.deviceName, names), addedMs: deps.clock.nowMs() };
  const { list } = makeNextKeyList(
    deps,
    { list: tip, current, names },
    { holder, signingSeed: secrets.signingSeed },
    { addDevices: [device] },
  );
  verifyStep(start, tip, list);
  const name = keyListName(list.body.generation, list.hash);
  await publishObject(deps, name, list.bytes);
  return name;
}

function tipOf({ chain }: ReadKeyChain): VerifiedKeyList {
  const tip = chain.chosen.at(-1);
  if (tip === undefined) throw new Failure('E_FAILED', 'a chain of key lists without any list');
  return tip;
}
