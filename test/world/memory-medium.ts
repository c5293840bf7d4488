import type { Clock } from '../../src/base/clock.ts';

/** One state of one name: what it held from a moment on. */
interface Version {
  /** Place in the order of all effects; what `rollback` goes back to. */
  readonly sequence: number;
  readonly atMs: number;
  /** Undefined: deleted. */
  readonly bytes: Uint8Array | undefined;
  /** Until then readers see only the first half. */
  readonly halfUntilMs: number;
}

interface LateEffect {
  readonly dueMs: number;
  readonly apply: () => void;
}

/** The hint stands among the objects under a name that no object can have. */
const hintKey = '.hint';

/** What several MemoryStore views share: every state every name ever had, so that any moment can be shown or returned to. */
export class MemoryMedium {
  readonly clock: Clock;
  #sequence = 0;
  readonly #versions = new Map<string, Version[]>();
  #sorted: string[] | undefined;
  #late: LateEffect[] = [];
  #wakes = 0;
  readonly #watchers = new Set<() => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** What a name holds, or held `staleMs` ago. */
  read(name: string, staleMs = 0): Uint8Array | undefined {
    this.#settle();
    const nowMs = this.clock.nowMs();
    const version = this.#versions.get(name)?.findLast((candidate) => candidate.atMs <= nowMs - staleMs);
    if (version?.bytes === undefined || nowMs >= version.halfUntilMs) return version?.bytes;
    return version.bytes.subarray(0, version.bytes.byteLength >> 1);
  }

  /** Puts bytes under a name, over whatever is there. For `halfVisibleMs` readers see half of them. */
  write(name: string, bytes: Uint8Array | undefined, halfVisibleMs = 0): void {
    const nowMs = this.clock.nowMs();
    this.#sequence += 1;
    let versions = this.#versions.get(name);
    if (versions === undefined) {
      versions = [];
      this.#versions.set(name, versions);
      this.#sorted = undefined;
    }
    versions.push({ sequence: this.#sequence, atMs: nowMs, bytes, halfUntilMs: halfVisibleMs === 0 ? 0 : nowMs + halfVisibleMs });
  }

  readHint(staleMs = 0): Uint8Array | undefined {
    return this.read(hintKey, staleMs);
  }

  writeHint(bytes: Uint8Array): void {
    this.write(hintKey, bytes);
    this.wake();
  }

  /** All names that hold something, in byte order; or held something `staleMs` ago. */
  names(prefix = '', staleMs = 0): string[] {
    this.#settle();
    this.#sorted ??= [...this.#versions.keys()].filter((name) => name !== hintKey).toSorted();
    return this.#sorted.filter((name) => name.startsWith(prefix) && this.read(name, staleMs) !== undefined);
  }

  /** Bytes in all objects. */
  sizeBytes(): number {
    return this.names().reduce((sum, name) => sum + (this.read(name)?.byteLength ?? 0), 0);
  }

  /** Does something when its time has come: seen by the first reader after that. */
  later(delayMs: number, apply: () => void): void {
    this.#late.push({ dueMs: this.clock.nowMs() + delayMs, apply });
  }

  /** A mark to go back to. */
  snapshot(): number {
    this.#settle();
    return this.#sequence;
  }

  /** The store as it was at the mark: everything later never happened, also what was still on its way. */
  rollback(mark: number): void {
    this.#late = [];
    for (const [name, versions] of this.#versions) {
      const kept = versions.filter((version) => version.sequence <= mark);
      if (kept.length === 0) this.#versions.delete(name);
      else this.#versions.set(name, kept);
    }
    this.#sorted = undefined;
  }

  /** A copy that goes its own way from here. */
  fork(): MemoryMedium {
    this.#settle();
    const copy = new MemoryMedium(this.clock);
    copy.#sequence = this.#sequence;
    for (const [name, versions] of this.#versions) copy.#versions.set(name, [...versions]);
    return copy;
  }

  /** How often `wake` was called. */
  get wakes(): number {
    return this.#wakes;
  }

  /** Resolves when there were more than `seen` wakes, or after `timeoutMs`; rejects with the signal's reason. */
  async watch(seen: number, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#wakes > seen) return;
    const done = new AbortController();
    const woken = new Promise<void>((resolve) => {
      const watcher = (): void => {
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
      done.signal.addEventListener('abort', watcher);
    });
    const either = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal]);
    const timeout = this.clock.sleep(timeoutMs, either);
    timeout.catch(() => {
      /* Whoever lost the race below is told to stop; nobody listens to it any more. */
    });
    try {
      await Promise.race([woken, timeout]);
    } finally {
      done.abort();
    }
  }

  /** Tells all watchers that something may be new. */
  wake(): void {
    this.#wakes += 1;
    for (const watcher of this.#watchers) watcher();
  }

  #settle(): void {
    const nowMs = this.clock.nowMs();
    const due = this.#late.filter((effect) => effect.dueMs <= nowMs);
    if (due.length === 0) return;
    this.#late = this.#late.filter((effect) => effect.dueMs > nowMs);
    for (const effect of due.toSorted((a, b) => a.dueMs - b.dueMs)) effect.apply();
  }
}
