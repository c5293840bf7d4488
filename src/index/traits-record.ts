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

type TraitsText = z.infer<typeof recordShape>;

/** What was read last: a process that opens an index again finds the same. */
let last: { readonly text: string; readonly record: TraitsText } | undefined;

/** What the synced folder's file system was last found to hold. Until anything was found out: everything. */
export class TraitsRecord {
  readonly #settings: SettingsTable;
  #current: TraitsText | undefined;

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

  #load(): TraitsText {
    this.#current ??= this.#read();
    return this.#current;
  }

  #read(): TraitsText {
    const text = this.#settings.findText(key);
    if (text === undefined) return { fileSystem: '', traits: fullTraits };
    if (last?.text === text) return last.record;
    try {
      const record = shape.parse(JSON.parse(text));
      last = { text, record };
      return record;
    } catch (error) {
      throw new Failure('E_INDEX_DAMAGED', 'the index is damaged: what the disk can hold is not readable', { cause: error });
    }
  }
}
