import { Failure } from '../base/failure.ts';

/** Shortest passphrase that is accepted, in characters. */
export const passphraseMinLength = 14;

/**
 * Throws E_WEAK_PASSPHRASE with a sentence for people, unless the passphrase has 14 characters and would take an attacker
 * with the store's bytes unreasonably long to guess. `known` are words an attacker would try first: names, addresses.
 */
export async function requireStrongPassphrase(passphrase: string, known: readonly string[] = []): Promise<void> {
  await Promise.resolve();
  throw new Failure('E_FAILED', `${passphrase.length}${known.length}`);
}
