import type { DiskTraits } from '../model/disk-traits.ts';
import type { DiskParts } from './disk-parts.ts';
import { probeTraits } from './probe-traits.ts';

/** `Disk.traits`: found out once for each file system that the folder is seen on. */
export class TraitsFinder {
  readonly #parts: DiskParts;
  #found: { readonly device: bigint; readonly traits: DiskTraits } | undefined;

  constructor(parts: DiskParts) {
    this.#parts = parts;
  }

  async find(): Promise<DiskTraits> {
    const device = await this.#parts.root.withTop((top) => this.#parts.calls.statFolder(top).device);
    if (this.#found?.device !== device) this.#found = { device, traits: await probeTraits(this.#parts) };
    return this.#found.traits;
  }
}
