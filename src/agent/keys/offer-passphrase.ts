import { systemRandom } from '../../base/random.ts';
import { suggestPassphrase } from '../../crypto/suggest-passphrase.ts';

/** A strong passphrase, made by chance, for a person to take. */
export function offerPassphrase(): Promise<string> {
  return suggestPassphrase(systemRandom);
}
