import { openJournalBook } from '../../index/journal-book.ts';
import { lookInto } from '../folder/look-into.ts';
import { lastSeen } from '../show/read-status.ts';
import { rememberedDevices } from './remember-devices.ts';

/** A row of `devices --json`. */
export interface ListedDevice {
  readonly name: string;
  readonly id: string;
  readonly added: string;
  /** Name of the device that added it, 'passphrase', 'recovery key', or null for the first one. */
  readonly addedBy: string | null;
  readonly lastSeen: string | null;
  readonly revoked: boolean;
  readonly this: boolean;
}

/** The vault's devices as they were known at the last sync. */
export function listDevices(profileDir: string): Promise<ListedDevice[]> {
  return lookInto(profileDir, ({ settings, index }) => {
    const seen = lastSeen(openJournalBook(index), settings.device.id);
    return rememberedDevices(index).map(({ id, name, addedMs, addedBy, isRevoked }) => ({
      name,
      id,
      added: new Date(addedMs).toISOString(),
      addedBy: addedBy ?? null,
      lastSeen: seen(id),
      revoked: isRevoked,
      this: id === settings.device.id,
    }));
  });
}
