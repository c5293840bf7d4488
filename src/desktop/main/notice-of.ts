/** Which of what happened is worth a notification: conflicts, problems, the first sync done, a new device. Nothing else. */
import type { Overview } from '../../control/acts/overview-acts.ts';
import type { WindowTarget } from './deep-link.ts';
import { noticeName } from './shown-name.ts';

/** What is compared: the overview and the names of the vault's other devices. */
export interface Seen {
  readonly overview: Overview | undefined;
  readonly devices: readonly string[] | undefined;
}

export interface Notice {
  readonly kind: 'conflicts' | 'problems' | 'held' | 'first-sync' | 'device';
  readonly values: Readonly<Record<string, string | number>>;
  /** What a click shows. */
  readonly target: WindowTarget;
}

/** One of a kind within this time is enough. */
const restMs = 10 * 60_000;
/** Each of these is another one, and waits for a word that nobody else says. */
const alwaysTold: ReadonlySet<Notice['kind']> = new Set(['device', 'held']);

export function noticesOf(before: Seen, now: Seen): Notice[] {
  const notices: Notice[] = [];
  const [was, is] = [linked(before), linked(now)];
  if (was !== undefined && is !== undefined) {
    if (is.conflicts > was.conflicts)
      notices.push({ kind: 'conflicts', values: { conflicts: is.conflicts }, target: { window: 'conflicts' } });
    if (is.problems > was.problems) notices.push({ kind: 'problems', values: { problems: is.problems }, target: { window: 'conflicts' } });
    if (is.held > 0 && was.held === 0) notices.push({ kind: 'held', values: { files: is.held }, target: { window: 'conflicts' } });
    if (is.lastSync !== null && was.lastSync === null)
      notices.push({ kind: 'first-sync', values: { files: is.files }, target: { window: 'status' } });
  }
  // The first list of devices is no news.
  for (const name of before.devices === undefined ? [] : (now.devices ?? []))
    if (before.devices?.includes(name) === false)
      notices.push({ kind: 'device', values: { name: noticeName(name) }, target: { window: 'settings', page: 'devices' } });
  return notices;
}

/** Those that are due, by when the last of each kind was shown. */
export function restrain(notices: readonly Notice[], shownMs: ReadonlyMap<Notice['kind'], number>, nowMs: number): Notice[] {
  return notices.filter(({ kind }) => alwaysTold.has(kind) || nowMs - (shownMs.get(kind) ?? Number.NEGATIVE_INFINITY) >= restMs);
}

function linked({ overview }: Seen): Extract<Overview, { is: 'linked' }> | undefined {
  return overview?.is === 'linked' ? overview : undefined;
}
