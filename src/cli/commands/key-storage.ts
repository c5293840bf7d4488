import { Failure } from '../../base/failure.ts';
import type { AddCommand, CommandRun } from '../command-run.ts';
import { parseKeyStorage } from '../key-storage-option.ts';
import { askForNewPassphrase, newPassphraseOption, type NewPassphraseOption } from '../new-passphrase.ts';

/** `cachette key-storage` */
export const addKeyStorage: AddCommand = (program, perform) => {
  const command = program
    .command('key-storage')
    .description("what opens this device's own keys, or another way for it")
    .argument('[kind]', 'keychain, passphrase (asked at every start), or file (for servers)')
    .addOption(newPassphraseOption());
  command.action((kind: string | undefined) => perform(command, (run) => act(run, kind, command.opts<NewPassphraseOption>())));
};

async function act(run: CommandRun, wanted: string | undefined, options: NewPassphraseOption): Promise<number> {
  const { changeKeyStorage, readKeyStorage } = await import('../../agent/keys/change-key-storage.ts');
  const kind = wanted === undefined ? undefined : parseKeyStorage(wanted, {});
  if (wanted === '') throw new Failure('E_USAGE', 'no way to keep keys was named', { action: 'one of: keychain, passphrase, file' });
  if (kind !== undefined) await changeKeyStorage(run.host, kind, () => askNew(run, options));
  const now = await readKeyStorage(run.host.profileDir);
  run.tell({ keyStorage: now }, () => [words[now]]);
  return 0;
}

const words = {
  keychain: "A key in the system's keychain opens this device's keys.",
  passphrase: "A passphrase, asked for at every start, opens this device's keys.",
  file: "A file in the profile opens this device's keys: whoever can read the profile has them.",
} as const;

async function askNew(run: CommandRun, options: NewPassphraseOption): Promise<string> {
  const passphrase = await askForNewPassphrase(run, options, { orTheUsual: true });
  if (passphrase !== undefined) return passphrase;
  throw new Failure('E_LOCKED', 'a passphrase is needed, and nobody can be asked for one', {
    action: 'set CACHETTE_NEW_PASSPHRASE or give --new-passphrase-file',
  });
}
