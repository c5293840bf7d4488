import { compareBytes, concatBytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { Failure, type FailureCode } from '../../base/failure.ts';
import type { PackDirectory } from '../../model/change.ts';
import type { PackId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { Store } from '../../store/store.ts';
import { withPatience } from '../journal/patience.ts';
import { packName } from './pack-name.ts';
import type { ReadRange } from './plan-reads.ts';

/** A whole pack, ready for the store: the parts in order make up the object. */
export interface SealedPack {
  readonly directory: PackDirectory;
  readonly parts: readonly Uint8Array[];
}

/** How to wait for a pack that a poor store shows half of, or not at all, for a moment. */
export interface PackPatience {
  readonly clock: Clock;
  /** Pauses before it is asked for once more, milliseconds. */
  readonly delaysMs: readonly number[];
}

/** What to read of a pack. */
export interface PackRead {
  readonly pack: PackId;
  readonly range: ReadRange;
  readonly signal: AbortSignal;
}

/** What may pass by itself. */
const maybeHalf: readonly FailureCode[] = ['E_MISSING', 'E_TAMPER', 'E_FORMAT', 'E_LIMIT'];

/** A store in which a pack stayed wrong is damaged, not slow, and may have lost many: for so long no other is waited for. */
const impatientMs = 60_000;

/** Packs in a store: written once, read whole or in aligned ranges. */
export class PackStore {
  readonly #store: Store;
  readonly #patience: PackPatience;
  #impatientUntilMs = -Infinity;

  constructor(store: Store, patience: PackPatience) {
    this.#store = store;
    this.#patience = patience;
  }

  /**
   * Returns when the pack is durable in the store and the store gives its end back: nothing is built on a store's word alone.
   * Throws E_STORE_BEHAVIOUR where it says "stored" and gives nothing, or something else; E_STORE_UNREACHABLE where it can't
   * be made to keep it.
   */
  async put(pack: SealedPack, signal: AbortSignal): Promise<void> {
    const { clock, delaysMs } = this.#patience;
    const name = packName(pack.directory.pack);
    let wasAcknowledged = false;
    for (const delayMs of [...delaysMs, undefined]) {
      const outcome = await this.#store.putNew(name, pack.parts, { signal });
      wasAcknowledged ||= outcome === 'stored';
      // It did not say, or had that name already (an earlier try of ours): then all that it gives back tells.
      if (await (outcome === 'stored' ? this.#hasEnd(name, pack, signal) : this.#hasAll(name, pack, signal))) return;
      if (delayMs !== undefined) await clock.sleep(delayMs, signal);
    }
    throw wasAcknowledged
      ? new Failure('E_STORE_BEHAVIOUR', `the store took ${name} and does not give it back`, { subject: name })
      : new Failure('E_STORE_UNREACHABLE', `the store did not take ${name}`, { subject: name });
  }

  /** Whether the last aligned block is there, with which a pack that was cut off anywhere would end otherwise. */
  async #hasEnd(name: string, { directory, parts }: SealedPack, signal: AbortSignal): Promise<boolean> {
    const start = Math.floor((directory.sizeBytes - 1) / limits.readBlockBytes) * limits.readBlockBytes;
    const range = { start, length: limits.readBlockBytes };
    const found = await this.#store.get(name, { range, maxBytes: limits.readBlockBytes, signal });
    return found !== undefined && compareBytes(found, joinedFrom(parts, start)) === 0;
  }

  async #hasAll(name: string, { directory, parts }: SealedPack, signal: AbortSignal): Promise<boolean> {
    const kept = await this.#store.get(name, { maxBytes: directory.sizeBytes, signal });
    return kept !== undefined && isJoined(kept, parts);
  }

  /**
   * Gives the bytes of a planned range to `take`. What is not there, shorter or longer than it was, or refused by `take` as not
   * authentic, is asked for again before that is believed. Throws E_MISSING, E_TAMPER, and what `take` and the store throw.
   */
  async read<Result>(read: PackRead, take: (bytes: Uint8Array) => Promise<Result>): Promise<Result> {
    const { clock, delaysMs } = this.#patience;
    const isPatient = clock.monotonicMs() >= this.#impatientUntilMs;
    try {
      const patience = { clock, signal: read.signal, codes: maybeHalf, delaysMs: isPatient ? delaysMs : [] };
      return await withPatience(patience, async () => take(await this.#fetch(read)));
    } catch (failure) {
      if (failure instanceof Failure && maybeHalf.includes(failure.code)) this.#impatientUntilMs = clock.monotonicMs() + impatientMs;
      throw failure;
    }
  }

  async #fetch({ pack, range, signal }: PackRead): Promise<Uint8Array> {
    const name = packName(pack);
    const bytes = await this.#store.get(name, { range: { start: range.start, length: range.length }, maxBytes: range.length, signal });
    if (bytes === undefined) throw new Failure('E_MISSING', `the store does not have ${name}`, { subject: name });
    if (bytes.byteLength !== range.bytes) throw new Failure('E_TAMPER', `${name} is shorter or longer than it was`, { subject: name });
    return bytes;
  }
}

function isJoined(whole: Uint8Array, parts: readonly Uint8Array[]): boolean {
  let at = 0;
  for (const part of parts) {
    if (Buffer.compare(whole.subarray(at, at + part.byteLength), part) !== 0) return false;
    at += part.byteLength;
  }
  return at === whole.byteLength;
}

/** The parts' bytes from this offset on. */
function joinedFrom(parts: readonly Uint8Array[], start: number): Uint8Array {
  const tail: Uint8Array[] = [];
  let at = 0;
  for (const part of parts) {
    if (at + part.byteLength > start) tail.push(part.subarray(Math.max(0, start - at)));
    at += part.byteLength;
  }
  return concatBytes(tail);
}
