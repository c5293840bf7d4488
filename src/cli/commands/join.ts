import type { LinkedDevice, LinkOptions } from '../../agent/devices/link-device.ts';
import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { configOption } from '../config-option.ts';
import { folderOption } from '../folder-option.ts';
import { keyStorageOption, parseKeyStorage } from '../key-storage-option.ts';

interface JoinOptions {
  readonly store: string;
  readonly folder: string;
  readonly name?: string;
  readonly recoveryKey?: string;
  readonly head?: string;
  readonly code?: true;
  readonly keyStorage?: string;
  readonly config: readonly string[];
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
    .option('--code', 'wait until a device of the vault lets this one in: `cachette devices approve CODE` there')
    .option('--head <head>', 'from a recovery sheet or `cachette vault code`: a store that shows an older state is refused')
    .addOption(keyStorageOption())
    .addOption(configOption());
  command.action(() => perform(command, (run) => join(run, command.opts<JoinOptions>())));
};

async function join(run: CommandRun, options: JoinOptions): Promise<number> {
  const linked = await link(run, options);
  for (const note of linked.notes) run.say(`cachette: about the store: ${note}`);
  if (options.head === undefined && options.code !== true) {
    run.say(
      'This device has nothing yet to hold the store against: it trusts what the store shows. To be sure that this is the newest state,',
    );
    run.say('run `cachette sync`, then `cachette vault code` here and on another device: the digits must be the same.');
  }
  run.tell({ vaultId: linked.vaultId, device: linked.deviceName }, () => [
    `${folderOption('--folder', options.folder)} is linked to the vault as "${linked.deviceName}". Next: \`cachette sync\`.`,
  ]);
  return 0;
}

async function link(run: CommandRun, { code, recoveryKey, head, ...options }: JoinOptions): Promise<LinkedDevice> {
  const [{ joinByCode, joinExistingVault }, { parseGivenConfig }] = await Promise.all([
    import('../../agent/begin/join-vault.ts'),
    import('../../agent/profile/parse-given-config.ts'),
  ]);
  const device: LinkOptions = {
    storeUrl: options.store,
    folder: folderOption('--folder', options.folder),
    deviceName: options.name,
    keyStorage: parseKeyStorage(options.keyStorage, run.host.env),
    config: parseGivenConfig(options.config),
  };
  if (code !== true) return joinExistingVault(run.host, { ...device, recoveryKey, head });
  if (recoveryKey !== undefined || head !== undefined) {
    throw new Failure('E_USAGE', '--code takes neither --recovery-key nor --head: the approving device says all that is needed');
  }
  return joinByCode(run.host, device, (text) => {
    // Also with --quiet: without it there is nothing to wait for.
    run.terminal.result(run.isJson ? JSON.stringify({ code: text }) : text);
    run.say(`Type this code on a device of the vault, within ten minutes: cachette devices approve ${text}`);
  });
}
