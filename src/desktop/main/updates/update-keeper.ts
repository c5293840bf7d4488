/** Looks for updates now and then, fetches them, and installs one when a person says so: never by itself, never while a sync writes. */
import { z } from 'zod';
import type { ToldUpdates } from '../../../control/acts/shell-acts.ts';
import type { StateFile } from '../state-file.ts';
import { fetchSmall, type Fetch } from './fetch-feed.ts';
import { signatureMaxBytes } from './feed-signature.ts';
import { judgeFeed, type FeedWord } from './judge-feed.ts';
import type { PackageUpdater } from './package-updater.ts';
import { fileFor, metadataMaxBytes, type Release } from './release.ts';
import type { UpdateTrust } from './update-trust.ts';
import { metadataName, type UpdateWay } from './update-way.ts';

/** What is remembered of feeds: when the latest that was believed was signed. */
export const seenFeedShape = z.strictObject({ seenMs: z.number() });
export type SeenFeed = z.output<typeof seenFeedShape>;

export interface UpdateParts {
  readonly trust: UpdateTrust | undefined;
  readonly way: UpdateWay;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly fetch: Fetch;
  readonly seen: Pick<StateFile<SeenFeed>, 'read' | 'write'>;
  /** The person's word. */
  readonly isWanted: () => boolean;
  /** Whether a sync is writing now. */
  readonly isWriting: () => boolean;
  readonly makeUpdater: (way: Extract<UpdateWay, { is: 'by-itself' }>) => PackageUpdater;
  readonly onChange: () => void;
  /** Puts everything away, then installs and ends. */
  readonly restart: (install: () => void) => void;
  readonly nowMs: () => number;
}

const firstLookMs = 60_000;
const lookEveryMs = 6 * 60 * 60_000;

export class UpdateKeeper {
  readonly #parts: UpdateParts;
  #state: ToldUpdates = { is: 'not-looked' };
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #updater: PackageUpdater | undefined;
  #stopping = new AbortController();

  constructor(parts: UpdateParts) {
    this.#parts = parts;
  }

  get told(): ToldUpdates {
    const why = this.#offReason();
    return why === undefined ? this.#state : { is: 'off', why };
  }

  start(): void {
    this.#timer = setTimeout(() => this.#lookByItself(), firstLookMs);
  }

  /** Looks now; resolves when it is known how things stand, never rejects. Contacts nobody where updates are off. */
  async look(): Promise<void> {
    if (this.#offReason() !== undefined) return;
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  /** The person's word may be another: what is being fetched is given up. */
  heedPreferences(): void {
    if (this.#offReason() === undefined) return;
    this.#stopping.abort();
    this.#stopping = new AbortController();
    this.#become({ is: 'not-looked' });
  }

  /** A person wants the new version; `now`: without waiting for a sync that writes. */
  install({ now }: { readonly now: boolean }): void {
    const { told } = this;
    if (told.is !== 'ready' && told.is !== 'waiting') return;
    this.#become({ is: 'waiting', version: told.version });
    if (now) this.#restart();
    else this.heedSync();
  }

  /** A sync may have come to rest. */
  heedSync(): void {
    if (this.told.is === 'waiting' && !this.#parts.isWriting()) this.#restart();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stopping.abort();
  }

  #restart(): void {
    const updater = this.#updater;
    if (updater !== undefined) this.#parts.restart(() => updater.install());
  }

  #lookByItself(): void {
    void this.look();
    this.#timer = setTimeout(() => this.#lookByItself(), lookEveryMs);
  }

  #offReason(): Extract<ToldUpdates, { is: 'off' }>['why'] | undefined {
    const { trust, way, isWanted } = this.#parts;
    if (trust === undefined) return 'no-key';
    if (way.is === 'none') return 'no-package';
    return isWanted() ? undefined : 'not-wanted';
  }

  async #lookOnce(): Promise<void> {
    const { trust, nowMs } = this.#parts;
    const before = this.#state;
    if (trust === undefined || before.is === 'waiting') return;
    const { signal } = this.#stopping;
    if (before.is !== 'ready') this.#become({ is: 'looking' });
    try {
      const word = await this.#ask(trust, signal);
      const at = new Date(nowMs()).toISOString();
      if (word.is === 'refused') this.#fail(before, word.why);
      else {
        this.#parts.seen.write({ seenMs: word.signedMs });
        if (word.is === 'current') this.#become({ is: 'current', at });
        else await this.#take(trust, word, signal);
      }
    } catch {
      if (!signal.aborted) this.#fail(before, 'unreachable');
    }
  }

  /** What was fetched and checked before is as good as it was. */
  #fail(before: ToldUpdates, why: Extract<ToldUpdates, { is: 'failed' }>['why']): void {
    this.#become(before.is === 'ready' ? before : { is: 'failed', why, at: new Date(this.#parts.nowMs()).toISOString() });
  }

  /** Throws where the feed can't be had. */
  async #ask({ feed, keys }: UpdateTrust, signal: AbortSignal): Promise<FeedWord> {
    const { fetch, platform, arch, version, seen, nowMs } = this.#parts;
    const file = metadataName(platform, arch);
    const metadata = await fetchSmall(fetch, `${feed}${file}`, metadataMaxBytes, signal);
    const signature = await fetchSmall(fetch, `${feed}${file}.sig`, signatureMaxBytes, signal);
    return judgeFeed({ file, metadata, signature, keys, version, seenMs: seen.read()?.seenMs, nowMs: nowMs() });
  }

  async #take(
    { feed }: UpdateTrust,
    { release, signedMs }: { readonly release: Release; readonly signedMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { way, arch, makeUpdater, nowMs } = this.#parts;
    const { version } = release;
    if (this.#state.is === 'ready' && this.#state.version === version) return;
    const at = new Date(nowMs()).toISOString();
    if (way.is !== 'by-itself') {
      this.#become({ is: 'newer', version, at });
      return;
    }
    const file = fileFor(release, way.ending, arch);
    if (file === undefined) {
      this.#become({ is: 'failed', why: 'senseless', at });
      return;
    }
    this.#become({ is: 'downloading', version, percent: 0 });
    this.#updater ??= makeUpdater(way);
    try {
      await this.#updater.download({ version, feed, file, signedMs }, (fraction) => this.#hear(version, fraction), signal);
      if (!signal.aborted) this.#become({ is: 'ready', version });
    } catch {
      if (!signal.aborted) this.#become({ is: 'failed', why: 'not-fetched', at });
    }
  }

  #hear(version: string, fraction: number): void {
    const percent = Math.min(100, Math.floor(fraction * 100));
    // Told as often as it can be seen.
    if (this.#state.is === 'downloading' && this.#state.percent !== percent) this.#become({ is: 'downloading', version, percent });
  }

  #become(state: ToldUpdates): void {
    this.#state = state;
    this.#parts.onChange();
  }
}
