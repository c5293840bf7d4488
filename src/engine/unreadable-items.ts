import { topPath, type DiskPath } from '../disk/disk.ts';
import { Failure } from '../base/failure.ts';
import { displayName } from '../model/name.ts';
import type { EngineParts } from './engine-parts.ts';

/**
 * Keeps the list of problems saying which folders can't be looked into: what is in them stays as it was known, and the
 * folder is not in sync while it is unknown. A folder leaves the list when it is listed again, or is no longer met. And so
 * for files of ignore rules that can't be known.
 */
export class UnreadableItems {
  readonly #parts: EngineParts;
  /** Noted by earlier scans, and not met by this one so far. */
  readonly #known: Set<string>;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#known = new Set(parts.index.problems.pathsWith('E_UNREADABLE'));
  }

  /** Whether an earlier scan noted that, and this one has not met it so far. */
  has(path: DiskPath): boolean {
    return this.#known.has(path);
  }

  /** Throws E_FOLDER_MISSING for the synced folder itself: nothing at all is known then. */
  noteFolder(path: DiskPath): void {
    if (path === topPath)
      throw new Failure('E_FOLDER_MISSING', 'the synced folder can not be read', {
        action: 'check its rights; nothing was removed',
      });
    this.note(path, new Failure('E_UNREADABLE', 'this folder can not be read: what is in it is not synced'));
  }

  /** @param failure E_UNREADABLE. */
  note(path: DiskPath, { code, message, action }: Failure): void {
    const { index, clock } = this.#parts;
    index.problems.replace({ node: undefined, path, code, message, action, sinceMs: clock.nowMs() });
    if (!this.#known.delete(path)) this.#parts.emit({ event: 'problem', code, path: displayName(path), message, action });
  }

  /** It was read. */
  clear(path: DiskPath): void {
    if (this.#known.size > 0 && this.#known.delete(path)) this.#parts.index.problems.clear(path, 'E_UNREADABLE');
  }

  /** After a look at everything: what was not met is no longer there. */
  clearUnmet(): void {
    for (const path of this.#known) this.#parts.index.problems.clear(path, 'E_UNREADABLE');
    this.#known.clear();
  }
}
