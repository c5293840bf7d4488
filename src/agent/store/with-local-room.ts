import { Failure } from '../../base/failure.ts';
import type { Clock } from '../../base/clock.ts';
import { reserveOf, reserveText, type DiskSpace } from '../../disk/disk-reserve.ts';
import type { Store } from '../../store/store.ts';

export interface LocalRoom {
  /** Of the file system that holds this device's index. */
  readonly space: () => Promise<DiskSpace>;
  readonly clock: Clock;
}

/** The disk is asked again when so many bytes came, or after this time. */
const askedBytes = 16 * 1024 * 1024;
const askedMs = 1000;
/** Names of what was sent that are kept: each is looked at soon after. */
const sentMax = 256;

/**
 * A store from which nothing is fetched while this computer's own disk is nearly full: what is fetched grows the index, the folder, or
 * both, and others say how much there is to fetch. The index goes on where new files don't any more, down to a quarter of the reserve.
 * Sending goes on, and with it the look at what was just sent: whoever clears up here can tell the vault. `get` throws E_DISK then.
 */
export function withLocalRoom(store: Store, { space, clock }: LocalRoom): Store {
  let [leftBytes, askAtMs] = [0, -Infinity];
  /** The last ones. */
  const sent = new Set<string>();
  const require = async (): Promise<void> => {
    const found = await space();
    const keptBytes = Math.floor(reserveOf(found) / 4);
    if (found.freeBytes < keptBytes) {
      throw new Failure('E_DISK', `less than ${reserveText(keptBytes)} are free on the disk of this device's index: nothing is fetched`, {
        action: 'make room on this disk; it goes on by itself then',
      });
    }
    [leftBytes, askAtMs] = [askedBytes, clock.monotonicMs() + askedMs];
  };
  return {
    label: store.label,
    get: async (name, options) => {
      if (sent.has(name)) return store.get(name, options);
      if (leftBytes <= 0 || clock.monotonicMs() >= askAtMs) await require();
      const bytes = await store.get(name, options);
      leftBytes -= bytes?.byteLength ?? 0;
      return bytes;
    },
    putNew: (name, parts, options) => {
      sent.add(name);
      if (sent.size > sentMax) sent.delete(sent.values().next().value ?? '');
      return store.putNew(name, parts, options);
    },
    list: (prefix, options) => store.list(prefix, options),
    delete: (name, options) => store.delete(name, options),
    putHint: (bytes, options) => store.putHint(bytes, options),
    getHint: (tag, options) => store.getHint(tag, options),
    watch: store.watch?.bind(store),
    close: () => store.close(),
  };
}
