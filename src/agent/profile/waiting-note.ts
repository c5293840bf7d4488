/**
 * Changed paths that an agent has heard of and not looked at yet, kept in the index: `status` must not call a folder synced
 * that an agent knows to be otherwise. An agent that was killed leaves its note behind, and it is true until the next full look.
 */
import type { SyncIndex } from '../../index/sync-index.ts';

const settingKey = 'waiting';

export function readWaiting({ settings }: SyncIndex): number {
  return settings.findInteger(settingKey) ?? 0;
}

export function writeWaiting({ settings }: SyncIndex, paths: number): void {
  settings.writeInteger(settingKey, paths);
}
