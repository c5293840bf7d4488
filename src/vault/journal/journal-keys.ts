import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import type { DeviceId, KeyListHash } from '../../model/ids.ts';

/** One key list, as the journal needs it. */
export interface JournalKeyList {
  readonly hash: KeyListHash;
  readonly epoch: number;
  readonly activeDevices: readonly DeviceId[];
  /** Ed25519 key of a device that may write under this list; undefined for every other. */
  signingKeyOf(device: DeviceId): Uint8Array | undefined;
}

/** The keyring, as the journal needs it (src/vault/keyring/keyring.ts is one). */
export interface JournalKeys {
  readonly device: DeviceId;
  /** Ed25519 secret key of this device. */
  readonly signingSecret: Uint8Array;
  /** The newest list. */
  current(): JournalKeyList;
  /** The list of this hash; undefined where it is not known. */
  findList(hash: KeyListHash): JournalKeyList | undefined;
  /** Key of any device that ever was in the vault, removed ones included. */
  signingKey(device: DeviceId): Uint8Array | undefined;
  /** Keys of an epoch. Throws E_EPOCH where this device has none. */
  epochKeys(epoch: number): EpochKeys;
  /** Looks for newer lists in the store; for one that an entry names, also where the store's listing leaves it out. */
  refresh(signal: AbortSignal, named?: KeyListHash): Promise<void>;
}
