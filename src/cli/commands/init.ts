import { Option } from 'commander';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { configOption } from '../config-option.ts';
import { folderOption } from '../folder-option.ts';
import { keyStorageOption, parseKeyStorage } from '../key-storage-option.ts';

interface InitOptions {
  readonly store: string;
  readonly folder: string;
  readonly name?: string;
  readonly passphrase: boolean;
  readonly keyStorage?: string;
  readonly config: readonly string[];
}

/** `cachette init` */
export const addInit: AddCommand = (program, perform) => {
  const command = program
    .command('init')
    .description('make a vault in an empty store and link a folder to it')
    .requiredOption('--store <url>', 'where the vault is to be: file:///path or https://TOKEN@host:port/name')
    .requiredOption('--folder <dir>', 'the folder to keep in sync; it may already hold files')
    .option('--name <device>', "what to call this device (default: the computer's name)")
    .addOption(new Option('--no-passphrase', 'no passphrase: only the recovery key and other devices open the vault'))
    .addOption(keyStorageOption())
    .addOption(configOption())
    .addHelpText('after', '\nThe recovery key is printed once: write it down. It opens the vault when every device is lost.');
  command.action(() => perform(command, (run) => init(run, command.opts<InitOptions>())));
};

async function init(run: CommandRun, options: InitOptions): Promise<number> {
  const folder = folderOption('--folder', options.folder);
  const [{ initVault }, { parseGivenConfig }, { offerPassphrase }] = await Promise.all([
    import('../../agent/begin/init-vault.ts'),
    import('../../agent/profile/parse-given-config.ts'),
    import('../../agent/keys/offer-passphrase.ts'),
  ]);
  const host = { ...run.host, askPassphrase: () => run.passphrase.get('new', () => offerPassphrase()) };
  const vault = await initVault(host, {
    storeUrl: options.store,
    folder,
    deviceName: options.name,
    hasPassphrase: options.passphrase,
    keyStorage: parseKeyStorage(options.keyStorage, run.host.env),
    config: parseGivenConfig(options.config),
  });
  for (const note of vault.notes) run.say(`cachette: about the store: ${note}`);
  run.say(`The vault is made; ${folder} is linked to it as "${vault.deviceName}".`);
  run.say('This is the recovery key. It is shown this one time: keep it on paper, where you would keep a passport.');
  // Also with --quiet: it can't be had again.
  if (run.isJson) run.terminal.result(JSON.stringify({ recoveryKey: vault.recoveryKey, vaultId: vault.vaultId, device: vault.deviceName }));
  else run.terminal.result(vault.recoveryKey);
  run.say('`cachette vault recovery-sheet FILE` makes a page of it for your printer. Next: `cachette sync`.');
  return 0;
}
