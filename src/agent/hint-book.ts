import type { DiskPath } from '../disk/disk.ts';

/** Why a path is to be looked at, in the clock's milliseconds. */
interface Hint {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** More than that many are as good as "anywhere". */
const pathsMax = 20_000;
/** Hints of one saving come in a row, however short files rest. */
const shortestRestMs = 50;

/** Hints where to look, each kept until its path has rested; one that never rests is given out at a bounded rate. */
export class HintBook {
  readonly #restMs: number;
  readonly #patienceMs: number;
  readonly #hints = new Map<DiskPath, Hint>();
  #anywhere: Hint | undefined;

  /** A path is due `restMs` after its last hint, and at the latest `patienceMs` after its first. */
  constructor(restMs: number, patienceMs: number) {
    this.#restMs = Math.max(restMs, shortestRestMs);
    this.#patienceMs = Math.max(patienceMs, this.#restMs);
  }

  /** undefined: something changed, anywhere. */
  add(path: DiskPath | undefined, nowMs: number): void {
    if (path === undefined || (this.#hints.size >= pathsMax && !this.#hints.has(path))) {
      this.#anywhere = { firstMs: this.#anywhere?.firstMs ?? nowMs, lastMs: nowMs };
      this.#hints.clear();
      return;
    }
    this.#hints.set(path, { firstMs: this.#hints.get(path)?.firstMs ?? nowMs, lastMs: nowMs });
  }

  /** Takes the paths that are due; 'anywhere' where everything has to be looked at. */
  takeDue(nowMs: number): readonly DiskPath[] | 'anywhere' {
    if (this.#anywhere !== undefined && this.#dueMs(this.#anywhere) <= nowMs) {
      this.clear();
      return 'anywhere';
    }
    const due = [...this.#hints].filter(([, hint]) => this.#dueMs(hint) <= nowMs).map(([path]) => path);
    for (const path of due) this.#hints.delete(path);
    return due;
  }

  /** When the next is due; undefined where there is none. Hints that come meanwhile can only be due later. */
  nextDueMs(): number | undefined {
    let next = this.#anywhere === undefined ? undefined : this.#dueMs(this.#anywhere);
    for (const hint of this.#hints.values()) {
      const dueMs = this.#dueMs(hint);
      if (next === undefined || dueMs < next) next = dueMs;
    }
    return next;
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#hints.size === 0 && this.#anywhere === undefined;
  }

  clear(): void {
    this.#hints.clear();
    this.#anywhere = undefined;
  }

  #dueMs({ firstMs, lastMs }: Hint): number {
    return Math.min(lastMs + this.#restMs, firstMs + this.#patienceMs);
  }
}
