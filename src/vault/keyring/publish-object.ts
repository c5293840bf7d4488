import { compareBytes } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { KeyStore } from './key-tools.ts';

/** Pauses before an object is asked for again: a poor store may show half of a new object, or nothing, for a moment. */
export const rereadDelaysMs = [200, 1_000, 3_000] as const;

/**
 * Puts an object under a fresh name and reads it back: nothing is built on a store's word. 'taken': other bytes stand
 * there. Throws E_STORE_BEHAVIOUR where the store said "stored" and gives nothing, E_STORE_UNREACHABLE where it never said.
 */
export async function publishObject(deps: KeyStore, name: string, bytes: Uint8Array): Promise<'stored' | 'taken'> {
  const { store, clock, signal } = deps;
  let wasAcknowledged = false;
  for (const delayMs of [...rereadDelaysMs, undefined]) {
    const outcome = await store.putNew(name, [bytes], { signal });
    wasAcknowledged ||= outcome !== 'unknown';
    const found = await store.get(name, { maxBytes: bytes.length, signal }).catch(largerIsOther);
    if (found === larger) return 'taken';
    if (found !== undefined && compareBytes(found, bytes) === 0) return 'stored';
    const mayBeHalf = found !== undefined && found.length < bytes.length && compareBytes(found, bytes.subarray(0, found.length)) === 0;
    if (found !== undefined && !mayBeHalf) return 'taken';
    if (delayMs !== undefined) await clock.sleep(delayMs, signal);
  }
  throw wasAcknowledged
    ? new Failure('E_STORE_BEHAVIOUR', 'the store took an object and does not give it back', { subject: name })
    : new Failure('E_STORE_UNREACHABLE', 'the store does not say whether it keeps what it is given', { subject: name });
}

/** Stands for any object that is longer than ours. */
const larger = Symbol('larger');

function largerIsOther(error: unknown): typeof larger {
  if (error instanceof Failure && error.code === 'E_LIMIT') return larger;
  throw error;
}
