import { systemRandom } from '../../base/random.ts';
import { Failure } from '../../base/failure.ts';
import { loadPrimitives } from '../../crypto/load-primitives.ts';
import { Seals } from '../../crypto/seal.ts';
import type { KeyTools } from '../../vault/keyring/key-tools.ts';

/** What seals and opens in this process. CACHETTE_CRYPTO=portable asks for the provider without native code. */
export function openKeyTools(env: NodeJS.ProcessEnv): KeyTools {
  const primitives = loadPrimitives(parseProvider(env['CACHETTE_CRYPTO']));
  return { primitives, seals: new Seals(primitives, systemRandom), random: systemRandom };
}

function parseProvider(text: string | undefined): 'sodium' | 'portable' | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'sodium' || text === 'portable') return text;
  throw new Failure('E_USAGE', 'CACHETTE_CRYPTO can be sodium or portable');
}
