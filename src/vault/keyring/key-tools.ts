import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import type { Seals } from '../../crypto/seal.ts';
import type { Store } from '../../store/store.ts';

/** What making and opening keys needs. */
export interface KeyTools {
  readonly primitives: Primitives;
  readonly seals: Seals;
  readonly random: Random;
}

/** What reading and writing the key objects of a vault needs. */
export interface KeyStore extends KeyTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}
