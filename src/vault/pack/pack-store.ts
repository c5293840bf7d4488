import { Failure } from '../../base/failure.ts';
import type { PackDirectory } from '../../model/change.ts';
import type { PackId } from '../../model/ids.ts';
import type { Store } from '../../store/store.ts';
import { packName } from './pack-name.ts';
import type { ReadRange } from './plan-reads.ts';

/** A whole pack, ready for the store: the parts in order make up the object. */
export interface SealedPack {
  readonly directory: PackDirectory;
  readonly parts: readonly Uint8Array[];
}

/** Packs in a store: written once, read whole or in aligned ranges. */
export class PackStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Returns when the pack is durable in the store. Throws E_STORE_UNREACHABLE where the store can't be made to keep it. */
  async put({ directory, parts }: SealedPack, signal: AbortSignal): Promise<void> {
    const name = packName(directory.pack);
    if ((await this.#store.putNew(name, parts, { signal })) === 'stored') return;
    // It did not say, or had that name already (an earlier try of ours): what it gives back tells.
    const kept = await this.#store.get(name, { maxBytes: directory.sizeBytes, signal });
    if (kept === undefined || !isJoined(kept, parts))
      throw new Failure('E_STORE_UNREACHABLE', `the store did not take ${name}`, { subject: name });
  }

  /** The bytes of a planned range. Throws E_MISSING where the pack is not there, E_TAMPER where it is shorter than it was. */
  async read(pack: PackId, range: ReadRange, signal: AbortSignal): Promise<Uint8Array> {
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
