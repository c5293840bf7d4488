/** A short code of what a device has seen, for two people (or one with two screens) to compare by eye. */
import { concatBytes } from '../base/bytes.ts';
import { deriveKey } from '../crypto/derive-key.ts';
import { labels } from '../crypto/labels.ts';
import type { Primitives } from '../crypto/primitives.ts';
import type { SeenVector } from '../model/change.ts';
import type { KeyListHash, VaultId } from '../model/ids.ts';
import { encode } from './cbor.ts';
import { bytesOfId, wireVector } from './entry/wire-ids.ts';
import type { EpochSecret } from './keyring/epoch-secret.ts';
import { u32 } from '../crypto/u32.ts';

/** What two devices must have in common to show the same code. */
export interface SeenHeads {
  readonly vaultId: VaultId;
  readonly keyList: KeyListHash;
  readonly vector: SeenVector;
}

/** Twelve digits hold 39.8 bits. */
const codeBytes = 5;
const digits = 12;

/**
 * Twelve digits in three groups. Keyed with the epoch's secret: a store that shows two devices different histories can't
 * search among them for two with the same code, as it can't compute any.
 */
export function headCode(primitives: Primitives, current: EpochSecret, { vaultId, keyList, vector }: SeenHeads): string {
  const heads = concatBytes([u32(current.epoch), bytesOfId(vaultId), bytesOfId(keyList), encode(wireVector(vector))]);
  const [...bytes] = deriveKey(primitives, current.secret, labels.headCode, heads).subarray(0, codeBytes);
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0) % 10 ** digits;
  const text = String(number).padStart(digits, '0');
  return `${text.slice(0, 4)} ${text.slice(4, 8)} ${text.slice(8)}`;
}
