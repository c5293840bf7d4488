import { Failure } from '../../base/failure.ts';
import type { Change, SettleChange } from '../../model/change.ts';

/** The number that starts each kind of change on the wire. Frozen: a number is never used for anything else. */
export const changeNumbers = {
  put: 1,
  move: 2,
  remove: 3,
  conflict: 4,
  settle: 5,
  checkpoint: 6,
  skip: 7,
  retention: 8,
  'pack-plan': 9,
} as const satisfies Record<Change['do'], number>;

/** The number of each way to settle a conflict. */
export const keepNumbers = { local: 1, remote: 2, both: 3 } as const satisfies Record<SettleChange['keep'], number>;

/** How a conflict was settled, from its number. Throws E_FORMAT. */
export function readKeep(value: unknown): SettleChange['keep'] {
  for (const keep of ['local', 'remote', 'both'] as const) if (keepNumbers[keep] === value) return keep;
  throw new Failure('E_FORMAT', 'a way to settle a conflict that this version of Cachette does not know');
}
