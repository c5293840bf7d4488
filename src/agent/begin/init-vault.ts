import { Failure } from '../../base/failure.ts';
import { makeRecoveryKey, recoveryKeyText } from '../../crypto/recovery-key.ts';
import { Secret } from '../../crypto/secret.ts';
import type { VaultId } from '../../model/ids.ts';
import { createVault } from '../../vault/keyring/create-vault.ts';
import { genesisMaxBytes, genesisName, vaultIdOf } from '../../vault/keyring/genesis.ts';
import { keyListPrefix } from '../../vault/keyring/key-list.ts';
import type { KeyStore } from '../../vault/keyring/key-tools.ts';
import type { SlotSecret } from '../../vault/keyring/slot.ts';
import type { AgentHost } from '../agent-host.ts';
import { openKeyTools } from '../keys/key-tools.ts';
import { linkDevice, requireUsableOptions, type LinkedDevice, type LinkOptions } from '../devices/link-device.ts';
import { strongPassphrase } from '../keys/strong-passphrase.ts';

export interface InitOptions extends LinkOptions {
  /** Whether a passphrase opens the vault, too; the recovery key always does. */
  readonly hasPassphrase: boolean;
}

export interface NewVault extends LinkedDevice {
  /** Shown once, kept nowhere. */
  readonly recoveryKey: string;
}

/** Makes a vault in an empty place and links the folder. Throws as `linkDevice`, E_WEAK_PASSPHRASE, E_STORE_NOT_EMPTY. */
export async function initVault(host: AgentHost, options: InitOptions): Promise<NewVault> {
  if (!options.hasPassphrase && options.keyStorage === 'passphrase') {
    throw new Failure('E_USAGE', '--no-passphrase and --key-storage passphrase exclude each other');
  }
  await requireUsableOptions(options);
  const { primitives, random } = openKeyTools(host.env);
  const key = makeRecoveryKey(random);
  const slots: SlotSecret[] = [{ kind: 'recovery', key }];
  if (options.hasPassphrase)
    slots.unshift({ kind: 'passphrase', passphrase: new Secret(await strongPassphrase(await host.askPassphrase())) });
  const linked = await linkDevice(host, options, {
    isNew: true,
    enter: (keyStore, newcomer) => {
      const keep = async (vaultId: VaultId): Promise<void> => {
        await newcomer.keep(vaultId);
        newcomer.undo(() => removeOwnVault(keyStore, vaultId));
      };
      return createVault(keyStore, { ...newcomer, keep, slots });
    },
  });
  return { ...linked, recoveryKey: recoveryKeyText(primitives, key) };
}

/** What this very run has begun in the store and could not end: nobody else can have entered it. */
async function removeOwnVault({ primitives, store }: KeyStore, vaultId: VaultId): Promise<void> {
  const genesis = await store.get(genesisName, { maxBytes: genesisMaxBytes });
  if (genesis === undefined || vaultIdOf(primitives, genesis) !== vaultId) return;
  const { names } = await store.list(keyListPrefix, { limit: 10 });
  for (const name of names) await store.delete(name);
  await store.delete(genesisName);
}
