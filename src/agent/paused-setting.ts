/** Whether a person paused this device: kept in the index, so that it holds over restarts and `status` sees it. */
import type { SyncIndex } from '../index/sync-index.ts';

const settingKey = 'paused';

export function isPaused(index: SyncIndex): boolean {
  return index.settings.findFlag(settingKey) ?? false;
}

export function writePaused(index: SyncIndex, paused: boolean): void {
  index.settings.writeFlag(settingKey, paused);
}
