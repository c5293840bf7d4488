/** Where a problem can be dealt with in this app, by its code; the rest is dealt with elsewhere, or by itself. */
import type { SettingsPage } from '../../src/control/acts/shell-acts.ts';

export type ProblemWay = 'item' | SettingsPage;

const ways: Readonly<Record<string, ProblemWay>> = {
  E_UNREADABLE: 'item',
  E_STILL_WRITTEN: 'item',
  E_IN_THE_WAY: 'item',
  E_NAME_CLASH: 'item',
  E_UNSAFE_LINK: 'item',
  E_BUSY: 'item',
  E_DISK: 'item',
  E_MOUNT_GONE: 'item',
  E_STORE_UNREACHABLE: 'network',
  E_STORE_DENIED: 'folders',
  E_STORE_FULL: 'selective-sync',
  E_UNTRUSTED_DEVICE: 'devices',
  E_REVOKED: 'folders',
};

export function problemWay(code: string): ProblemWay | undefined {
  return Object.hasOwn(ways, code) ? ways[code] : undefined;
}
