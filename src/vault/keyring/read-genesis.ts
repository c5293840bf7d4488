import { Failure } from '../../base/failure.ts';
import type { VaultId } from '../../model/ids.ts';
import { genesisMaxBytes, genesisName, parseGenesis, vaultIdOf } from './genesis.ts';
import { chainKeyLists } from './key-chain.ts';
import type { KeyStore } from './key-tools.ts';
import { withRereads } from './read-key-chain.ts';
import { readKeyObjects } from './read-key-objects.ts';
import type { ChainStart } from './verify-step.ts';

/** Everything that a vault keeps in a store stands below these (a whole name is a prefix, too). */
export const vaultPrefixes = [genesisName, 'keys/', 'journal/', 'packs/', 'snapshots/'] as const;

/**
 * The vault that stands in the store, and must be the known one where one is known. Throws E_STORE_EMPTY (known vault,
 * empty store), E_NOT_FOUND (nothing there to join), E_MISSING (all but genesis), E_REPLACED_VAULT (a whole other vault),
 * E_TAMPER (genesis was changed), E_DOWNGRADE and E_FORMAT where no vault is known and the object can't be read.
 */
export async function readGenesis(deps: KeyStore, known: VaultId | undefined): Promise<ChainStart> {
  return withRereads(deps, async () => {
    const bytes = await deps.store.get(genesisName, { maxBytes: genesisMaxBytes, signal: deps.signal });
    if (bytes === undefined) throw await whyAbsent(deps, known);
    const vaultId = vaultIdOf(deps.primitives, bytes);
    if (known === undefined || vaultId === known)
      return { primitives: deps.primitives, vaultId, genesis: parseGenesis(deps.primitives, bytes) };
    throw await whyOther(deps, bytes, vaultId);
  });
}

/** The first name of any object of a vault in the store; undefined where there is none. */
export async function findVaultObject({ store, signal }: KeyStore): Promise<string | undefined> {
  for (const prefix of vaultPrefixes) {
    const { names } = await store.list(prefix, { limit: 1, signal });
    if (names[0] !== undefined) return names[0];
  }
  return undefined;
}

async function whyAbsent(deps: KeyStore, known: VaultId | undefined): Promise<Failure> {
  const other = await findVaultObject(deps);
  if (other !== undefined)
    return new Failure('E_MISSING', 'the store holds parts of a vault, but not its beginning', { subject: genesisName });
  if (known !== undefined)
    return new Failure('E_STORE_EMPTY', 'the store is empty; this device knows a vault in it', { subject: genesisName });
  return new Failure('E_NOT_FOUND', 'there is no vault in this store', {
    action: 'check the address, or make a vault with `cachette init`',
  });
}

/** A replaced vault comes with a list of devices of its own; a changed genesis has none that fits. */
async function whyOther(deps: KeyStore, bytes: Uint8Array, vaultId: VaultId): Promise<Failure> {
  try {
    const start = { primitives: deps.primitives, vaultId, genesis: parseGenesis(deps.primitives, bytes) };
    const objects = await readKeyObjects(deps, { vaultId, names: [], known: new Map() });
    if (chainKeyLists(start, objects.lists.values()).chosen.length > 0) {
      return new Failure('E_REPLACED_VAULT', 'another vault stands in the place of the one that this device knows', {
        subject: genesisName,
      });
    }
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    if (failure.code === 'E_DOWNGRADE') return failure;
    if (!['E_FORMAT', 'E_TAMPER', 'E_LIMIT'].includes(failure.code)) throw failure;
  }
  return new Failure('E_TAMPER', 'the object that the vault begins with is not the one that this device knows', { subject: genesisName });
}
