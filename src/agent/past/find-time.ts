import { Failure } from '../../base/failure.ts';
import type { PastReader } from '../../model/past.ts';
import { findMoment, type Moment } from '../../planner/moment.ts';

/** The moment in the journal that a time is. Throws E_NOT_FOUND for one before the vault's first entry. */
export function findTime(past: PastReader, timeMs: number): Moment {
  const moment = findMoment(past, timeMs);
  if (moment === undefined)
    throw new Failure('E_NOT_FOUND', `the vault holds nothing from ${new Date(timeMs).toISOString()}`, { action: 'name a later time' });
  return moment;
}
