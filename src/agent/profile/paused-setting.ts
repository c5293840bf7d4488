/** Whether a person paused this device, and until when: kept in the index, so that it holds over restarts and `status` sees it. */
import type { SyncIndex } from '../../index/sync-index.ts';

const settingKey = 'paused';
const untilKey = 'paused.until';

/** A pause; `untilMs`: by the wall clock, undefined where only a person ends it. */
export interface Pause {
  readonly untilMs: number | undefined;
}

/** The pause that holds; one whose time is over does not. */
export function readPause({ settings }: SyncIndex, nowMs: number): Pause | undefined {
  if (settings.findFlag(settingKey) !== true) return undefined;
  const untilMs = settings.findInteger(untilKey);
  return untilMs !== undefined && untilMs <= nowMs ? undefined : { untilMs };
}

export function writePause(index: SyncIndex, pause: Pause | undefined): void {
  index.transaction(() => {
    index.settings.writeFlag(settingKey, pause !== undefined);
    if (pause?.untilMs === undefined) index.settings.erase(untilKey);
    else index.settings.writeInteger(untilKey, pause.untilMs);
  });
}
