/**
 * The agent at work: everything that may ask for a pass ends here, and passes follow each other. Hints and news only say
 * where and when to look; what is to be done is in the index.
 */
import { Failure, type FailureCode } from '../base/failure.ts';
import type { DiskPath } from '../disk/disk.ts';
import type { HintKind } from '../disk/watch/watch-folder.ts';
import type { AgentEvent } from './agent-event.ts';
import { Backoff } from './backoff.ts';
import { concernsVault } from './begin/concerns-vault.ts';
import { configNumber } from './profile/config-values.ts';
import type { Told } from '../engine/scan/observe.ts';
import type { Hints, Meanwhile } from '../engine/meanwhile.ts';
import { Errands, type Act } from './errands.ts';
import { HintBook } from './folder/hint-book.ts';
import { joinMoves } from './folder/join-moves.ts';
import { judgeShortRests, shortRests } from './folder/judge-short-rests.ts';
import type { Session } from './open-session.ts';
import { readPause, writePause, type Pause } from './profile/paused-setting.ts';
import { afterFailure, stateAfter } from './agent-state.ts';
import type { SyncState } from './show/read-status.ts';
import { RootWatch } from './folder/root-watch.ts';
import { WaitingPaths } from './folder/waiting-paths.ts';
import { watchStore } from './store/store-news.ts';
import { syncOnce, type SyncReport } from './sync-once.ts';
import { syncPaths } from './sync-paths.ts';
import { growHeap } from './threads/keep-heap-tight.ts';
import { shrinkHeap } from './threads/collect-garbage.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
/** A file that never rests is taken this often. */
const restlessMs = 30 * secondMs;
/** How often everything is looked at where the system lets us watch only some folders. */
const blindRescanMs = 5 * minuteMs;
/** A hint of the store can be lost: how often its journal is listed without one. */
const listingMs = 5 * minuteMs;
/** Nothing to do for so long: it is at rest, and gives back memory. */
const quietMs = 5 * secondMs;
/** How often an agent that waits for a person's decision looks whether it was made (by another process). */
const decisionMs = 2 * secondMs;

type Work = 'all' | Hints;

interface Request {
  readonly resolve: (report: SyncReport) => void;
  readonly reject: (error: unknown) => void;
}

export class AgentLoop {
  readonly #session: Session;
  readonly #emit: (event: AgentEvent) => void;
  readonly #hints: HintBook;
  readonly #watch: RootWatch;
  readonly #rescanMs: number;
  readonly #backoff: Backoff;
  readonly #requests: Request[] = [];
  readonly #errands = new Errands();
  #waking = new AbortController();
  #state: SyncState = 'pending';
  #hasNews = false;
  readonly #waiting: WaitingPaths;
  #pause: Pause | undefined;
  #allAtMs = 0;
  #listAtMs = 0;
  /** Nothing is tried before, except what a person asks for. */
  #retryAtMs = 0;
  #isBlindnessTold = false;
  #hasEnded = false;
  /** Ends a pass that nobody asked for. */
  #pausing = new AbortController();
  /** What the pass that goes on was given last to look at. */
  #takenLast: readonly DiskPath[] = [];
  /** Whether something failed in the middle of a pass that the next one is to end. */
  #isLookOwed = false;

  constructor(session: Session, emit: (event: AgentEvent) => void) {
    const { index, parts, settings } = session;
    const config = (name: 'settle.seconds' | 'rescan.minutes'): number => configNumber(settings.config, name) ?? 0;
    this.#session = session;
    this.#emit = emit;
    this.#waiting = new WaitingPaths(session);
    // What a person set is meant.
    const short = settings.config['settle.seconds'] === undefined ? shortRests : undefined;
    const times = { restMs: config('settle.seconds') * secondMs, patienceMs: restlessMs, short };
    this.#hints = new HintBook(times, (path) => concernsVault(parts, path));
    this.#rescanMs = config('rescan.minutes') * minuteMs;
    this.#backoff = new Backoff({ firstMs: secondMs, maxMs: 5 * minuteMs }, parts.random);
    this.#pause = readPause(index, parts.clock.nowMs());
    this.#watch = new RootWatch(settings.folder, (path, kind) => this.#hint(path, kind));
  }

  get state(): SyncState {
    if (this.#pause !== undefined && this.#state !== 'syncing') return 'paused';
    return this.#state === 'synced' && this.#waiting.count > 0 ? 'pending' : this.#state;
  }

  get pause(): Pause | undefined {
    return this.#pause;
  }

  /** A pass over everything, also while paused. Throws as `syncOnce`. */
  request(): Promise<SyncReport> {
    if (this.#hasEnded) return Promise.reject(ended());
    const { promise, resolve, reject } = Promise.withResolvers<SyncReport>();
    this.#requests.push({ resolve, reject });
    this.#wake();
    return promise;
  }

  /** A person decided something in the index: planned as soon as may be. */
  look(): void {
    this.#hasNews = true;
    this.#wake();
  }

  /**
   * Does something between two passes, also while paused; what it throws is thrown here and is no failure of the agent. 'soon': it may also
   * be done in the middle of a pass, between two batches.
   */
  perform<Result>(act: Act<Result>, when: 'soon' | 'late'): Promise<Result> {
    if (this.#hasEnded) return Promise.reject(ended());
    const done = this.#errands.add(act, when);
    this.#wake();
    return done;
  }

  /** undefined: goes on. */
  setPause(pause: Pause | undefined): void {
    if (this.#pause === undefined && pause === undefined) return;
    writePause(this.#session.index, pause);
    this.#pause = pause;
    this.#retryAtMs = 0;
    // What a person asked for comes to its end first.
    if (pause !== undefined && !this.#errands.isBusy) this.#endPass();
    this.#emit({ event: 'state', state: this.state });
    this.#wake();
  }

  #endPass(): void {
    this.#pausing.abort(new Failure('E_BUSY', 'paused', { action: '`cachette resume` goes on' }));
  }

  /** Works until the signal, then rejects with its reason. Throws what ends an agent: E_REVOKED, E_CLONED_DEVICE, E_INDEX_DAMAGED. */
  async run(signal: AbortSignal): Promise<never> {
    const stopping = new AbortController();
    const news = this.#watchStore(AbortSignal.any([signal, stopping.signal]));
    try {
      if (this.#pause !== undefined) this.#emit({ event: 'state', state: 'paused' });
      for (;;) {
        signal.throwIfAborted();
        this.#endPause();
        // Whatever one that failed had begun is ended by the next pass.
        if ((await this.#errands.run(signal)).isAnyFailed) this.#allAtMs = 0;
        await this.#judgeRests();
        const work = this.#nextWork();
        if (work === undefined) await this.#rest(signal);
        else await this.#work(work, signal);
      }
    } finally {
      stopping.abort();
      this.#watch.close();
      await news;
      this.#hasEnded = true;
      for (const { reject } of this.#requests) reject(ended());
      this.#errands.end(ended());
    }
  }

  #watchStore(signal: AbortSignal): Promise<void> {
    const { store, journal, parts, settings } = this.#session;
    const pollMs = (configNumber(settings.config, 'poll.seconds') ?? 30) * secondMs;
    const onNews = (): void => {
      this.#hasNews = true;
      // The store answers: no reason to wait any longer for it.
      if (this.#state === 'offline') this.#retryAtMs = 0;
      this.#wake();
    };
    return watchStore(
      { store, hasChanged: (aborted) => journal.changedSince(aborted), clock: parts.clock, random: parts.random, pollMs, onNews },
      signal,
    );
  }

  #hint(path: DiskPath | undefined, kind?: HintKind): void {
    const isSooner = this.#hints.add(path, this.#nowMs(), kind);
    if (this.#waiting.count === 0 && this.#hints.waiting > 0) {
      this.#waiting.note(this.#hints.waiting);
      if (this.state === 'pending') this.#tellState();
    }
    if (isSooner) this.#wake();
  }

  #unlooked(): number {
    return Math.max(this.#hints.waiting, this.#nowMs() >= this.#allAtMs ? 1 : 0);
  }

  /** One whose time is over. */
  #endPause(): void {
    if (this.#pauseLeftMs() <= 0) this.setPause(undefined);
  }

  /** Infinity where only a person ends it. */
  #pauseLeftMs(): number {
    return (this.#pause?.untilMs ?? Number.POSITIVE_INFINITY) - this.#session.parts.clock.nowMs();
  }

  async #judgeRests(): Promise<void> {
    if (this.#pause !== undefined || this.#nowMs() < this.#retryAtMs) return;
    await judgeShortRests(this.#hints, this.#session.parts, () => this.#nowMs());
    await joinMoves(this.#hints, this.#session.parts, this.#nowMs());
  }

  /** What is to be done now, if anything. */
  #nextWork(): Work | undefined {
    const { index, parts } = this.#session;
    const nowMs = this.#nowMs();
    if (this.#requests.length > 0) return 'all';
    if (this.#pause !== undefined || nowMs < this.#retryAtMs) return undefined;
    if (nowMs >= this.#allAtMs) return 'all';
    const told = this.#told();
    const due = this.#hints.takeDue(nowMs);
    if (due === 'anywhere') return 'all';
    const released = index.dirty.releaseHeld(parts.clock.nowMs());
    const isDecided = this.#state === 'held' && !index.massChange.hasHeld();
    const isFailing = this.#retryAtMs > 0;
    return due.length > 0 || released > 0 || this.#hasNews || isDecided || isFailing || nowMs >= this.#listAtMs
      ? { paths: due, ...told }
      : undefined;
  }

  /** What the watch says was removed, and not moved away (nothing where it does not hear of everything), and where it tells of what still rests. */
  #told(): Told {
    return { removed: this.#watch.isPartial ? new Set() : this.#hints.removals(), resting: () => this.#hints.paths() };
  }

  /** What has come to rest while a pass goes on. Where so much was told that everything is to be looked at, that follows. */
  #meanwhile(signal: AbortSignal): Meanwhile {
    return async (moment) => {
      signal.throwIfAborted();
      const wasOwed = this.#isLookOwed;
      // Also where it never returns.
      this.#isLookOwed = true;
      const { isAnyDone, isAnyFailed } = await this.#errands.run(signal, moment);
      this.#isLookOwed = wasOwed || isAnyFailed;
      if (this.#pause !== undefined) this.#endPass();
      await this.#judgeRests();
      const told = this.#told();
      this.#takenLast = this.#hints.takeDuePaths(this.#nowMs());
      return { paths: this.#takenLast, ...told, hasActed: isAnyDone };
    };
  }

  /** Until something may be to be done. */
  async #rest(signal: AbortSignal): Promise<void> {
    const { index, parts } = this.#session;
    this.#waiting.note(this.#unlooked());
    const nowMs = this.#nowMs();
    const heldMs = index.dirty.nextReleaseMs();
    const dueMs = [
      this.#allAtMs,
      this.#listAtMs,
      this.#hints.nextDueMs(),
      heldMs === undefined ? undefined : nowMs + heldMs - parts.clock.nowMs(),
    ];
    if (this.#state === 'held') dueMs.push(nowMs + decisionMs);
    const nextMs = Math.max(Math.min(...dueMs.filter((ms) => ms !== undefined)), this.#retryAtMs);
    const pausedMs = Math.min(minuteMs, Math.max(this.#pauseLeftMs(), 1));
    const restMs = this.#pause !== undefined ? pausedMs : Math.min(Math.max(nextMs - nowMs, 1), 10 * minuteMs);
    const woken = AbortSignal.any([signal, this.#waking.signal]);
    try {
      await parts.clock.sleep(Math.min(restMs, quietMs), woken);
      if (restMs > quietMs) {
        shrinkHeap();
        await parts.clock.sleep(restMs - quietMs, woken);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!this.#waking.signal.aborted) throw error;
    }
    this.#waking = new AbortController();
  }

  async #work(work: Work, signal: AbortSignal): Promise<void> {
    const requests = this.#requests.splice(0);
    this.#hasNews = false;
    this.#pausing = new AbortController();
    this.#takenLast = [];
    const passing = requests.length > 0 ? signal : AbortSignal.any([signal, this.#pausing.signal]);
    try {
      this.#waiting.note(Math.max(this.#waiting.count, 1));
      if (this.#state !== 'syncing') this.#become('syncing');
      const report =
        work === 'all'
          ? await this.#syncAll(passing, requests.length > 0)
          : await syncPaths(this.#session, { hints: work, meanwhile: this.#meanwhile(passing) }, passing);
      this.#succeeded(report);
      for (const { resolve } of requests) resolve(report);
    } catch (error) {
      for (const { reject } of requests) reject(error);
      signal.throwIfAborted();
      this.#keep(work);
      if (passing.aborted) this.#become('pending');
      else this.#failed(error);
    } finally {
      // What was brought is in place: what comes may leave much for the collector.
      growHeap('tight');
    }
  }

  /** What was to be looked at still is. */
  #keep(work: Work): void {
    if (work === 'all') this.#allAtMs = 0;
    this.#payLook();
    for (const path of [...(work === 'all' ? [] : work.paths), ...this.#takenLast]) this.#hints.add(path, this.#nowMs());
    this.#hasNews = true;
  }

  #payLook(): void {
    if (this.#isLookOwed) this.#allAtMs = 0;
    this.#isLookOwed = false;
  }

  async #syncAll(signal: AbortSignal, isAsked: boolean): Promise<SyncReport> {
    // First the watch, then the look: what changes in between is hinted at.
    await this.#watch.begin();
    // Whoever asks wants what is there now, rested or not.
    if (isAsked) this.#hints.clear();
    const report = await syncOnce(this.#session, signal, { meanwhile: this.#meanwhile(signal) });
    this.#allAtMs = this.#nowMs() + this.#rescanMs;
    return isAsked ? this.#syncChanged(report, signal) : report;
  }

  /** What changed while it ran, which is mostly what it did itself. */
  async #syncChanged(report: SyncReport, signal: AbortSignal): Promise<SyncReport> {
    const told = this.#told();
    const changed = this.#hints.takeAll(this.#nowMs());
    if (changed === 'anywhere') this.#hint(undefined);
    return changed === 'anywhere' || changed.length === 0
      ? report
      : syncPaths(this.#session, { hints: { paths: changed, ...told }, meanwhile: this.#meanwhile(signal) }, signal);
  }

  /** What the system does not tell is looked for more often, and a person hears of it once. */
  #mindBlindness(): void {
    if (!this.#watch.isPartial) return;
    this.#allAtMs = Math.min(this.#allAtMs, this.#nowMs() + blindRescanMs);
    if (this.#isBlindnessTold) return;
    this.#isBlindnessTold = true;
    const message =
      'not every folder can be watched (fs.inotify.max_user_watches on Linux): changes in the others are found by looking, every few minutes';
    this.#emit({ event: 'notice', message });
  }

  #succeeded(report: SyncReport): void {
    this.#backoff.reset();
    this.#retryAtMs = 0;
    this.#payLook();
    this.#listAtMs = this.#nowMs() + listingMs;
    this.#mindBlindness();
    this.#waiting.note(this.#unlooked());
    this.#become(stateAfter(report), { code: report.integrityCodes[0] ?? (report.held > 0 ? 'E_BULK_CHANGE' : undefined) });
  }

  #failed(error: unknown): void {
    const { end, state, code, isAway, slowMs } = afterFailure(error);
    if (end) throw error;
    this.#session.log.failure('pass failed', error);
    if (!isAway) {
      // A root that went away has to be watched anew.
      this.#watch.close();
      this.#allAtMs = 0;
    }
    this.#retryAtMs = this.#nowMs() + Math.max(this.#backoff.nextMs(), slowMs);
    this.#become(state, { code, error });
  }

  #become(state: SyncState, why: { readonly code?: FailureCode | undefined; readonly error?: unknown } = {}): void {
    this.#state = state;
    this.#tellState(why);
  }

  #tellState({ code, error }: { readonly code?: FailureCode | undefined; readonly error?: unknown } = {}): void {
    const said = error instanceof Failure ? { message: error.message, action: error.action } : {};
    this.#emit({ event: 'state', state: this.state, ...(code === undefined ? {} : { code }), ...said });
  }

  #nowMs(): number {
    return this.#session.parts.clock.monotonicMs();
  }

  #wake(): void {
    this.#waking.abort();
  }
}

function ended(): Failure {
  return new Failure('E_BUSY', 'the running agent ended', { action: 'try again' });
}
