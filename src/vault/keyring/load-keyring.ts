import type { VaultId } from '../../model/ids.ts';
import type { DeviceKeys } from './device-keys.ts';
import type { KeyStore } from './key-tools.ts';
import { Keyring, type PinKeyring } from './keyring.ts';
import { readGenesis } from './read-genesis.ts';
import { readKeyChain, type KeyListPin } from './read-key-chain.ts';

/** A device that was in the vault before: its keys and what it has seen. */
export interface KnownVault {
  readonly own: DeviceKeys;
  readonly last: KeyListPin & { readonly vaultId: VaultId };
  readonly pin: PinKeyring;
}

/**
 * The keyring of a vault that this device knows. Throws E_STORE_EMPTY, E_REPLACED_VAULT, E_MISSING, E_ROLLBACK, E_FORK,
 * E_TAMPER, E_DOWNGRADE, E_UNTRUSTED_DEVICE, E_REVOKED_WRITER for a store that is not the one it was; E_REVOKED where this
 * device was removed.
 */
export async function loadKeyring(deps: KeyStore, { own, last, pin }: KnownVault): Promise<Keyring> {
  const start = await readGenesis(deps, last.vaultId);
  const read = await readKeyChain(deps, start, { pin: last });
  return Keyring.open({ deps, start, own, pin }, read);
}
