import { systemRandom } from '../../src/base/random.ts';
import { Seals } from '../../src/crypto/seal.ts';
import type { KeyTools } from '../../src/vault/keyring/key-tools.ts';
import { quickPrimitives } from '../vault/keyring/keyring-world.ts';

/** In place of `src/agent/keys/key-tools.ts`: all real, but for the half GiB that a passphrase costs. */
export function openKeyTools(): KeyTools {
  return { primitives: quickPrimitives, seals: new Seals(quickPrimitives, systemRandom), random: systemRandom };
}
