/**
 * Keeps our icon in the tray of whoever shows icons. On Linux that may be somebody who comes later than an app that starts at login,
 * or starts anew: Chromium asks once whether anybody is there, and where not, its icon never appears.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MenuSource } from './tray-menu.ts';

/** An icon, wherever it is. */
export interface TrayIconShown {
  show(source: MenuSource): void;
  close(): void;
}

export interface TrayKeeperParts {
  /** Who shows icons now, by a name that no other one has had; undefined: nobody. */
  readonly find: () => Promise<string | undefined>;
  /** undefined where the system has no place for icons. */
  readonly make: () => TrayIconShown | undefined;
}

/** While a desktop starts, its parts come one after the other. */
const soonMs = 30_000;
const lookSoonMs = 500;
const lookLaterMs = 30_000;

export class TrayKeeper {
  readonly #parts: TrayKeeperParts;
  readonly #beganMs = performance.now();
  readonly #ending = new AbortController();
  readonly #found = Promise.withResolvers<boolean>();
  #by: string | undefined;
  #icon: TrayIconShown | undefined;
  #source: MenuSource | undefined;

  constructor(parts: TrayKeeperParts) {
    this.#parts = parts;
    void this.#watch();
  }

  /** Whether anybody shows our icon, now or within this time. */
  async isSeen(withinMs: number): Promise<boolean> {
    const late = sleep(withinMs, false, { signal: this.#ending.signal, ref: false }).catch(() => false);
    return Promise.race([this.#found.promise, late]);
  }

  show(source: MenuSource): void {
    this.#source = source;
    this.#icon?.show(source);
  }

  close(): void {
    this.#ending.abort();
    this.#icon?.close();
    this.#icon = undefined;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const by = await this.#parts.find();
      if (!signal.aborted) this.#take(by);
      const isSoon = this.#by === undefined && performance.now() - this.#beganMs < soonMs;
      await sleep(isSoon ? lookSoonMs : lookLaterMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  #take(by: string | undefined): void {
    if (by !== undefined) this.#found.resolve(true);
    // Also where nobody is found: older desktops have trays that can't be asked.
    if (this.#icon !== undefined && (by === undefined || by === this.#by)) return;
    this.#by = by;
    this.#icon?.close();
    this.#icon = this.#parts.make();
    if (this.#source !== undefined) this.#icon?.show(this.#source);
  }
}
