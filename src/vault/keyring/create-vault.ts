import { Failure } from '../../base/failure.ts';
import { hearLater } from '../../base/hear-later.ts';
import type { VaultId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { DeviceKeys } from './device-keys.ts';
import { requireDeviceName } from './device-names.ts';
import { encodeGenesis, genesisName, vaultIdOf, type Genesis } from './genesis.ts';
import { keyListName } from './key-list.ts';
import type { KeyStore } from './key-tools.ts';
import { Keyring, type PinKeyring } from './keyring.ts';
import { makeFirstKeyList } from './next-key-list.ts';
import { publishObject } from './publish-object.ts';
import { findVaultObject, readGenesis } from './read-genesis.ts';
import { readKeyChain } from './read-key-chain.ts';
import { makeSlotSeed, sealSlot, type SlotSecret } from './slot.ts';
import { verifyStep } from './verify-step.ts';

/** What tries at a store leave there. */
const probePrefix = 'probe/';

/** For how long an object that is on its way is waited for when all is to stop. */
const patienceMs = 10_000;

/** The first device of a vault. */
export interface VaultFounder {
  readonly own: DeviceKeys;
  readonly deviceName: string;
  /** How to get in without any device; may be empty. */
  readonly slots: readonly SlotSecret[];
  readonly pin: PinKeyring;
  /** Called once the identity is fixed and before anything is written: the place to seal and keep the device's keys. */
  readonly keep: (vaultId: VaultId) => Promise<void>;
}

/**
 * Makes a vault in an empty store. Throws E_STORE_NOT_EMPTY where any object stands there, also where another
 * device made one at the same moment; E_LIMIT for a name or a number of slots that no reader takes. A stop is heard
 * between two objects, or ten seconds later.
 */
export async function createVault(deps: KeyStore, founder: VaultFounder): Promise<Keyring> {
  const { own, deviceName, pin } = founder;
  requireDeviceName(deviceName);
  await requireEmpty(deps);
  const seeds = founder.slots.map(({ kind }) => makeSlotSeed(deps, kind));
  const genesis: Genesis = { random: deps.random.bytes(32), device: { id: own.id, keys: own.publicKeys }, slots: seeds };
  const genesisBytes = encodeGenesis(genesis);
  const vaultId = vaultIdOf(deps.primitives, genesisBytes);
  const slots = await Promise.all(seeds.map((seed, at) => sealSlot(deps, seed, secretAt(founder, at), vaultId)));
  const device = { id: own.id, keys: own.publicKeys, name: deviceName, addedMs: deps.clock.nowMs(), signingSeed: own.secrets.signingSeed };
  const { list } = makeFirstKeyList(deps, vaultId, device, slots);
  const start = { primitives: deps.primitives, vaultId, genesis };
  verifyStep(start, undefined, list);
  await founder.keep(vaultId);

  // Seconds may have passed since the store was looked at.
  await requireEmpty(deps);
  // Genesis first: a list without it would be a vault that nobody can identify.
  if ((await publishWhole(deps, genesisName, genesisBytes)) === 'taken') throw notEmpty(genesisName);
  await publishWhole(deps, keyListName(1, list.hash), list.bytes);
  // Genesis is the one name that two devices may both write. A store that lets the second overwrite the first shows it now.
  await readGenesis(deps, vaultId).catch(anotherVault);
  const read = await readKeyChain(deps, start, { pin: { keyListHash: list.hash, keyListGeneration: 1 } });
  return Keyring.open({ deps, start, own, pin }, read);
}

/** What was broken off on its way could arrive after its maker took back all that the store shows, and stay there. */
function publishWhole(deps: KeyStore, name: string, bytes: Uint8Array): ReturnType<typeof publishObject> {
  return hearLater(deps, patienceMs, (signal) => publishObject({ ...deps, signal }, name, bytes));
}

async function requireEmpty(deps: KeyStore): Promise<void> {
  const name = (await findVaultObject(deps)) ?? (await findForeignObject(deps));
  if (name !== undefined) throw notEmpty(name);
}

/** Anything else, as far as a first page shows: a place where somebody keeps other things is none for a vault. */
async function findForeignObject({ store, signal }: KeyStore): Promise<string | undefined> {
  const { names } = await store.list('', { limit: limits.listPageMax, signal });
  return names.find((name) => !name.startsWith(probePrefix));
}

function secretAt(founder: VaultFounder, at: number): SlotSecret {
  const secret = founder.slots[at];
  if (secret === undefined) throw new Failure('E_FAILED', 'a slot without its secret');
  return secret;
}

function notEmpty(name: string): Failure {
  return new Failure('E_STORE_NOT_EMPTY', `there is something in this store already: ${name}`, { subject: name });
}

function anotherVault(failure: unknown): never {
  const isOther = failure instanceof Failure && ['E_REPLACED_VAULT', 'E_TAMPER'].includes(failure.code);
  throw isOther ? notEmpty(genesisName) : failure;
}
