import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { Failure } from '../base/failure.ts';

/** Shortest passphrase that is accepted, in characters. */
export const passphraseMinLength = 14;

/** zxcvbn's best score: beyond 10^10 guesses, each of which costs seconds here. */
const bestScore = 4;

/** How a passphrase would fare. */
export interface PassphraseStrength {
  /** From 0 (guessed at once) to 4. */
  readonly score: number;
  /** Whether `requireStrongPassphrase` takes it. */
  readonly isEnough: boolean;
  /** In English, for people; '' where there is nothing to say. */
  readonly warning: string;
}

/** For somebody who is still typing. */
export async function weighPassphrase(passphrase: string): Promise<PassphraseStrength> {
  const text = passphrase.normalize('NFKC');
  if (text === '') return { score: 0, isEnough: false, warning: '' };
  const { score, feedback } = (await loadEstimator()).check(text);
  return { score, isEnough: score >= bestScore && [...text].length >= passphraseMinLength, warning: feedback.warning ?? '' };
}

/**
 * Throws E_WEAK_PASSPHRASE with a sentence for people, unless the passphrase has 14 characters and would take an attacker
 * with the store's bytes unreasonably long to guess. `known` are words an attacker would try first: names, addresses.
 */
export async function requireStrongPassphrase(passphrase: string, known: readonly string[] = []): Promise<void> {
  const text = passphrase.normalize('NFKC');
  const length = [...text].length;
  if (length < passphraseMinLength) {
    throw new Failure('E_WEAK_PASSPHRASE', `this passphrase has ${length} characters; it needs at least ${passphraseMinLength}`);
  }
  const { score, feedback } = (await loadEstimator()).check(text, [...known]);
  if (score < bestScore) throw new Failure('E_WEAK_PASSPHRASE', `this passphrase is easy to guess. ${feedback.warning ?? ''}`.trimEnd());
}

let loading: Promise<ZxcvbnFactory> | undefined;

/** Half a second and several megabytes of dictionaries, so only where a passphrase is chosen, and once. */
function loadEstimator(): Promise<ZxcvbnFactory> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory: Estimator }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  return new Estimator({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  });
}
