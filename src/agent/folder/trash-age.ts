/**
 * Whether the trash may be emptied by age. Its ages are told by this computer's clock, which may be wrong: a machine that wakes in 1970,
 * or far ahead, would throw away at once what went an hour ago. So ages count from when the clock last went on evenly.
 */
import type { SyncIndex } from '../../index/sync-index.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** A computer that was off for longer looks the same: then all that is in the trash stays that much longer. */
const evenMs = 7 * dayMs;
/** What setting a clock right takes back. */
const backMs = 60 * 60 * 1000;

const lastKey = 'trash.looked-ms';
const sinceKey = 'trash.even-since-ms';

/** When the clock was last looked at, and since when it went on evenly. */
export interface ClockLook {
  readonly lastMs: number;
  readonly sinceMs: number;
}

/** The next look. */
export function lookAtClock(known: ClockLook | undefined, nowMs: number): ClockLook {
  const isEven = known !== undefined && nowMs >= known.lastMs - backMs && nowMs - known.lastMs <= evenMs;
  return { lastMs: nowMs, sinceMs: isEven ? Math.min(known.sinceMs, nowMs) : nowMs };
}

/** After how many days what is in the trash may go now: `days`, or never as long as the clock is not known to be right. */
export function trashDaysNow({ settings }: SyncIndex, days: number, nowMs: number): number {
  const [lastMs, sinceMs] = [settings.findInteger(lastKey), settings.findInteger(sinceKey)];
  const look = lookAtClock(lastMs === undefined || sinceMs === undefined ? undefined : { lastMs, sinceMs }, nowMs);
  settings.writeInteger(lastKey, look.lastMs);
  settings.writeInteger(sinceKey, look.sinceMs);
  return nowMs - look.sinceMs < days * dayMs ? Infinity : days;
}
