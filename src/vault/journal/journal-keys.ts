import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import type { DeviceId, KeyListHash } from '../../model/ids.ts';

/** One key list of the accepted chain, as the journal needs it. */
export interface JournalKeyList {
  readonly hash: KeyListHash;
  readonly generation: number;
  readonly epoch: number;
  /** Ed25519 key of a device that is active in this list; undefined for every other. */
  signingKeyOf(device: DeviceId): Uint8Array | undefined;
  readonly activeDevices: readonly DeviceId[];
}

/** The keyring as the journal needs it. */
export interface JournalKeys {
  readonly device: DeviceId;
  /** Ed25519 secret key of this device. */
  readonly signingSecret: Uint8Array;
  /** The newest list. */
  current(): JournalKeyList;
  /** The list of this hash; undefined where it is not in the chain that is known. */
  findList(hash: KeyListHash): JournalKeyList | undefined;
  /** Keys of an epoch. Throws E_EPOCH where this device has none. */
  epochKeys(epoch: number): EpochKeys;
  /** Looks for newer key lists in the store. */
  refresh(signal: AbortSignal): Promise<void>;
}
