/**
 * An index that is built again finds on the disk, as if it were new, what was to be left out and had not gone yet, and what was synced
 * before a rule ignored it. Until all agrees once, that is taken for what it was (see src/planner/plan-left-out.ts, and scan.ts).
 */
import type { SyncIndex } from '../index/sync-index.ts';

const settingKey = 'rebuilding';

export function isRebuilding({ settings }: Pick<SyncIndex, 'settings'>): boolean {
  return settings.findFlag(settingKey) ?? false;
}

export function beginRebuilding({ settings }: Pick<SyncIndex, 'settings'>): void {
  settings.writeFlag(settingKey, true);
}

export function endRebuilding(index: Pick<SyncIndex, 'settings'>): void {
  if (isRebuilding(index)) index.settings.erase(settingKey);
}
