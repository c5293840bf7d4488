/** A list that comes in pages, one after the other, as far as it is wanted; asked for again from its beginning when it changed. */
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  /** Of all pages, where the list tells. */
  readonly total?: number;
}

export interface LoadedPages<Row> {
  /** undefined: nothing came yet. */
  readonly rows: readonly Row[] | undefined;
  readonly total: number | undefined;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly failure: ToldFailure | undefined;
}

export const nothingLoaded = { rows: undefined, total: undefined, hasMore: false, isLoading: true, failure: undefined } as const;

/** The next page, given the rows of those before. */
export type AskPage<Row> = (before: readonly Row[]) => Promise<Outcome<Page<Row>>>;

export class PageLoader<Row> {
  readonly #ask: AskPage<Row>;
  readonly #tell: (loaded: LoadedPages<Row>) => void;
  readonly #step: number;
  #wanted: number;
  #loaded: LoadedPages<Row> = nothingLoaded;
  #isStale = true;
  #isAsking = false;
  #isOver = false;

  /** `step`: how many rows are wanted at first, and how many more each time. */
  constructor(ask: AskPage<Row>, tell: (loaded: LoadedPages<Row>) => void, step: number) {
    this.#ask = ask;
    this.#tell = tell;
    this.#step = step;
    this.#wanted = step;
  }

  /** From the beginning; what is shown stays until the new list is there. */
  again(): void {
    this.#isStale = true;
    void this.#load();
  }

  more(): void {
    if (this.#isAsking || !this.#loaded.hasMore) return;
    this.#wanted += this.#step;
    void this.#load();
  }

  /** Tells nothing any more. */
  stop(): void {
    this.#isOver = true;
  }

  async #load(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    let shown = this.#loaded.rows?.length ?? 0;
    let rows: readonly Row[] = this.#loaded.rows ?? [];
    let hasMore = true;
    while (this.#isStale || (hasMore && rows.length < this.#wanted)) {
      if (this.#isStale) rows = [];
      const page = await this.#nextPage(rows);
      if (page === 'over') return;
      if (page === 'stale') continue;
      rows = [...rows, ...page.rows];
      // A page of nothing that promises more would be asked for without end.
      hasMore = page.hasMore && page.rows.length > 0;
      const isLoading = hasMore && rows.length < this.#wanted;
      // The first page at once, the rest of what is wanted in one: to draw a list costs more than to ask for it.
      if (shown === 0 || !isLoading) this.#say({ rows, hasMore, total: page.total, isLoading, failure: undefined });
      shown = rows.length;
    }
    this.#isAsking = false;
  }

  /** `stale`: the list changed while this page of it was on its way. `over`: there is nothing more to be had, or nobody to tell. */
  async #nextPage(before: readonly Row[]): Promise<Page<Row> | 'stale' | 'over'> {
    this.#isStale = false;
    this.#say({ ...this.#loaded, isLoading: true });
    const outcome = await this.#ask(before);
    if (this.#isOver) return 'over';
    if (this.#isStale) return 'stale';
    if (outcome.ok) return outcome.answer;
    this.#isAsking = false;
    this.#say({ ...this.#loaded, isLoading: false, failure: outcome.failure });
    return 'over';
  }

  #say(loaded: LoadedPages<Row>): void {
    this.#loaded = loaded;
    this.#tell(loaded);
  }
}
