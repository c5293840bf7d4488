/** Numbers, sizes, times as the person's region writes them. */
import type { Texts } from './texts.ts';

export interface Formats {
  readonly locale: string;
  readonly count: (number: number) => string;
  /** 100 is all of it. */
  readonly percent: (percent: number) => string;
  readonly bytes: (bytes: number) => string;
  /** Bytes a second. */
  readonly speed: (bytesPerSecond: number) => string;
  /** How long something still takes, roughly. */
  readonly timeLeft: (seconds: number) => string;
  /** An ISO time as it is from now: `3 minutes ago`; with a date once that says more. */
  readonly ago: (time: string, nowMs: number) => string;
  /** The same in few letters, for a line of a list. */
  readonly agoBriefly: (time: string, nowMs: number) => string;
  /** An ISO time's day. */
  readonly day: (time: string) => string;
  /** An ISO time in full. */
  readonly moment: (time: string) => string;
  /** An ISO time's hour and minute. */
  readonly hour: (time: string) => string;
  readonly list: (items: readonly string[]) => string;
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** Which unit says it in at most three digits before the point, and the number in it. */
export function inUnit(bytes: number): { readonly value: number; readonly unit: (typeof units)[number] } {
  let value = bytes;
  let at = 0;
  // 999,950 would round up to 1000 kB.
  while (value >= 999.95 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return { value, unit: units[at] ?? 'byte' };
}

const daySeconds = 86_400;

export function makeFormats(locale: string, { t }: Texts): Formats {
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const brief = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const days = {
    any: new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }),
    thisYear: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }),
  };
  const hour = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const sized = (bytes: number, suffix: '' | '-per-second'): string => {
    const { value, unit } = inUnit(Math.max(0, bytes));
    const digits = unit === 'byte' || value >= 100 ? 0 : 1;
    return new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: `${unit}${suffix}`,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: digits,
    }).format(value);
  };
  const ago = (time: string, nowMs: number, said: Intl.RelativeTimeFormat): string =>
    saidAgo(dateOf(time), nowMs, { said, days, justNow: t('time.just-now') });
  return {
    locale,
    count: (value) => number.format(value),
    percent: (value) => percent.format(value / 100),
    bytes: (bytes) => sized(bytes, ''),
    speed: (bytes) => sized(bytes, '-per-second'),
    timeLeft: (seconds) => {
      if (seconds < 60) return t('time.under-a-minute');
      // 59.5 minutes would round to 60, and 47.5 hours to 48.
      if (seconds < 3570) return t('time.minutes-left', { minutes: Math.round(seconds / 60) });
      if (seconds < 47.5 * 3600) return t('time.hours-left', { hours: Math.round(seconds / 3600) });
      return t('time.days-left', { days: Math.round(seconds / daySeconds) });
    },
    ago: (time, nowMs) => ago(time, nowMs, relative),
    agoBriefly: (time, nowMs) => ago(time, nowMs, brief),
    day: (time) => {
      const date = dateOf(time);
      return date === undefined ? '' : days.any.format(date);
    },
    moment: (time) => {
      const date = dateOf(time);
      return date === undefined ? '' : moment.format(date);
    },
    hour: (time) => {
      const date = dateOf(time);
      return date === undefined ? '' : hour.format(date);
    },
    list: (items) => list.format(items),
  };
}

function dateOf(time: string): Date | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

interface AgoWords {
  readonly said: Intl.RelativeTimeFormat;
  readonly days: { readonly any: Intl.DateTimeFormat; readonly thisYear: Intl.DateTimeFormat };
  readonly justNow: string;
}

function saidAgo(date: Date | undefined, nowMs: number, { said, days, justNow }: AgoWords): string {
  if (date === undefined) return '';
  const seconds = Math.round((date.getTime() - nowMs) / 1000);
  // A clock that is ahead is not worth a word.
  if (seconds > -45) return justNow;
  // 59.5 minutes would round to 60, and 23.5 hours to 24.
  if (seconds > -3570) return said.format(Math.round(seconds / 60), 'minute');
  if (seconds > -23.5 * 3600) return said.format(Math.round(seconds / 3600), 'hour');
  if (seconds > -7 * daySeconds) return said.format(Math.round(seconds / daySeconds), 'day');
  // Whoever wants the hour finds it with the versions: here it would crowd out the rest of a line.
  return (date.getFullYear() === new Date(nowMs).getFullYear() ? days.thisYear : days.any).format(date);
}
