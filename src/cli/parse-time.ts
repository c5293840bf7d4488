import { Failure } from '../base/failure.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const form = 'a time is 2026-03-01, 2026-03-01T12:30, 2026-03-01T12:30:00Z, or how long ago: 90s, 30m, 2h, 3d, 1w';

/**
 * A time that a person typed, as milliseconds since 1970; without a zone it is this computer's. Throws E_USAGE for what is
 * none, or has not come yet.
 */
export function parseTime(text: string, nowMs: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const agoMs = unitMs[unit];
  if (count !== undefined && agoMs !== undefined) return nowMs - Number(count) * agoMs;
  // A date alone would be taken for one of UTC.
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text.replace(' ', 'T');
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(full) ? Date.parse(full) : Number.NaN;
  if (Number.isNaN(timeMs)) throw new Failure('E_USAGE', `'${text}' is not a time`, { action: form });
  if (timeMs > nowMs) throw new Failure('E_USAGE', `${text} has not come yet`, { action: form });
  return timeMs;
}
