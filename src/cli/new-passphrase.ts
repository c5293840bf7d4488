import { Option } from 'commander';
import type { CommandRun } from './command-run.ts';
import { PassphraseSource } from './passphrase-source.ts';

export interface NewPassphraseOption {
  readonly newPassphraseFile?: string;
}

/** Beside --passphrase-file: one command may need the old one and the new one. */
export function newPassphraseOption(): Option {
  return new Option('--new-passphrase-file <file>', 'holds the new passphrase (or CACHETTE_NEW_PASSPHRASE)');
}

/**
 * The new passphrase of a vault: from the file, the environment, or typed twice. With `orTheUsual`, what answers every other
 * question for a passphrase answers this one, too. undefined where there is none and nobody can be asked.
 */
export async function askForNewPassphrase(
  { terminal, host, passphrase }: CommandRun,
  { newPassphraseFile }: NewPassphraseOption,
  { orTheUsual }: { readonly orTheUsual: boolean },
): Promise<string | undefined> {
  const source = new PassphraseSource(terminal, host.env, newPassphraseFile, 'CACHETTE_NEW_PASSPHRASE');
  if (!source.isGiven && orTheUsual && passphrase.isGiven) return passphrase.get('new');
  if (!source.isGiven && !terminal.canAsk) return undefined;
  const { offerPassphrase } = await import('../agent/keys/offer-passphrase.ts');
  return source.get('new', offerPassphrase);
}
