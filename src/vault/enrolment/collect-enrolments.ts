import type { KeyStore } from '../keyring/key-tools.ts';
import { enrolmentPrefix, findSession } from './enrolment-names.ts';

/** Far longer than an enrolment lasts: clocks may differ by hours. */
const staleMs = 24 * 60 * 60_000;
const atOnce = 1_000;

/**
 * Removes what enrolments left behind that ended without a word, a day after they began. Only names that enrolments give;
 * never fails where this device may not delete.
 */
export async function collectEnrolments({ store, clock, signal }: KeyStore): Promise<void> {
  const { names } = await store.list(enrolmentPrefix, { limit: atOnce, signal });
  for (const name of names) {
    const madeMs = findSession(name)?.madeMs;
    if (madeMs === undefined || Math.abs(clock.nowMs() - madeMs) < staleMs) continue;
    await store.delete(name, { signal }).catch(() => undefined);
  }
}
