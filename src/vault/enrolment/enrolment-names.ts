import { toHex } from '../../base/bytes.ts';
import type { Random } from '../../base/random.ts';

/** All messages of enrolments stand below this. */
export const enrolmentPrefix = 'enrol/';

/** How long a code holds, in milliseconds, from when it is shown. */
export const enrolmentLifeMs = 10 * 60_000;

/** One enrolment, as object names begin: `enrol/<seconds since 1970, 12 digits>-<place>-<16 hex>`. */
export type EnrolmentSession = string;

export function makeSession(random: Random, place: string, nowMs: number): EnrolmentSession {
  const seconds = String(Math.max(0, Math.floor(nowMs / 1000))).padStart(12, '0');
  return `${enrolmentPrefix}${seconds}-${place}-${toHex(random.bytes(8))}`;
}

/** Messages are numbered through: even ones by the new device, odd ones by the one that approves. */
export function messageName(session: EnrolmentSession, step: number): string {
  return `${session}-${String(step).padStart(2, '0')}`;
}

/** Written by whoever gives up. */
export function stopName(session: EnrolmentSession, by: 'new' | 'approver'): string {
  return `${session}-stop-${by}`;
}

/** What an object's name below `enrol/` says; undefined where it is none of ours. */
export function findSession(
  name: string,
): { readonly session: EnrolmentSession; readonly place: string; readonly madeMs: number } | undefined {
  const match = /^(enrol\/([0-9]{12})-([0-9a-hjkmnp-tv-z]{3})-[0-9a-f]{16})-(?:[0-9]{2}|stop-new|stop-approver)$/.exec(name);
  const [, session, seconds, place] = match ?? [];
  if (session === undefined || place === undefined) return undefined;
  return { session, place, madeMs: Number(seconds) * 1000 };
}
