import { Failure } from '../../base/failure.ts';
import { systemRandom } from '../../base/random.ts';
import { requireStrongPassphrase } from '../../crypto/passphrase-strength.ts';
import { suggestPassphrase } from '../../crypto/suggest-passphrase.ts';

/** The passphrase, if nobody could guess it. Throws E_WEAK_PASSPHRASE with one that was made by chance. */
export async function strongPassphrase(passphrase: string): Promise<string> {
  try {
    await requireStrongPassphrase(passphrase);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'E_WEAK_PASSPHRASE') throw error;
    const suggestion = await suggestPassphrase(systemRandom);
    throw new Failure(error.code, error.message, { action: `choose a longer one; one made by chance: ${suggestion}`, cause: error });
  }
  return passphrase;
}
