import type { DeviceId, EntryName } from '../../../model/ids.ts';

/** An entry that must exist, and that the store does not give. */
export interface Gap {
  readonly device: DeviceId;
  readonly counter: number;
  /** The entry that tells of it. */
  readonly toldBy: EntryName;
}
