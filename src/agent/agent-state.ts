import { Failure, failureMeanings, type FailureCode } from '../base/failure.ts';
import type { SyncState } from './show/read-status.ts';
import type { SyncReport } from './sync-once.ts';

/** Failures that an agent can't outlive: this device has no place in the vault any more, its index has to be made anew, or is a newer Cachette's. */
const endings: ReadonlySet<FailureCode> = new Set([
  'E_REVOKED',
  'E_CLONED_DEVICE',
  'E_INDEX_DAMAGED',
  'E_INDEX_NEWER',
  'E_LOCKED',
  'E_KEYCHAIN_LOCKED',
  'E_NO_PROFILE',
]);
/** The store is another one than it was, or went back in time: nothing goes on by itself. */
const standstills: ReadonlySet<FailureCode> = new Set(['E_ROLLBACK', 'E_FORK', 'E_REPLACED_VAULT', 'E_STORE_EMPTY']);

/** What a refused store is asked after: it may only have been slow to show everything. */
const refusedMs = 5 * 60_000;
const localMs = 5_000;

/** What an agent does about a failure. */
export interface AfterFailure {
  /** Whether it ends with it. */
  readonly end: boolean;
  readonly state: SyncState;
  readonly code: FailureCode;
  /** Whether the store alone was the reason, so that all that was seen on the disk still holds. */
  readonly isAway: boolean;
  /** Nothing is tried before, in milliseconds; Infinity: until a person asks. */
  readonly slowMs: number;
}

/** Anything but a Failure is a fault of ours: noted, and tried again, as other items may still be synced. */
export function afterFailure(error: unknown): AfterFailure {
  const code = error instanceof Failure ? error.code : 'E_FAILED';
  const { exitCode } = failureMeanings[code];
  const about = { end: endings.has(code), code };
  if (exitCode === 4) return { ...about, state: code === 'E_STORE_LATE' ? 'pending' : 'offline', isAway: true, slowMs: 0 };
  if (exitCode === 5)
    return { ...about, state: 'refused', isAway: true, slowMs: standstills.has(code) ? Number.POSITIVE_INFINITY : refusedMs };
  return { ...about, state: 'pending', isAway: false, slowMs: localMs };
}

/** Where things stand after a pass that got through. */
export function stateAfter({ held, integrityCodes, left, problems }: SyncReport): SyncState {
  if (integrityCodes.length > 0) return 'refused';
  if (held > 0) return 'held';
  return left === 0 && problems === 0 ? 'synced' : 'pending';
}
