import type { DiskPath } from '../../disk/disk.ts';

/** Why a path is to be looked at, in the clock's milliseconds. */
interface Hint {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Whether a short rest may do: 'asked' until somebody has looked, 'granted' then. */
  readonly short: 'no' | 'asked' | 'granted';
  /** Whether it counts as waiting. */
  readonly counts: boolean;
}

/** How long paths rest, in milliseconds. */
export interface RestTimes {
  /** A path is due so long after its last hint. */
  readonly restMs: number;
  /** And at the latest so long after its first. */
  readonly patienceMs: number;
  /** What may do for a file that is saved once, and was not taken shortly before; undefined: nothing shorter does. */
  readonly shortMs?: number | undefined;
}

/** More than that many are as good as "anywhere". */
const pathsMax = 20_000;
/** More files at once, or within a rest, were not saved by a person: they come from a program that is likely to go on. */
export const savedMax = 32;
/** Hints of one saving come in a row, however short files rest. */
const shortestRestMs = 50;

/** Hints where to look, each kept until its path has rested; one that never rests is given out at a bounded rate. */
export class HintBook {
  readonly #restMs: number;
  readonly #patienceMs: number;
  readonly #shortMs: number | undefined;
  readonly #hints = new Map<DiskPath, Hint>();
  /** When paths were given out, those of the last `restMs`, in that order. */
  readonly #given = new Map<DiskPath, number>();
  #anywhere: Hint | undefined;
  /** Nothing is due before. */
  #notBeforeMs = Infinity;
  #counted = 0;
  readonly #concerns: (path: DiskPath) => boolean;

  /** @param concerns whether a hint at the path says that something is not synced; others are kept all the same. */
  constructor({ restMs, patienceMs, shortMs }: RestTimes, concerns: (path: DiskPath) => boolean = () => true) {
    this.#concerns = concerns;
    this.#restMs = Math.max(restMs, shortestRestMs);
    this.#patienceMs = Math.max(patienceMs, this.#restMs);
    this.#shortMs = shortMs;
  }

  /** undefined: something changed, anywhere. Whether it may be due before all that was known. */
  add(path: DiskPath | undefined, nowMs: number): boolean {
    const hint = { firstMs: nowMs, lastMs: nowMs, short: 'no', counts: true } as const;
    if (path === undefined || (this.#hints.size >= pathsMax && !this.#hints.has(path))) {
      this.#anywhere = { ...hint, firstMs: this.#anywhere?.firstMs ?? nowMs };
      this.#hints.clear();
      this.#counted = 0;
      return this.#expect(this.#anywhere);
    }
    const known = this.#hints.get(path);
    const short = known?.short === 'no' || !this.#mayBeShort(path, nowMs) ? 'no' : 'asked';
    const added: Hint = { ...hint, firstMs: known?.firstMs ?? nowMs, short, counts: this.#count(path, known) };
    this.#hints.set(path, added);
    return this.#expect(added);
  }

  /** Whether the path counts as waiting; it is counted once. */
  #count(path: DiskPath, known: Hint | undefined): boolean {
    if (known?.counts === true) return true;
    const counts = this.#concerns(path);
    if (counts) this.#counted += 1;
    return counts;
  }

  /** Paths for which a short rest is over and may do: `judge` each, whatever it is. */
  restedShortly(nowMs: number): readonly DiskPath[] {
    const isAsked = ({ short, lastMs }: Hint): boolean => short === 'asked' && lastMs + (this.#shortMs ?? 0) <= nowMs;
    return this.#shortMs === undefined ? [] : [...this.#hints].filter(([, hint]) => isAsked(hint)).map(([path]) => path);
  }

  /** Whether the short rest does for the path. Harmless for one that was hinted at again meanwhile. */
  judge(path: DiskPath, isEnough: boolean, nowMs: number): void {
    const hint = this.#hints.get(path);
    if (hint?.short !== 'asked' || (isEnough && this.#dueMs(hint) > nowMs)) return;
    this.#hints.set(path, { ...hint, short: isEnough ? 'granted' : 'no' });
  }

  /** Takes the paths that are due; 'anywhere' where everything has to be looked at. */
  takeDue(nowMs: number): readonly DiskPath[] | 'anywhere' {
    if (this.#anywhere !== undefined && this.#dueMs(this.#anywhere) <= nowMs) {
      this.clear();
      return 'anywhere';
    }
    // One that nobody judged rests as any other.
    const isDue = (hint: Hint): boolean => this.#dueMs(hint.short === 'asked' ? { ...hint, short: 'no' } : hint) <= nowMs;
    const due = [...this.#hints].filter(([, hint]) => isDue(hint)).map(([path]) => path);
    this.#give(due, nowMs);
    return due;
  }

  /** Takes all paths, rested or not; 'anywhere' where everything has to be looked at. */
  takeAll(nowMs: number): readonly DiskPath[] | 'anywhere' {
    const all = this.#anywhere === undefined ? [...this.#hints.keys()] : 'anywhere';
    if (all !== 'anywhere') this.#noteGiven(all, nowMs);
    this.clear();
    return all;
  }

  /** When the next is due, or to be judged; undefined where there is none. Hints that come meanwhile tell when they are due sooner. */
  nextDueMs(): number | undefined {
    this.#notBeforeMs = this.#anywhere === undefined ? Infinity : this.#dueMs(this.#anywhere);
    for (const hint of this.#hints.values()) this.#notBeforeMs = Math.min(this.#notBeforeMs, this.#dueMs(hint));
    return this.isEmpty ? undefined : this.#notBeforeMs;
  }

  /** How many there are that concern us; "anywhere" is one. */
  get waiting(): number {
    return this.#counted + (this.#anywhere === undefined ? 0 : 1);
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#hints.size === 0 && this.#anywhere === undefined;
  }

  clear(): void {
    this.#hints.clear();
    this.#counted = 0;
    this.#anywhere = undefined;
    this.#notBeforeMs = Infinity;
  }

  /** What was taken just now and changes again is being worked on; where much was taken just now, a program is at it. */
  #mayBeShort(path: DiskPath, nowMs: number): boolean {
    if (this.#shortMs === undefined) return false;
    this.#forgetGiven(nowMs);
    return !this.#given.has(path) && this.#given.size < savedMax;
  }

  #forgetGiven(nowMs: number): void {
    for (const [path, givenMs] of this.#given) {
      if (nowMs - givenMs < this.#restMs) return;
      this.#given.delete(path);
    }
  }

  #give(paths: readonly DiskPath[], nowMs: number): void {
    for (const path of paths) {
      if (this.#hints.get(path)?.counts === true) this.#counted -= 1;
      this.#hints.delete(path);
    }
    this.#noteGiven(paths, nowMs);
  }

  #noteGiven(paths: readonly DiskPath[], nowMs: number): void {
    if (this.#shortMs === undefined) return;
    this.#forgetGiven(nowMs);
    for (const path of paths) {
      this.#given.delete(path);
      this.#given.set(path, nowMs);
    }
  }

  #expect(hint: Hint): boolean {
    const dueMs = this.#dueMs(hint);
    if (dueMs >= this.#notBeforeMs) return false;
    this.#notBeforeMs = dueMs;
    return true;
  }

  #dueMs({ firstMs, lastMs, short }: Hint): number {
    const restMs = short === 'no' ? this.#restMs : Math.min(this.#shortMs ?? this.#restMs, this.#restMs);
    return Math.min(lastMs + restMs, firstMs + this.#patienceMs);
  }
}
