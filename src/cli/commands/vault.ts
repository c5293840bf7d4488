import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { absolutePath } from '../folder-option.ts';
import { formatCount, formatTime } from '../format-units.ts';
import { requireSubcommand } from '../require-subcommand.ts';
import { askForNewPassphrase, newPassphraseOption, type NewPassphraseOption } from '../new-passphrase.ts';

/** `cachette vault` */
export const addVault: AddCommand = (program, perform) => {
  const vault = program.command('vault').description("the vault's passphrase, recovery key, and the code of what this device has seen");
  const code = vault.command('code').description('twelve digits that are the same on two devices exactly where both have seen the same');
  code.action(() => perform(code, showCode));
  const passphrase = vault
    .command('passphrase')
    .description('another passphrase; the old one opens nothing from then on')
    .option('--remove', 'none: only the recovery key and other devices open the vault then')
    .addOption(newPassphraseOption());
  passphrase.action(() => perform(passphrase, (run) => setPassphrase(run, passphrase.opts<PassphraseOptions>())));
  const key = vault
    .command('recovery-key')
    .description('another recovery key, shown once; the old one opens nothing from then on')
    .option('--sheet <file>', 'a page to print, too (HTML where the name ends in .html); nothing is overwritten');
  key.action(() => perform(key, (run) => newRecoveryKey(run, key.opts<{ readonly sheet?: string }>().sheet)));
  const sheet = vault
    .command('recovery-sheet')
    .description('a page to print with the recovery key that you have (HTML where the name ends in .html)')
    .argument('<file>', 'a new file; nothing is overwritten')
    .option('--recovery-key <key>', 'asked for where left out (or CACHETTE_RECOVERY_KEY)');
  sheet.action((file: string) =>
    perform(sheet, (run) => writeSheet(run, file, sheet.opts<{ readonly recoveryKey?: string }>().recoveryKey)),
  );
  requireSubcommand(vault, 'cachette vault');
};

async function showCode(run: CommandRun): Promise<number> {
  const { askVaultCode } = await import('../../agent/devices/vault-code.ts');
  const { showPath } = await import('../../agent/show/show-path.ts');
  const code = await askVaultCode(run.host);
  run.tell(code, () => [
    code.code,
    code.newest === null
      ? 'nothing was written to the vault yet'
      : `${formatCount(code.seq, 'change')} seen, the newest of ${formatTime(code.newest.at)} by ${showPath(code.newest.device)}`,
  ]);
  run.say('The same digits on another device (after `cachette sync` on both): both have seen the same.');
  return 0;
}

interface PassphraseOptions extends NewPassphraseOption {
  readonly remove?: true;
}

async function setPassphrase(run: CommandRun, options: PassphraseOptions): Promise<number> {
  const { changePassphrase } = await import('../../agent/keys/ask-for-keys.ts');
  const asked = options.remove === true ? undefined : askForNewPassphrase(run, options, { orTheUsual: true });
  const passphrase = await asked;
  if (options.remove !== true && passphrase === undefined) {
    throw new Failure('E_LOCKED', 'a new passphrase is needed, and nobody can be asked for one', {
      action: 'set CACHETTE_NEW_PASSPHRASE or give --new-passphrase-file; --remove for none',
    });
  }
  await changePassphrase(run.host, passphrase);
  run.tell({ passphrase: passphrase === undefined ? 'removed' : 'replaced' }, () => [
    passphrase === undefined
      ? 'The vault has no passphrase now: its recovery key and its devices open it.'
      : 'The vault has a new passphrase.',
  ]);
  return 0;
}

async function newRecoveryKey(run: CommandRun, sheet: string | undefined): Promise<number> {
  const { makeRecoveryKeyAndSheet } = await import('../../agent/keys/write-recovery-sheet.ts');
  const file = sheet === undefined ? undefined : absolutePath('--sheet', sheet);
  run.say('This is the new recovery key. It is shown this one time; the old one opens nothing any more.');
  // Also with --quiet: it can't be had again.
  await makeRecoveryKeyAndSheet(run.host, file, (recoveryKey) => {
    run.terminal.result(run.isJson ? JSON.stringify({ recoveryKey, sheet: file ?? null }) : recoveryKey);
  });
  if (file !== undefined) run.say(`${file} is for your printer. Delete it then.`);
  return 0;
}

async function writeSheet(run: CommandRun, file: string, given: string | undefined): Promise<number> {
  const { writeRecoverySheet } = await import('../../agent/keys/write-recovery-sheet.ts');
  const place = absolutePath('FILE', file);
  await writeRecoverySheet(run.host, place, await findRecoveryKey(run, given));
  run.tell({ sheet: place }, () => [`${place} is for your printer. Delete it then.`]);
  return 0;
}

async function findRecoveryKey({ host, terminal }: CommandRun, given: string | undefined): Promise<string> {
  const known = given ?? host.env['CACHETTE_RECOVERY_KEY'] ?? '';
  if (known !== '') return known;
  if (terminal.canAsk) return terminal.askHidden('Recovery key: ');
  throw new Failure('E_LOCKED', 'the recovery key is needed, and nobody can be asked for it', {
    action: 'set CACHETTE_RECOVERY_KEY, or make another one: `cachette vault recovery-key --sheet FILE`',
  });
}
