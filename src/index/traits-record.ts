import { z } from 'zod';
import { Failure } from '../base/failure.ts';
import { fullTraits, type DiskTraits } from '../model/disk-traits.ts';
import type { SettingsTable } from './settings-table.ts';

const key = 'disk.traits';

const traitsShape = z.strictObject({
  foldsCase: z.boolean(),
  unicode: z.enum(['kept', 'folded', 'converted']),
  names: z.enum(['bytes', 'text', 'windows']),
  nameMaxBytes: z.number().int().positive(),
  keepsExecutable: z.boolean(),
  keepsLinks: z.boolean(),
  mtimeTickUs: z.number().int().positive(),
});

/** What the synced folder's file system was last found to hold. Until anything was found out: everything. */
export class TraitsRecord {
  readonly #settings: SettingsTable;
  #current: DiskTraits | undefined;

  constructor(settings: SettingsTable) {
    this.#settings = settings;
  }

  /** Throws E_INDEX_DAMAGED. */
  get current(): DiskTraits {
    this.#current ??= this.#read();
    return this.#current;
  }

  /** Whether they are others than before. */
  replace(traits: DiskTraits): boolean {
    const text = JSON.stringify(traitsShape.parse(traits));
    if (this.#settings.findText(key) === text) return false;
    this.#settings.writeText(key, text);
    this.#current = traits;
    return true;
  }

  #read(): DiskTraits {
    const text = this.#settings.findText(key);
    if (text === undefined) return fullTraits;
    try {
      return traitsShape.parse(JSON.parse(text));
    } catch (error) {
      throw new Failure('E_INDEX_DAMAGED', 'the index is damaged: what the disk can hold is not readable', { cause: error });
    }
  }
}
