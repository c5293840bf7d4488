import type { Clock } from '../../base/clock.ts';

import { type FSWatcher, watch } from 'node:fs';
import { hintName } from '../object-name.ts';

const giveUpAfterMs = 30_000;

/**
 * Tells when the hint file of a folder changes. A network share tells nothing of what others do there: then every wait
 * ends by its time, which is a poll.
 */
export class FolderWatch {
  readonly #clock: Clock;
  readonly #dir: string;
  #watcher: FSWatcher | undefined;
  #changes = 0;
  #changesTold = 0;
  readonly #waiting = new Set<() => void>();

  constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
  }

  /** Resolves when the hint changed since the last call returned, or after a while. */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    this.#watcher ??= this.#begin();
    if (this.#changes === this.#changesTold) await this.#change(signal);
    this.#changesTold = this.#changes;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#wake();
  }

  async #change(signal: AbortSignal | undefined): Promise<void> {
    const woken = new AbortController();
    const onChange = (): void => {
      woken.abort();
    };
    this.#waiting.add(onChange);
    try {
      await this.#clock.sleep(giveUpAfterMs, signal === undefined ? woken.signal : AbortSignal.any([woken.signal, signal]));
    } catch (error) {
      signal?.throwIfAborted();
      if (!woken.signal.aborted) throw error;
    } finally {
      this.#waiting.delete(onChange);
    }
  }

  #begin(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#dir, { persistent: false }, (_event, file) => {
        // Some platforms name no file.
        if (file !== null && file !== hintName) return;
        this.#changes += 1;
        this.#wake();
      });
      watcher.on('error', () => {
        watcher.close();
        this.#watcher = undefined;
      });
      return watcher;
    } catch {
      return undefined;
    }
  }

  #wake(): void {
    for (const onChange of this.#waiting) onChange();
  }
}
