import type { EpochKeys } from '../crypto/epoch-keys.ts';
import type { Primitives } from '../crypto/primitives.ts';
import type { Seals } from '../crypto/seal.ts';
import type { VaultId } from '../model/ids.ts';

/** What everything that seals, opens or hashes for one vault needs. */
export interface Sealing {
  readonly primitives: Primitives;
  readonly seals: Seals;
  readonly vaultId: VaultId;
}

/** The keys of one epoch, as those need them who name, seal and open content. */
export type ContentKeys = EpochKeys;
