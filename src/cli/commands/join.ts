import path from 'node:path';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { keyStorageOption, parseKeyStorage } from '../key-storage-option.ts';

interface JoinOptions {
  readonly store: string;
  readonly folder: string;
  readonly name?: string;
  readonly recoveryKey?: string;
  readonly keyStorage?: string;
}

/** `cachette join` */
export const addJoin: AddCommand = (program, perform) => {
  const command = program
    .command('join')
    .description('link this device to the vault in a store')
    .requiredOption('--store <url>', 'where the vault is: the same URL that the first device was given')
    .requiredOption('--folder <dir>', 'the folder to keep in sync; what it holds already is kept')
    .option('--name <device>', "what to call this device (default: the computer's name)")
    .option('--recovery-key <key>', "the vault's recovery key, in place of its passphrase")
    .addOption(keyStorageOption());
  command.action(() => perform(command, (run) => join(run, command.opts<JoinOptions>())));
};

async function join(run: CommandRun, options: JoinOptions): Promise<number> {
  const { joinExistingVault } = await import('../../agent/join-vault.ts');
  const linked = await joinExistingVault(run.host, {
    storeUrl: options.store,
    folder: path.resolve(options.folder),
    deviceName: options.name,
    recoveryKey: options.recoveryKey,
    keyStorage: parseKeyStorage(options.keyStorage, run.host.env),
  });
  for (const note of linked.notes) run.say(`cachette: about the store: ${note}`);
  run.tell({ vaultId: linked.vaultId, device: linked.deviceName }, () => [
    `${path.resolve(options.folder)} is linked to the vault as "${linked.deviceName}". Next: \`cachette sync\`.`,
  ]);
  return 0;
}
