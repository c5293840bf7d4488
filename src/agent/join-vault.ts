import { parseRecoveryKey } from '../crypto/recovery-key.ts';
import { Secret } from '../crypto/secret.ts';
import { parseStoreUrl } from '../store/parse-store-url.ts';
import { joinVault } from '../vault/keyring/join-vault.ts';
import type { SlotSecret } from '../vault/keyring/slot.ts';
import type { AgentHost } from './agent-host.ts';
import { openKeyTools } from './key-tools.ts';
import { linkDevice, type LinkedDevice, type LinkOptions } from './link-device.ts';

export interface JoinOptions extends LinkOptions {
  /** In place of the passphrase. */
  readonly recoveryKey: string | undefined;
}

/** Links this device to the vault in the store. Throws as `linkDevice`, E_LOCKED, E_NOT_FOUND (no vault there). */
export async function joinExistingVault(host: AgentHost, options: JoinOptions): Promise<LinkedDevice> {
  // Before anybody is asked for a secret: a wrong address would make it a vain one.
  parseStoreUrl(options.storeUrl);
  const { primitives } = openKeyTools(host.env);
  const { recoveryKey } = options;
  const secret: SlotSecret =
    recoveryKey === undefined
      ? { kind: 'passphrase', passphrase: new Secret(await host.askPassphrase()) }
      : { kind: 'recovery', key: parseRecoveryKey(primitives, recoveryKey) };
  return linkDevice(host, options, { isNew: false, enter: (keyStore, newcomer) => joinVault(keyStore, { ...newcomer, secret }) });
}
