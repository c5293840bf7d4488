import { parseRecoveryKey } from '../../crypto/recovery-key.ts';
import { Secret } from '../../crypto/secret.ts';
import { collectEnrolments } from '../../vault/enrolment/collect-enrolments.ts';
import { enrolByCode } from '../../vault/enrolment/enrol-by-code.ts';
import { joinVault } from '../../vault/keyring/join-vault.ts';
import type { SlotSecret } from '../../vault/keyring/slot.ts';
import type { KeyChain } from '../../vault/keyring/key-chain.ts';
import { headVector, requireVaultHead } from '../../vault/require-vault-head.ts';
import { parseVaultHead } from '../../vault/vault-head.ts';
import type { AgentHost } from '../agent-host.ts';
import { openKeyTools } from '../keys/key-tools.ts';
import { linkDevice, requireUsableOptions, type LinkedDevice, type LinkOptions } from '../devices/link-device.ts';

export interface JoinOptions extends LinkOptions {
  /** In place of the passphrase. */
  readonly recoveryKey: string | undefined;
  /** What `vaultHeadText` gave: a store that shows less is refused. */
  readonly head: string | undefined;
}

/** Links this device to the vault in the store. Throws as `linkDevice`, E_LOCKED, E_NOT_FOUND (no vault there), E_ROLLBACK. */
export async function joinExistingVault(host: AgentHost, options: JoinOptions): Promise<LinkedDevice> {
  await requireUsableOptions(options);
  const head = options.head === undefined ? undefined : parseVaultHead(options.head);
  const { primitives } = openKeyTools(host.env);
  const { recoveryKey } = options;
  const secret: SlotSecret =
    recoveryKey === undefined
      ? { kind: 'passphrase', passphrase: new Secret(await host.askPassphrase()) }
      : { kind: 'recovery', key: parseRecoveryKey(primitives, recoveryKey) };
  return linkDevice(host, options, {
    isNew: false,
    enter: async (keyStore, newcomer) => {
      const judge = async (chain: KeyChain): Promise<void> => (head === undefined ? undefined : requireVaultHead(keyStore, chain, head));
      const keyring = await joinVault(keyStore, { ...newcomer, secret, judge });
      if (head !== undefined) await newcomer.pinSeen(await headVector(keyStore, keyring, head));
      return keyring;
    },
  });
}

/**
 * Links this device to the vault once a device of it lets this one in. `show` gets the code that a person types there.
 * Throws as `linkDevice` and `enrolByCode`.
 */
export async function joinByCode(host: AgentHost, options: LinkOptions, show: (code: string) => void): Promise<LinkedDevice> {
  await requireUsableOptions(options);
  return linkDevice(host, options, {
    isNew: false,
    enter: async (keyStore, newcomer) => {
      await collectEnrolments(keyStore);
      return enrolByCode(keyStore, {
        ...newcomer,
        show: ({ text }) => {
          show(text.reveal());
        },
      });
    },
  });
}
