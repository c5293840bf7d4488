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
  keepsOrigin: z.boolean(),
  keepsLinks: z.boolean(),
  mtimeTickUs: z.number().int().positive(),
});

const recordShape = z.strictObject({ fileSystem: z.string(), traits: traitsShape });
/** As an older version wrote it, which did not ask for everything. */
const olderShape = recordShape.extend({ traits: traitsShape.omit({ keepsOrigin: true }) });
/** Found out anew: of no file system. */
const shape = recordShape.or(olderShape.transform(({ traits }) => ({ fileSystem: '', traits: { ...traits, keepsOrigin: false } })));

/** What the synced folder's file system was last found to hold. Until anything was found out: everything. */
export class TraitsRecord {
  readonly #settings: SettingsTable;
  #current: z.infer<typeof recordShape> | undefined;

  constructor(settings: SettingsTable) {
    this.#settings = settings;
  }

  /** Throws E_INDEX_DAMAGED. */
  get current(): DiskTraits {
    return this.#load().traits;
  }

  /** Of which file system that was found out (`Disk.fileSystem`); '' for none. Throws E_INDEX_DAMAGED. */
  get fileSystem(): string {
    return this.#load().fileSystem;
  }

  replace(fileSystem: string, traits: DiskTraits): void {
    const record = recordShape.parse({ fileSystem, traits });
    this.#settings.writeText(key, JSON.stringify(record));
    this.#current = record;
  }

  #load(): z.infer<typeof recordShape> {
    this.#current ??= this.#read();
    return this.#current;
  }

  #read(): z.infer<typeof recordShape> {
    const text = this.#settings.findText(key);
    if (text === undefined) return { fileSystem: '', traits: fullTraits };
    try {
      return shape.parse(JSON.parse(text));
    } catch (error) {
      throw new Failure('E_INDEX_DAMAGED', 'the index is damaged: what the disk can hold is not readable', { cause: error });
    }
  }
}
