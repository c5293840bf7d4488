import type { DiskPath } from '../../disk/disk.ts';
import type { HintKind } from '../../disk/watch/watch-folder.ts';

/** Why a path is to be looked at, in the clock's milliseconds. */
interface Hint {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Whether a short rest may do: 'asked' until somebody has looked, 'granted' then; 'none': it is due whether it rested or not. */
  readonly short: 'no' | 'asked' | 'granted' | 'none';
  /** Whether its writer is done with it, as far as the last hint told. */
  readonly isWhole: boolean;
  /** Whether nothing is known but that it was closed: programs open for writing what they then only read. */
  readonly isDoubtful: boolean;
  /** Whether nothing was told but that what stood there was removed. */
  readonly isRemoval: boolean;
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
  readonly short?: ShortRests | undefined;
}

/** In milliseconds. */
export interface ShortRests {
  /** Where nobody knows whether the writer is done. */
  readonly restMs: number;
  /** Where the writer is done. */
  readonly wholeMs: number;
}

/** Of a short rest: it does; it does not; there was nothing to wait for, as the path is as it was known. */
export type RestVerdict = 'enough' | 'more' | 'nothing';

/** What says that a file's writer is done with it. */
const wholeKinds: ReadonlySet<HintKind> = new Set(['closed', 'arrived']);
/** More than that many are as good as "anywhere". */
const pathsMax = 20_000;
/** More files at once, or within a rest, were not saved by a person: they come from a program that is likely to go on. */
export const savedMax = 32;
/** Hints of one saving come in a row, however short files rest. */
const shortestRestMs = 50;
/** Hints of the two places of one move come within this of each other. */
const oneMoveMs = 250;

/** Hints where to look, each kept until its path has rested; one that never rests is given out at a bounded rate. */
export class HintBook {
  readonly #restMs: number;
  readonly #patienceMs: number;
  readonly #short: ShortRests | undefined;
  readonly #hints = new Map<DiskPath, Hint>();
  /** When paths were given out, those of the last `restMs`, in that order. */
  readonly #given = new Map<DiskPath, number>();
  #anywhere: Hint | undefined;
  /** Nothing is due before. */
  #notBeforeMs = Infinity;
  #counted = 0;
  readonly #concerns: (path: DiskPath) => boolean;

  /** @param concerns whether a hint at the path says that something is not synced; others are kept all the same. */
  constructor({ restMs, patienceMs, short }: RestTimes, concerns: (path: DiskPath) => boolean = () => true) {
    this.#concerns = concerns;
    this.#restMs = Math.max(restMs, shortestRestMs);
    this.#patienceMs = Math.max(patienceMs, this.#restMs);
    this.#short = short;
  }

  /** undefined: something changed, anywhere. Whether it may be due before all that was known. */
  add(path: DiskPath | undefined, nowMs: number, kind: HintKind = 'changed'): boolean {
    if (path === undefined || (this.#hints.size >= pathsMax && !this.#hints.has(path))) return this.#addAnywhere(nowMs);
    const known = this.#hints.get(path);
    const isDoubtful = kind === 'closed' && (known === undefined || known.isDoubtful);
    const mayBeShort = isDoubtful || (known?.short !== 'no' && this.#mayBeShort(path, nowMs));
    const added: Hint = {
      firstMs: known?.firstMs ?? nowMs,
      lastMs: nowMs,
      short: mayBeShort ? 'asked' : 'no',
      isWhole: wholeKinds.has(kind),
      isDoubtful,
      isRemoval: isRemoval(kind, known),
      counts: !isDoubtful && this.#count(path, known),
    };
    this.#hints.set(path, added);
    return this.#expect(added);
  }

  #addAnywhere(nowMs: number): boolean {
    const firstMs = this.#anywhere?.firstMs ?? nowMs;
    this.#anywhere = { firstMs, lastMs: nowMs, short: 'no', isWhole: false, isDoubtful: false, isRemoval: false, counts: true };
    this.#hints.clear();
    this.#counted = 0;
    return this.#expect(this.#anywhere);
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
    const isAsked = (hint: Hint): boolean => hint.short === 'asked' && hint.lastMs + this.#shortMs(hint) <= nowMs;
    return [...this.#hints].filter(([, hint]) => isAsked(hint)).map(([path]) => path);
  }

  /** Whether the path's writer is done with it, as far as the last hint told. */
  isWhole(path: DiskPath): boolean {
    return this.#hints.get(path)?.isWhole === true;
  }

  /** Whether nothing is known of the path but that it was closed: it may be as it was. */
  isDoubtful(path: DiskPath): boolean {
    return this.#hints.get(path)?.isDoubtful === true;
  }

  /**
   * Whether the short rest does for the path. What its writer is done with and needs more (an empty file, say) is asked about
   * once more, when that makes no difference. Harmless for one that was hinted at again meanwhile.
   */
  judge(path: DiskPath, verdict: RestVerdict, nowMs: number): void {
    const known = this.#hints.get(path);
    if (known?.short !== 'asked' || (verdict !== 'more' && this.#dueMs(known) > nowMs)) return;
    if (verdict === 'nothing') {
      if (known.isDoubtful) this.#hints.delete(path);
      return;
    }
    const hint = known.isDoubtful ? { ...known, isDoubtful: false, counts: this.#count(path, known) } : known;
    if (known.isDoubtful && !this.#mayBeShort(path, nowMs)) this.#hints.set(path, { ...hint, short: 'no' });
    else if (verdict === 'enough') this.#hints.set(path, { ...hint, short: 'granted' });
    else this.#hints.set(path, hint.isWhole ? { ...hint, isWhole: false } : { ...hint, short: 'no' });
  }

  /** Takes the paths that are due; 'anywhere' where everything has to be looked at. */
  takeDue(nowMs: number): readonly DiskPath[] | 'anywhere' {
    if (this.#anywhere !== undefined && this.#dueMs(this.#anywhere) <= nowMs) {
      this.clear();
      return 'anywhere';
    }
    return this.takeDuePaths(nowMs);
  }

  /** As `takeDue`, where everything can't be looked at now: that stays due. */
  takeDuePaths(nowMs: number): readonly DiskPath[] {
    const due = this.due(nowMs);
    this.#give(due, nowMs);
    return due;
  }

  /** The paths that are due. */
  due(nowMs: number): readonly DiskPath[] {
    return [...this.#hints].filter(([, hint]) => this.#isDue(hint, nowMs)).map(([path]) => path);
  }

  /**
   * Paths, due or not, of which nothing was told since they were given out last but that what stood there was removed: it was not moved
   * away. None where something was not told.
   */
  removals(): ReadonlySet<DiskPath> {
    if (this.#anywhere !== undefined) return new Set();
    return new Set([...this.#hints].filter(([, { isRemoval }]) => isRemoval).map(([path]) => path));
  }

  /** All that are kept, due or not, those that were hinted at last for the first time first. */
  paths(): readonly DiskPath[] {
    return [...this.#hints.keys()].toReversed();
  }

  /** What was hinted at together with the path is due now, too: it may be the other place of a move. */
  hastenBeside(path: DiskPath): void {
    const beside = this.#hints.get(path);
    if (beside === undefined) return;
    // Written to before it was moved, or since: then the move is the last of the one, and the first of the other.
    const times = [beside.firstMs, beside.lastMs];
    this.#hasten((hint) => times.some((ms) => isNear(hint.firstMs, ms) || isNear(hint.lastMs, ms)));
  }

  /** It is due now. */
  hasten(path: DiskPath): void {
    const hint = this.#hints.get(path);
    if (hint !== undefined) this.#hints.set(path, { ...hint, short: 'none' });
  }

  /** What is due in a moment is due now. */
  hastenNext(nowMs: number): void {
    this.#hasten((hint) => this.#isDue(hint, nowMs + oneMoveMs));
  }

  /** Paths that are not due, and that were first hinted at before the last of those that are, or in the moment after it. In that order, at most `limit`. */
  besideDue(nowMs: number, limit: number): readonly DiskPath[] {
    let untilMs = -Infinity;
    for (const hint of this.#hints.values()) if (this.#isDue(hint, nowMs)) untilMs = Math.max(untilMs, hint.lastMs + oneMoveMs);
    const beside: DiskPath[] = [];
    for (const [path, hint] of this.#hints) {
      if (hint.firstMs > untilMs || beside.length >= limit) break;
      if (!this.#isDue(hint, nowMs)) beside.push(path);
    }
    return beside;
  }

  /** One that nobody judged rests as any other. */
  #isDue(hint: Hint, nowMs: number): boolean {
    return this.#dueMs(hint.short === 'asked' ? { ...hint, short: 'no' } : hint) <= nowMs;
  }

  #hasten(isMeant: (hint: Hint) => boolean): void {
    for (const [path, hint] of this.#hints) if (isMeant(hint)) this.hasten(path);
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
    if (this.#short === undefined) return false;
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
    if (this.#short === undefined) return;
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

  #dueMs(hint: Hint): number {
    const { firstMs, lastMs, short } = hint;
    if (short === 'none') return firstMs;
    return Math.min(lastMs + (short === 'no' ? this.#restMs : this.#shortMs(hint)), firstMs + this.#patienceMs);
  }

  #shortMs({ isWhole }: Hint): number {
    const shortMs = isWhole ? this.#short?.wholeMs : this.#short?.restMs;
    return Math.min(shortMs ?? this.#restMs, this.#restMs);
  }
}

function isRemoval(kind: HintKind, known: Hint | undefined): boolean {
  return kind === 'removed' && known?.isRemoval !== false;
}

function isNear(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) <= oneMoveMs;
}
