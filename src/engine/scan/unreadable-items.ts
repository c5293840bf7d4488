import { topPath, type DiskPath } from '../../disk/disk.ts';
import { Failure, type FailureCode } from '../../base/failure.ts';
import { displayName } from '../../model/name.ts';
import type { EngineParts } from '../engine-parts.ts';

/** Codes of what is noted here. */
const codes: readonly FailureCode[] = ['E_UNREADABLE', 'E_UNSAFE_NAME'];

/**
 * Keeps the list of problems saying which folders can't be looked into: what is in them stays as it was known, and the
 * folder is not in sync while it is unknown. A folder leaves the list when it is listed again, or is no longer met. And so
 * for files of ignore rules that can't be known, for items of which the disk says nothing, and for names that nothing may
 * be done with.
 */
export class UnreadableItems {
  readonly #parts: EngineParts;
  /** Noted by earlier scans, and not met by this one so far; with its code. */
  readonly #known = new Map<string, FailureCode>();

  constructor(parts: EngineParts) {
    this.#parts = parts;
    for (const code of codes) for (const path of parts.index.problems.pathsAloneWith(code)) this.#known.set(path, code);
  }

  /** Whether earlier scans noted anything that this one has not met so far. */
  get hasAny(): boolean {
    return this.#known.size > 0;
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

  /** The disk does not say what stands there. */
  noteUnknown(path: DiskPath): void {
    const action = 'check the disk (or what is mounted there); it is tried again by itself';
    this.note(path, new Failure('E_UNREADABLE', 'the disk does not say what this is: it stays as it was known', { action }));
  }

  /** Nothing is ever done under such a name; `fault` continues "its name". */
  noteName(path: DiskPath, fault: string): void {
    this.note(path, new Failure('E_UNSAFE_NAME', `its name ${fault}: it is not synced`, { action: 'rename it, or move it elsewhere' }));
  }

  /** @param failure E_UNREADABLE or E_UNSAFE_NAME. */
  note(path: DiskPath, { code, message, action }: Failure): void {
    const { index, clock } = this.#parts;
    index.problems.replace({ node: undefined, path, code, message, action, sinceMs: clock.nowMs() });
    if (!this.#known.delete(path)) this.#parts.emit({ event: 'problem', code, path: displayName(path), message, action });
  }

  /** It was read. */
  clear(path: DiskPath): void {
    const code = this.#known.get(path);
    if (code === undefined) return;
    this.#known.delete(path);
    this.#parts.index.problems.clear(path, code);
  }

  /** After a look at everything: what was not met is no longer there. */
  clearUnmet(): void {
    for (const [path, code] of this.#known) this.#parts.index.problems.clear(path, code);
    this.#known.clear();
  }
}
