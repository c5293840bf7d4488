/**
 * Whether files that are restored came from outside, on a disk that does not know it of its files: noted down before they get their
 * places, and taken up by the scan that finds them there. A person's own file at such a place is another item.
 */
import type { DiskPath, Observed } from '../../disk/disk.ts';
import type { IntentNumber } from '../../index/intent-table.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

const kind = 'restored-origin';
/** Of the roughest file times (FAT). */
const tickUs = 2_000_000;

export interface RestoredOrigin {
  readonly path: DiskPath;
  /** Of the file that is going to stand there; '' where the disk does not say. */
  readonly identity: string;
  readonly sizeBytes: number;
  readonly mtimeUs: number;
  readonly fromOutside: boolean;
}

export function noteOrigins({ intents }: SyncIndex, origins: readonly RestoredOrigin[]): void {
  if (origins.length > 0) intents.begin(kind, JSON.stringify(origins));
}

/** What is noted, for one scan. */
export class RestoredOrigins {
  readonly #index: SyncIndex;
  readonly #notes: ReadonlyMap<IntentNumber, readonly RestoredOrigin[]>;
  readonly #origins: ReadonlyMap<DiskPath, RestoredOrigin>;
  readonly #met = new Set<RestoredOrigin>();

  constructor(index: SyncIndex) {
    this.#index = index;
    const notes = index.intents.open().filter((intent) => intent.kind === kind);
    this.#notes = new Map(notes.map(({ number, detail }) => [number, JSON.parse(detail) as RestoredOrigin[]]));
    this.#origins = new Map([...this.#notes.values()].flat().map((origin) => [origin.path, origin]));
  }

  /** Whether anything is noted. */
  get hasAny(): boolean {
    return this.#notes.size > 0;
  }

  /** Whether the item came from outside, where that is noted. `pathOf` is asked only where there are notes. */
  find(seen: Observed, pathOf: () => DiskPath): boolean | undefined {
    if (this.#origins.size === 0 || seen.kind !== 'file') return undefined;
    const origin = this.#origins.get(pathOf());
    if (origin === undefined || !isRestored(seen, origin)) return undefined;
    this.#met.add(origin);
    return origin.fromOutside;
  }

  /** Forgets what was met, and everything where the whole folder was looked at. In the transaction that says so. */
  end(seen: 'all' | 'some'): void {
    for (const [number, origins] of this.#notes) {
      const isDone = origins.every((origin) => this.#met.has(origin) || this.#origins.get(origin.path) !== origin);
      if (seen === 'all' || isDone) this.#index.intents.finish(number);
    }
  }
}

/** To a disk that is mounted inside the folder it goes as a copy, another item of the same size and time. */
function isRestored({ identity, sizeBytes, mtimeUs }: Observed, origin: RestoredOrigin): boolean {
  return identity === origin.identity || (sizeBytes === origin.sizeBytes && Math.abs(mtimeUs - origin.mtimeUs) <= tickUs);
}
