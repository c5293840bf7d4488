import { watchFolder, type FolderWatch, type OnHint } from '../../disk/watch/watch-folder.ts';

/** The watch over a synced folder that can be begun anew: one that was taken away and came back is another one. */
export class RootWatch {
  readonly #rootDir: string;
  readonly #onHint: OnHint;
  #watch: FolderWatch | undefined;
  #isRefused = false;

  constructor(rootDir: string, onHint: OnHint) {
    this.#rootDir = rootDir;
    this.#onHint = onHint;
  }

  /** Whether the system lets us watch only some of the folders. */
  get isPartial(): boolean {
    return this.#isRefused || this.#watch?.isPartial === true;
  }

  /** Watches, unless it does already. What changes after this is hinted at, as far as the system can tell. */
  async begin(): Promise<void> {
    if (this.#watch !== undefined) return;
    try {
      this.#watch = watchFolder(this.#rootDir, this.#onHint);
      this.#isRefused = false;
      await this.#watch.ready;
    } catch {
      this.#isRefused = true;
    }
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }
}
