/** Putting an own entry (or part of a snapshot) until the store shows it: nothing is built on a store's word. */
import { compareBytes } from '../../../base/bytes.ts';
import { Failure } from '../../../base/failure.ts';
import type { JournalDeps } from '../journal-deps.ts';
import { patienceMs } from '../patience.ts';

/** Up to this size an object is read back whole; of a larger one, its start (where the header is) and its end. */
const wholeMaxBytes = 64 * 1024;
const sampleBytes = 16 * 1024;

/** An object whose name is used once. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type StoreParts = Pick<JournalDeps, 'store' | 'clock'>;

/**
 * Puts the same bytes under the same name until they can be read back. Throws E_TAMPER where other bytes stand there,
 * E_STORE_BEHAVIOUR where the store says "stored" and gives nothing, E_STORE_UNREACHABLE where it never says, and what a
 * store that refuses throws.
 */
export async function publishObject(parts: StoreParts, entry: NamedBytes, signal: AbortSignal): Promise<void> {
  let wasAcknowledged = false;
  let found: Found = 'absent';
  for (const delayMs of [...patienceMs, undefined]) {
    // What is half there may be whole in a moment: putting it again could begin it anew.
    const outcome = found === 'absent' ? await put(parts, entry, signal) : 'unknown';
    wasAcknowledged ||= outcome === 'stored';
    found = await readBack(parts, entry, signal);
    if (found === 'same') return;
    if (outcome instanceof Failure) throw outcome;
    if (delayMs !== undefined) await parts.clock.sleep(delayMs, signal);
  }
  if (found === 'other') throw otherBytes(entry);
  throw wasAcknowledged || found === 'part'
    ? new Failure('E_STORE_BEHAVIOUR', 'the store took an object and does not give it back', { subject: entry.name })
    : new Failure('E_STORE_UNREACHABLE', 'the store does not say whether it keeps what it is given', { subject: entry.name });
}

/** What stands under a name: nothing, the object, the beginning of it, or something else. */
type Found = 'absent' | 'same' | 'part' | 'other';

/** What the store said; a refusal is only believed once the entry is seen not to be there. */
async function put({ store }: StoreParts, { name, bytes }: NamedBytes, signal: AbortSignal): Promise<'stored' | 'unknown' | Failure> {
  try {
    return (await store.putNew(name, [bytes], { signal })) === 'stored' ? 'stored' : 'unknown';
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return failure.code === 'E_STORE_UNREACHABLE' ? 'unknown' : failure;
  }
}

async function readBack({ store }: StoreParts, { name, bytes }: NamedBytes, signal: AbortSignal): Promise<Found> {
  const ranges =
    bytes.length <= wholeMaxBytes
      ? [{ start: 0, length: bytes.length + 1 }]
      : [
          { start: 0, length: sampleBytes },
          { start: bytes.length - sampleBytes, length: sampleBytes + 1 },
        ];
  let isWhole = true;
  for (const range of ranges) {
    const found = await store.get(name, { maxBytes: range.length, range, signal });
    if (found === undefined) return 'absent';
    const wanted = bytes.subarray(range.start, range.start + range.length);
    if (compareBytes(found, wanted.subarray(0, found.length)) !== 0) return 'other';
    isWhole &&= found.length === wanted.length;
  }
  return isWhole ? 'same' : 'part';
}

/** Whether the entry has arrived: only its own bytes count. Throws E_TAMPER where the store insists on others. */
export async function hasArrived(parts: StoreParts, entry: NamedBytes, signal: AbortSignal): Promise<boolean> {
  for (const delayMs of [...patienceMs, undefined]) {
    const found = await readBack(parts, entry, signal);
    if (found === 'same' || found === 'absent') return found === 'same';
    if (delayMs !== undefined) await parts.clock.sleep(delayMs, signal);
  }
  throw otherBytes(entry);
}

function otherBytes({ name }: NamedBytes): Failure {
  return new Failure('E_TAMPER', 'the store has other bytes under the name of an object that this device wrote', { subject: name });
}
