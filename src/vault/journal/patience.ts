import type { Clock } from '../../base/clock.ts';
import { Failure, type FailureCode } from '../../base/failure.ts';

/**
 * Pauses before a store is asked once more. A poor one shows half of a new object, or an old listing, for a moment; what is
 * still wrong after these is wrong.
 */
export const patienceMs = [200, 1_000, 4_000] as const;

/** Which failures may pass by themselves, and how to wait for that. */
export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly codes: readonly FailureCode[];
  /** Pauses, in order; `patienceMs` where left out. */
  readonly delaysMs?: readonly number[];
}

/** Runs it, and again while it fails in one of these ways. Throws the last failure. */
export async function withPatience<Result>(
  { clock, signal, codes, delaysMs = patienceMs }: Patience,
  run: () => Promise<Result>,
): Promise<Result> {
  for (const delayMs of delaysMs) {
    try {
      return await run();
    } catch (failure) {
      if (!(failure instanceof Failure) || !codes.includes(failure.code)) throw failure;
      await clock.sleep(delayMs, signal);
    }
  }
  return run();
}
