import type { Primitives } from '../crypto/primitives.ts';
import type { Seals } from '../crypto/seal.ts';
import type { VaultId } from '../model/ids.ts';

/** What everything that seals, opens or hashes for one vault needs. */
export interface Sealing {
  readonly primitives: Primitives;
  readonly seals: Seals;
  readonly vaultId: VaultId;
}
